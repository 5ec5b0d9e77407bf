package httpapi_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/internal/httpapi"
)

// One person's bodies have room in memory for two of the largest at once, whether they say how long
// they are or not. What others send has room of its own.
func TestBodiesAtOnce(t *testing.T) {
	w := newWorld(t)
	for who, length := range map[string]string{"anna": fmt.Sprintf("Content-Length: %d", httpapi.MaxEntryBodyBytes),
		"berta": "Transfer-Encoding: chunked"} {
		var ends []func()
		send := func() {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", w.Listener.Addr().String())
			must(t, err)
			ends = append(ends, func() { _ = conn.Close() })
			_, err = io.WriteString(conn, "POST /v1/entries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
				length+"\r\nAuthorization: Bearer "+w.tokens[who]+"\r\n\r\n")
			must(t, err)
		}
		// Nothing tells when the service has begun to read, or has ended: it is asked until it answers as
		// it should, and as long as it has room, another one is sent.
		want := func(limited bool) {
			t.Helper()
			var a answer
			for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
				if limited {
					send()
				}
				a = w.ask(t, who, http.MethodPost, "/v1/entries", strings.Repeat(" ", 5<<20))
				if (a.status == http.StatusTooManyRequests) == limited {
					return
				}
			}
			t.Fatalf("%s: %d %s", who, a.status, a.body)
		}
		want(true)
		if a := w.ask(t, "bruna", http.MethodPost, "/v1/entries", strings.Repeat(" ", 5<<20)); a.status != http.StatusBadRequest {
			t.Errorf("%s: a colleague: %d %s", who, a.status, a.body)
		}
		if a := w.ask(t, who, http.MethodGet, "/v1/me", ""); a.status != http.StatusOK {
			t.Errorf("%s: what has no body: %d %s", who, a.status, a.body)
		}
		for _, end := range ends {
			end()
		}
		want(false)
	}
}
