package liar

import (
	"fmt"
	"net/http"
	"strings"
)

// Control lets another program say what the proxy does: POST /honest or /{lie} tells that lie
// from now on, GET / lists the names of the lies, GET /told says how often the lie was told.
func (p *Proxy) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{lie}", func(w http.ResponseWriter, r *http.Request) {
		lie, known := Named(r.PathValue("lie"))
		if !known {
			http.Error(w, "no such lie", http.StatusNotFound)
			return
		}
		p.Tell(lie)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		names := make([]string, len(Lies))
		for i, l := range Lies {
			names[i] = l.Name
		}
		fmt.Fprintln(w, strings.Join(names, "\n"))
	})
	mux.HandleFunc("GET /told", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, p.Told()) })
	return mux
}
