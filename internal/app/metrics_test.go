package app_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/app"
	"varco/internal/ledger"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// The metrics are of routes, methods and statuses: nothing that a client sent, and no
// identifier of any kind, is in them.
func TestMetrics(t *testing.T) {
	p := newPlace(t)
	p.Metrics = "127.0.0.1:0"
	must(t, p.Migrate(t.Context()))
	_, err := p.ApplyNetwork(t.Context(), []byte("[[organisation]]\nid = \"o-bdra-43aj-k3ur-qkqn\"\nkind = \"centre\"\nname = \"CANARY\"\n"))
	must(t, err)
	a := p.start(t)
	for _, path := range []string{"/v1/service", "/CANARY", "/v1/threads/t-4kd9-wq7m-x2pn-8rce/readers?x=CANARY", "/v1/login/callback?state=CANARY"} {
		get(t, a.URL()+path)
	}
	r, err := http.NewRequestWithContext(t.Context(), "CANARY", a.URL()+"/v1/me", nil)
	must(t, err)
	r.Header.Set("User-Agent", "CANARY")
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	must(t, resp.Body.Close())
	status, text := get(t, "http://"+a.MetricsAt()+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("metrics: %d", status)
	}
	for _, want := range []string{`varco_requests_total{method="GET",route="/v1/service",status="200"} 1`,
		`varco_requests_total{method="GET",route="/v1/threads/{thread}/readers",status="401"} 1`, "\nvarco_ready 1\n",
		"\nvarco_ledger_leaves 4\n", "varco_build_info{version=", `varco_request_seconds_count{route="/v1/service"} 1`,
		"\nvarco_requests_under_way 0\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %q:\n%s", want, text)
		}
	}
	if id := regexp.MustCompile(`\b[a-z](-[2-9a-z]{4}){4}\b`).FindString(text); id != "" || strings.Contains(text, "CANARY") {
		t.Errorf("the metrics hold %q or a canary:\n%s", id, text)
	}
	if status, _ := get(t, a.URL()+"/metrics"); status == http.StatusOK {
		t.Error("the metrics are where people ask")
	}
	if status, _ := get(t, "http://"+a.MetricsAt()+"/v1/service"); status != http.StatusNotFound {
		t.Errorf("the service is where metrics are: %d", status)
	}
	must(t, a.Stop(t.Context()))
	if _, err := net.Dial("tcp", a.MetricsAt()); err == nil { //nolint:noctx // it must fail at once
		t.Error("the metrics are still there")
	}
}

// hands is a clock that a test moves.
type hands struct{ past atomic.Int64 }

func (h *hands) now() time.Time { return time.Now().Add(time.Duration(h.past.Load())) }

// It is not ready when the clock went back, when another process runs by other rules, when the
// log is not the one that was signed, and when the folder of attachments is gone; and it is
// again when that is over.
func TestReadiness(t *testing.T) { storetest.Each(t, readiness) }

func readiness(t *testing.T, kind storetest.Kind) {
	p := newPlaceOn(t, kind)
	h := &hands{}
	p.Now = h.now
	must(t, p.Migrate(t.Context()))
	a := p.start(t)
	defer func() { must(t, a.Stop(t.Context())) }()
	ready := func(what string, want int) {
		t.Helper()
		h.past.Add(int64(2 * time.Second)) // an answer holds for one
		if status, body := get(t, a.URL()+"/readyz"); status != want || strings.Contains(body, "clock") {
			t.Errorf("%s: %d %s, want %d", what, status, body, want)
		}
	}
	ready("at first", http.StatusNoContent)
	h.past.Add(-int64(time.Hour))
	ready("an hour back", http.StatusServiceUnavailable)
	h.past.Add(int64(time.Hour))
	ready("back again", http.StatusNoContent)

	must(t, os.Rename(p.Blobs, p.Blobs+".away"))
	ready("without the folder of attachments", http.StatusServiceUnavailable)
	must(t, os.Rename(p.Blobs+".away", p.Blobs))
	ready("with it", http.StatusNoContent)

	s, err := store.Open(t.Context(), p.Database, store.Options{Now: h.now, Rand: strings.NewReader(strings.Repeat("x", 1<<10))})
	must(t, err)
	must(t, s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Record(ledger.Record{Act: act.PolicyLoad, Outcome: act.Allow, PolicySet: [32]byte{1}})
		return err
	}))
	must(t, s.Close())
	ready("beside other rules", http.StatusServiceUnavailable)
	if !strings.Contains(p.log.String(), "another policy set") || !strings.Contains(p.log.String(), "behind the newest record") {
		t.Errorf("the log does not say why:\n%s", p.log.String())
	}
}

// A request that was begun before the stop is answered, and its record is in the last checkpoint;
// one that goes on for too long is cut off, and everything is closed all the same.
func TestStopWaits(t *testing.T) {
	for name, c := range map[string]struct {
		rest  string
		limit time.Duration
		fine  bool
	}{
		"is answered": {"x\"}", 20 * time.Second, true},
		"is cut off":  {"", 200 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			p.Metrics = "127.0.0.1:0"
			must(t, p.Migrate(t.Context()))
			a := p.start(t)
			body := `{"code":"x","verifier":"` + c.rest
			length := "27"
			conn, err := net.Dial("tcp", strings.TrimPrefix(strings.Replace(a.URL(), "localhost", "127.0.0.1", 1), "http://")) //nolint:noctx // closed below
			must(t, err)
			defer conn.Close() //nolint:errcheck // it may have been cut off
			_, err = io.WriteString(conn, "POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "+
				length+"\r\n\r\n"+body[:10])
			must(t, err)
			await(t, a)
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			stopped := make(chan error, 1)
			go func() { stopped <- a.Stop(ctx) }()
			for {
				other, err := net.Dial("tcp", conn.RemoteAddr().String()) //nolint:noctx // it fails at once in the end
				if err != nil {
					break
				}
				must(t, other.Close())
			}
			if c.fine {
				_, err = io.WriteString(conn, body[10:])
				must(t, err)
			}
			must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
			line := make([]byte, len("HTTP/1.1 401"))
			_, err = io.ReadFull(conn, line)
			if got := err == nil && string(line) == "HTTP/1.1 401"; got != c.fine {
				t.Errorf("answered %q, %v", line, err)
			}
			if err := <-stopped; (err == nil) != c.fine {
				t.Errorf("stopped: %v", err)
			}
			p.acts(t) // opens the database and checks that the last checkpoint covers it
		})
	}
}

// await waits until the service has begun to read a request's body.
func await(t *testing.T, a *app.App) {
	t.Helper()
	for range 500 {
		if _, text := get(t, "http://"+a.MetricsAt()+"/metrics"); strings.Contains(text, "\nvarco_requests_under_way 1\n") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no request is under way")
}
