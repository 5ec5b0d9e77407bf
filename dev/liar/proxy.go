package liar

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Proxy stands before a service and passes everything on, but for what its lie is about. It is
// for loopback, and safe for concurrent use.
type Proxy struct {
	service *httputil.ReverseProxy
	mu      sync.Mutex
	lie     Lie // guarded by mu
	told    int // guarded by mu

	followed []string // guarded by mu
}

// New makes an honest proxy before the service at an address.
func New(service string) (*Proxy, error) {
	at, err := url.Parse(service)
	if err != nil {
		return nil, fmt.Errorf("reading the service's address: %w", err)
	}
	p := &Proxy{lie: Honest}
	p.service = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(at)
			r.Out.Host = r.In.Host // a page is of the origin that it was asked for at
			if lie, about := lieOf(r.In.Context()); about && lie.Change != nil {
				r.Out.Header.Del("Accept-Encoding")
			}
		},
		ModifyResponse: modify,
		FlushInterval:  -1, // pokes are not held back
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	return p, nil
}

// Tell tells a lie from now on; Honest ends it.
func (p *Proxy) Tell(l Lie) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lie, p.told, p.followed = l, 0, nil
}

// Told says how often the lie was told: one that nobody has heard proves nothing.
func (p *Proxy) Told() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told
}

// Followed are the requests that came after the lie was told and would change something at the
// service: method and path.
func (p *Proxy) Followed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.followed)
}

// changes reports whether a request changes anything at the service but its log.
func changes(method, path string) bool {
	return method != http.MethodGet && !strings.HasSuffix(path, "/readings") && !strings.HasSuffix(path, "/audit/checkpoint")
}

type lieKey struct{}

func lieOf(ctx context.Context) (Lie, bool) {
	l, ok := ctx.Value(lieKey{}).(Lie)
	return l, ok
}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lie, about := p.take(r)
	if about && lie.Withholds {
		_, _ = io.Copy(io.Discard, r.Body) // who has gone need not be told
		status, answer := lie.Change(0, nil)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(answer)
		return
	}
	if about {
		r = r.WithContext(context.WithValue(r.Context(), lieKey{}, lie))
	}
	p.service.ServeHTTP(w, r)
}

// take returns the lie, and counts it if the request is one that it is about.
func (p *Proxy) take(r *http.Request) (lie Lie, about bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told > 0 && changes(r.Method, r.URL.Path) {
		p.followed = append(p.followed, r.Method+" "+r.URL.Path)
	}
	if about = p.lie.About(r.Method, r.URL.Path); about {
		p.told++
	}
	return p.lie, about
}

// modify changes an answer that a lie is about.
func modify(resp *http.Response) error {
	r := resp.Request
	lie, about := lieOf(r.Context())
	switch {
	case !about || resp.StatusCode/100 != 2:
	case lie.Spoil != nil:
		from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64) // 0 if it does not say
		resp.Body = &spoiling{ReadCloser: resp.Body, spoil: lie.Spoil, at: from}
	case strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json"):
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			return fmt.Errorf("reading an answer: %w", err)
		}
		_ = resp.Body.Close() // it was read
		resp.StatusCode, answer = lie.Change(resp.StatusCode, answer)
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
		resp.Header.Set("Content-Length", strconv.Itoa(len(answer)))
	}
	return nil
}

// spoiling is a stream that is changed as it goes by.
type spoiling struct {
	io.ReadCloser
	spoil func(piece []byte, at int64)
	at    int64
}

func (s *spoiling) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.spoil(p[:n], s.at)
	s.at += int64(n)
	return n, err
}
