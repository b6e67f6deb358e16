// echo-server answers every request with what it received, as JSON.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"
)

// Change it, commit and push a release tag to see a release travel.
const message = "hello from echo-server"

type answer struct {
	Message string `json:"message"`
	Pod     string `json:"pod"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Query   string `json:"query,omitempty"`
}

func main() {
	pod, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		echo := answer{Message: message, Pod: pod, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery}
		if err := json.NewEncoder(w).Encode(echo); err != nil {
			log.Print(err)
		}
	})
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Print("listening on ", server.Addr)
	log.Fatal(server.ListenAndServe())
}
