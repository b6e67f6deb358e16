module greeter

go 1.23
