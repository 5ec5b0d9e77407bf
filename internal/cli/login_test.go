package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"varco/internal/cli"
	"varco/internal/cli/desk"
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

// stranger is a service that answers what it likes.
type stranger struct {
	client.Transport // it carries nothing

	log     string // its verifier key
	me      string // the person that it says she is
	issuers string
	redeem  map[string]string // what was redeemed
}

// Do answers without knowing anybody.
func (s *stranger) Do(_ context.Context, _ secret.String, _, path string, body []byte) (int, []byte, error) {
	switch path {
	case "/v1/service":
		return 200, []byte(`{"origin":"` + varcotest.Origin + `","log":"` + s.log + `","issuers":[` + s.issuers + `]}`), nil
	case "/v1/session":
		return 201, []byte(`{"token":"t","expires":"2026-11-16T18:00:00Z"}`), json.Unmarshal(body, &s.redeem)
	default:
		return 200, []byte(`{"person":` + s.me + `,"organisation":"o-2222-2222-2222-2222","kind":"centre","name":"\u001bx","roles":[]}`), nil
	}
}

// watched is a terminal's output in which the test waits for an address.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	at   chan string
}

var address = regexp.MustCompile(`https?://\S+/v1/login\?\S+`)

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if found := address.FindString(w.text.String()); found != "" && w.at != nil {
		w.at <- found
		w.at = nil
	}
	return len(p), nil
}

// signIn runs "varco login" in a folder, with the test as the browser.
func (w *world) signIn(folder string, service *stranger, typed string, args ...string) *said {
	w.t.Helper()
	if _, err := profile.Setup(folder, varcotest.Service, w.anchors(), ""); err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	err := &watched{at: make(chan string, 1)}
	at := err.at
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	go func() {
		select {
		case begin := <-at:
			comeBack(ctx, begin)
		case <-ctx.Done():
		}
	}()
	exit := cli.Main(ctx, desk.Device{In: strings.NewReader(typed), Out: &out, Err: err,
		Getenv: func(key string) string { return map[string]string{"VARCO_HOME": folder}[key] }, Now: w.Clock.Now,
		Rand: rand.Reader, Reach: func(string) client.Transport { return service }}, append([]string{"login"}, args...))
	return &said{w.t, "varco login", exit, out.String(), err.text.String()}
}

// comeBack is the browser that comes back from a provider.
func comeBack(ctx context.Context, begin string) {
	u, err := url.Parse(begin)
	if err != nil {
		return
	}
	back := fmt.Sprintf("http://127.0.0.1:%s/?%s", u.Query().Get("port"),
		url.Values{"code": {"the-code"}, "state": {u.Query().Get("state")}}.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, back, nil)
	if err != nil {
		return
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

const (
	oneIssuer   = `{"url":"https://a.example","label":"Accesso A"}`
	otherIssuer = `{"url":"https://b.example","label":"Accesso\u001b B"}`
	somebody    = `"p-2222-2222-2222-2222"`
)

func TestLogin(t *testing.T) {
	w := &world{Network: varcotest.Empty(t), t: t}
	folder := t.TempDir()
	s := &stranger{log: w.Anchors.LogKey, me: somebody, issuers: oneIssuer}
	w.signIn(folder, s, "ABCD-efgh\n", "--invitation-fd", "0").ends(0).says("Accesso riuscito", "continua solo se sono queste", "\ufffdx", "varco enrol", "https%3A%2F%2Fa.example").
		saysNone("the-code", "abcd")
	if s.redeem["invitation"] != "abcd-efgh" || s.redeem["code"] != "the-code" || len(s.redeem["verifier"]) != 43 {
		t.Errorf("redeemed %v", s.redeem)
	}
	s.issuers = oneIssuer + "," + otherIssuer
	w.signIn(folder, s, "2\n").ends(0).says("Accesso\ufffd B", "https%3A%2F%2Fb.example").saysNone("\x1b", "prima volta")
	w.signIn(folder, s, "3\n").ends(1).says("non è uno dei numeri")
	w.signIn(folder, s, "", "--issuer", "https://b.example").ends(0)
	w.signIn(folder, s, "", "--issuer", "https://c.example").ends(1).says("Accetta:")
	s.issuers = ""
	w.signIn(folder, s, "").ends(1).says("nessun accesso configurato")
}

// What the service says somebody is called becomes the name of a file.
func TestLoginAsNobody(t *testing.T) {
	w := &world{Network: varcotest.Empty(t), t: t}
	for _, me := range []string{`"../../out"`, `""`, `"p-2222-2222-2222-2223"`} {
		folder := filepath.Join(t.TempDir(), "a", "b")
		w.signIn(folder, &stranger{log: w.Anchors.LogKey, me: me, issuers: oneIssuer}, "").ends(3)
		if _, err := os.Stat(filepath.Join(folder, "session.json")); err == nil {
			t.Errorf("%s is signed in", me)
		}
	}
}
