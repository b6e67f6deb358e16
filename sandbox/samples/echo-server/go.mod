module echo-server

go 1.23
