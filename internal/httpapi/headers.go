package httpapi

import (
	"net/http"
	"strings"
)

// always are the headers of every answer.
var always = [][2]string{
	{"Cache-Control", "no-store"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
}

// httpsOnly makes browsers insist on https for two years.
var httpsOnly = [2]string{"Strict-Transport-Security", "max-age=63072000"}

func (s *server) headers(next http.Handler) http.Handler {
	table := always
	if strings.HasPrefix(s.URL, "https:") {
		table = append(table[:len(table):len(table)], httpsOnly)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, h := range table {
			w.Header().Set(h[0], h[1])
		}
		next.ServeHTTP(w, r)
	})
}
