package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"varco/dev/liar"
)

// lying is where the tests reach the service through a proxy that lies, and where they say how.
type lying struct {
	Address string `json:"address"`
	Control string `json:"control"` // see liar.Proxy.Control

	servers []*http.Server
}

// startLying stands an honest proxy before the service, at another port of the same host: the
// cookie of a session that was begun at the service is the proxy's too.
func startLying(ctx context.Context, service string) (*lying, error) {
	at, err := url.Parse(service)
	if err != nil {
		return nil, fmt.Errorf("reading the service's address: %w", err)
	}
	proxy, err := liar.New(service)
	if err != nil {
		return nil, err
	}
	l := &lying{}
	for _, one := range []struct {
		handler http.Handler
		address *string
	}{{proxy, &l.Address}, {proxy.Control(), &l.Control}} {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listening: %w", err), l.close())
		}
		server := &http.Server{Handler: one.handler, ReadHeaderTimeout: time.Minute}
		l.servers = append(l.servers, server)
		go func() { _ = server.Serve(listener) }() // until close
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		*one.address = at.Scheme + "://" + net.JoinHostPort(at.Hostname(), port)
	}
	return l, nil
}

func (l *lying) close() (err error) {
	for _, s := range l.servers {
		err = errors.Join(err, s.Close())
	}
	return err
}
