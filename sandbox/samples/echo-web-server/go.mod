module echo-web-server

go 1.23
