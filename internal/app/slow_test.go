package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/internal/app"
)

// slowServer answers with the length of the body, on a real socket.
func slowServer(t *testing.T) string {
	t.Helper()
	const short = 300 * time.Millisecond
	s := app.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/large" {
			block := bytes.Repeat([]byte("x"), 1<<20)
			for range 256 { // more than any buffer on the way
				if _, err := w.Write(block); err != nil {
					return
				}
			}
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		fmt.Fprintf(w, "%d", len(body))
	}), short, 2*short, 3*short, short)
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed with the server
	must(t, err)
	go s.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// Clients that say or hear too slowly are cut off, each by the limit for what it does, while
// others are answered.
func TestSlowClients(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: localhost\r\n"
	for name, c := range map[string]struct {
		first string
		drip  string        // sent again and again
		every time.Duration // between two
	}{
		"says nothing":        {"", "", 0},
		"drips headers":       {head, "X-A: b\r\n", 50 * time.Millisecond},
		"stops in its header": {head + "X-A: ", "", 0},
		"drips a body":        {head + "Content-Length: 1000000\r\n\r\n", "x", 50 * time.Millisecond},
		"drips chunks":        {head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 50 * time.Millisecond},
		"stays idle":          {head + "Content-Length: 0\r\n\r\n", "", 0},
		"does not listen":     {"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := slowServer(t)
			conn, err := net.Dial("tcp", address) //nolint:noctx // closed below
			must(t, err)
			defer conn.Close() //nolint:errcheck // it was cut off
			_, err = io.WriteString(conn, c.first)
			must(t, err)
			if name == "does not listen" {
				time.Sleep(2 * time.Second)
			}
			stop := make(chan struct{})
			defer close(stop)
			if c.drip != "" {
				go func() {
					for {
						select {
						case <-stop:
							return
						case <-time.After(c.every):
							if _, err := io.WriteString(conn, c.drip); err != nil {
								return
							}
						}
					}
				}()
			}
			resp, err := http.Post("http://"+address, "text/plain", strings.NewReader("abc")) //nolint:noctx // answered at once
			must(t, err)
			text, err := io.ReadAll(resp.Body)
			must(t, errors.Join(err, resp.Body.Close()))
			if string(text) != "3" {
				t.Errorf("another client got %q", text)
			}
			must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
			n, err := io.Copy(io.Discard, conn)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Error("it is still there")
			}
			if name == "does not listen" && n >= 256<<20 {
				t.Errorf("it heard all %d bytes", n)
			}
		})
	}
}

func TestHeadersAreBounded(t *testing.T) {
	conn, err := net.Dial("tcp", slowServer(t)) //nolint:noctx // closed below
	must(t, err)
	defer conn.Close()                                                                                          //nolint:errcheck // it was cut off
	go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: "+strings.Repeat("a", 1<<20)+"\r\n\r\n") //nolint:errcheck // it is cut off
	must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	line := make([]byte, len("HTTP/1.1 431"))
	if _, err := io.ReadFull(conn, line); err != nil || string(line) != "HTTP/1.1 431" {
		t.Errorf("%q, %v", line, err)
	}
}
