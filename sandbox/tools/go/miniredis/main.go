// A Redis server that keeps everything in memory: the cache of a hosted Argo CD.
//
//	MINIREDIS_PASSWORD=… miniredis --address 127.0.0.1:6379
//
// It serves loopback addresses alone, asks for the password, and ends at SIGTERM or SIGINT.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const passwordVariable = "MINIREDIS_PASSWORD"

func main() {
	address := flag.String("address", "127.0.0.1:6379", "loopback address and port to serve")
	flag.Parse()
	if err := serve(*address, os.Getenv(passwordVariable)); err != nil {
		fmt.Fprintln(os.Stderr, "miniredis:", err)
		os.Exit(1)
	}
}

func serve(address, password string) error {
	if password == "" {
		return fmt.Errorf("%s is not set", passwordVariable)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--address %s is not a loopback address", address)
	}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)

	server := miniredis.NewMiniRedis()
	server.RequireAuth(password)
	if err := server.StartAddr(address); err != nil {
		return err
	}
	defer server.Close()
	fmt.Println("miniredis: serving", server.Addr())

	// The library is made for tests, so keys expire only when it is told that time has passed.
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-stop:
			return nil
		case now := <-ticker.C:
			server.FastForward(now.Sub(last))
			last = now
		}
	}
}
