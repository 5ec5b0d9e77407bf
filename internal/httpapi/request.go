package httpapi

import (
	"context"
	"net/http"

	"varco/internal/ids"
	"varco/internal/session"
)

// requestHeader tells the client its request's identifier, to quote when reporting a problem.
const requestHeader = "X-Request-Id"

type fromKey struct{}

// fromOf says from which request something is asked; it is zero outside of one.
func fromOf(ctx context.Context) session.From {
	from, _ := ctx.Value(fromKey{}).(session.From)
	return from
}

// request gives the request its identifier. One that a client sends is not looked at.
func (s *server) request(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := session.From{Request: ids.NewRequest(s.Rand), Browser: session.BrowserOf(r.UserAgent())}
		w.Header().Set(requestHeader, string(from.Request))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), fromKey{}, from)))
	})
}
