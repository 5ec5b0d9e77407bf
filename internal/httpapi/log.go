package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"varco/internal/fault"
)

// accessLog notes each request by its route, never by its path: a path names a thread.
func (s *server) accessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := s.Now()
		s.Metrics.begun(1)
		answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			route := chi.RouteContext(r.Context()).RoutePattern()
			if route == "" {
				route = "none"
			}
			s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("request", string(fromOf(r.Context()).Request)),
				slog.String("method", method(r)),
				slog.String("route", route),
				slog.Int("status", answer.Status()),
				slog.Int("bytes", answer.BytesWritten()),
				slog.Int64("took_us", s.Now().Sub(begun).Microseconds()))
			s.Metrics.begun(-1)
			s.Metrics.answered(route, method(r), answer.Status(), s.Now().Sub(begun))
		}()
		next.ServeHTTP(answer, r)
	})
}

// method is one that we know: a client may send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions,
		http.MethodPatch:
		return r.Method
	}
	return "other"
}

// recovers answers for a handler that panicked.
func (s *server) recovers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // net/http's own way to break off
			}
			s.Log.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("request", string(fromOf(r.Context()).Request)),
				slog.String("kind", string(fault.Internal)),
				slog.String("error", fmt.Sprint(p)),
				slog.String("stack", string(debug.Stack())))
			if answer, ok := w.(middleware.WrapResponseWriter); !ok || answer.Status() == 0 {
				writeProblem(w, r, fault.Internal)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// report logs what is our fault or the machine's. A denial is neither, unless a policy failed
// behind it.
func (s *server) report(ctx context.Context, err error) {
	level := slog.LevelError
	kind := fault.KindOf(err)
	if _, known := problems[kind]; !known {
		kind = fault.Internal
	}
	switch {
	case kind == fault.Internal || within(err, fault.Internal): // also when the client is gone
	case errors.Is(ctx.Err(), context.Canceled):
		return
	case kind == fault.Unavailable, kind == fault.NotKnown:
		level = slog.LevelWarn
	default:
		return
	}
	s.Log.LogAttrs(ctx, level, "failed",
		slog.String("request", string(fromOf(ctx).Request)),
		slog.String("kind", string(kind)),
		slog.String("error", err.Error()))
}

// within reports whether an error of a kind is anywhere in err's chain.
func within(err error, kind fault.Kind) bool {
	var f *fault.Error
	for errors.As(err, &f) {
		if f.Kind == kind {
			return true
		}
		err = f.Unwrap()
	}
	return false
}
