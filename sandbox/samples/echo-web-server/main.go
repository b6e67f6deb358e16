// echo-web-server shows what echo-server answers on a web page.
package main

import (
	"html/template"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

// Change it, commit and push a release tag to see a release travel.
const title = "Echo"

var page = template.Must(template.New("page").Parse(`<!doctype html>
<title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<p>{{.Backend}} says:</p>
<pre>{{.Answer}}</pre>
`))

func main() {
	backend := os.Getenv("ECHO_SERVER_URL")
	if backend == "" {
		backend = "http://echo-server"
	}
	client := &http.Client{Timeout: 3 * time.Second}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer, err := ask(client, backend)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		data := struct{ Title, Backend, Answer string }{title, backend, answer}
		if err := page.Execute(w, data); err != nil {
			log.Print(err)
		}
	})
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Print("listening on ", server.Addr, ", backend ", backend)
	log.Fatal(server.ListenAndServe())
}

func ask(client *http.Client, url string) (string, error) {
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	return string(answer), err
}
