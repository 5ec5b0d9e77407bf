package agent_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"varco/dev/browser/agent"
)

// site is a small login site: /page shows the form under test, /login takes it and goes on
// to /end, which says what it was sent.
func site(t *testing.T, page string) *url.URL {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /start", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "c", Value: "1", Path: "/"})
		http.Redirect(w, r, "/page", http.StatusFound)
	})
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("c"); err != nil {
			http.Error(w, "no cookie", http.StatusBadRequest)
			return
		}
		if err := r.ParseForm(); err != nil {
			http.Error(w, "no form", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "/end?"+r.PostForm.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /end", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /again", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL + "/start")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

const accounts = `
<form method="post" action="/login"><input type="hidden" name="account" value="op-a">
 <button type="submit">Entra come: <b>Operatrice</b></button></form>
<form method="post" action="login"><input type="hidden" name="account" value="op-b">
 <input type="submit" value="Entra come: Referente, sede B" name="go"></form>`

func TestVisit(t *testing.T) {
	for name, c := range map[string]struct{ page, account, end string }{
		"by subject":    {accounts, "op-a", "/end?account=op-a"},
		"by label":      {accounts, "Operatrice", "/end?account=op-a"},
		"by whole text": {accounts, "Entra come: Referente, sede B", "/end?account=op-b&go=Entra+come%3A+Referente%2C+sede+B"},
		"one form of two buttons": {`<form method="POST" action="/login"><button name="who" value="x">X</button>
			<button name="who" value="y">Y</button></form>`, "y", "/end?who=y"},
		"only button":   {`<form method="post" action="/login"><input name="a" value="1"><button>Avanti</button></form>`, "op-a", "/end?a=1"},
		"no button":     {`<form method="post" action="/login"><input type="hidden" name="a" value="1"></form>`, "op-a", "/end?a=1"},
		"in noscript":   {`<form method="post" action="/login"><noscript><button>Continue</button></noscript></form>`, "op-a", "/end?"},
		"no form":       {`<p>Accesso riuscito</p>`, "op-a", "/page"},
		"a next link":   {`<a href="/x">x</a><a rel="next" href="/end?next=1">avanti</a>`, "op-a", "/end?next=1"},
		"other links":   {`<a href="/x">x</a><a rel="prev" href="/end">avanti</a>`, "op-a", "/page"},
		"markup broken": {`<form method=post action=/login><button name=who value=op-a>`, "op-a", "/end?who=op-a"},
	} {
		t.Run(name, func(t *testing.T) {
			end, err := visit(t, c.account, site(t, c.page), nil)
			if err != nil || end.RequestURI() != c.end {
				t.Errorf("Visit = %v, %v, want %s", end, err, c.end)
			}
		})
	}
}

func TestVisitStops(t *testing.T) {
	start := site(t, accounts)
	end, err := visit(t, "op-a", start, func(u *url.URL) bool { return strings.HasPrefix(u.Path, "/login") })
	if err != nil || end.Path != "/login" {
		t.Errorf("Visit = %v, %v", end, err)
	}
}

func TestVisitRefuses(t *testing.T) {
	elsewhere := `<form method="post" action="https://elsewhere.example/login"><button>X</button></form>`
	for name, c := range map[string]struct{ page, account, path string }{
		"no such account": {accounts, "op-c", "/start"},
		"form to another": {elsewhere, "op-a", "/start"},
		"form by GET":     {`<form action="/login"><button>X</button></form>`, "op-a", "/start"},
		"not found":       {accounts, "op-a", "/login"},
		"for ever":        {accounts, "op-a", "/again"},
	} {
		t.Run(name, func(t *testing.T) {
			start := site(t, c.page)
			start.Path = c.path
			if end, err := visit(t, c.account, start, nil); err == nil {
				t.Errorf("Visit = %v", end)
			}
		})
	}
	if end, err := visit(t, "op-a", &url.URL{Scheme: "http", Host: "localhost.example"}, nil); err == nil {
		t.Errorf("another machine: %v", end)
	}
}

func visit(t *testing.T, account string, start *url.URL, stop func(*url.URL) bool) (*url.URL, error) {
	t.Helper()
	a, err := agent.New(account)
	if err != nil {
		t.Fatal(err)
	}
	return a.Visit(t.Context(), start, stop)
}
