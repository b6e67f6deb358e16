// greeter says hello.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

// Change it, commit and push a release tag to see a release travel.
const defaultGreeting = "Hello"

func main() {
	greeting := os.Getenv("GREETING")
	if greeting == "" {
		greeting = defaultGreeting
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		if name == "" {
			name = "world"
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "%s, %s!\n", greeting, name)
	})
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Print("listening on ", server.Addr)
	log.Fatal(server.ListenAndServe())
}
