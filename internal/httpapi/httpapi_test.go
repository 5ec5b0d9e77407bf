package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

func TestRoutesAreTheDocument(t *testing.T) {
	routes, err := httpapi.Routes()
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for path, methods := range describe(t).Paths {
		for method := range methods {
			documented = append(documented, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	slices.Sort(documented)
	if diff := cmp.Diff(documented, routes); diff != "" {
		t.Errorf("routes (-document +router):\n%s", diff)
	}
}

// Every operation that is not open answers nobody's request with 401, before anything else.
func TestNobody(t *testing.T) {
	w := newWorld(t)
	for path, methods := range describe(t).Paths {
		for method, op := range methods {
			if len(op.Security) == 0 {
				continue
			}
			path := strings.NewReplacer("{thread}", string(w.thread.State.Thread), "{entry}", string(w.entry)).Replace(path)
			for name, change := range map[string]func(*http.Request){
				"no header":   func(*http.Request) {},
				"no token":    func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") },
				"basic":       func(r *http.Request) { r.SetBasicAuth("x", w.tokens["anna"]) },
				"lower case":  func(r *http.Request) { r.Header.Set("Authorization", "bearer "+w.tokens["anna"]) },
				"unknown":     func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+strings.Repeat("A", 43)) },
				"two headers": func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer " + w.tokens["anna"], "Bearer x"} },
			} {
				a := w.ask(t, "", strings.ToUpper(method), path, "{", change)
				if p := a.problem(t); a.status != http.StatusUnauthorized || p.Type != "/problems/unauthenticated" ||
					a.header.Get("Www-Authenticate") != "Bearer" {
					t.Errorf("%s %s, %s: %d %s", method, path, name, a.status, a.body)
				}
			}
		}
	}
}

func TestProblems(t *testing.T) {
	want := map[fault.Kind]int{fault.Invalid: 400, fault.Refused: 422, fault.Unauthenticated: 401, fault.NotFound: 404,
		fault.ReasonRequired: 403, fault.FreshRequired: 403, fault.Conflict: 409, fault.TooLarge: 413, fault.Limited: 429, fault.Unavailable: 503,
		fault.NotKnown: 503,
		fault.Internal: 500}
	if diff := cmp.Diff(want, httpapi.Problems()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	for _, kind := range fault.Kinds {
		if _, ok := want[kind]; !ok {
			t.Errorf("no problem for %s", kind)
		}
	}
}

// The address of each type of problem leads to a page that says what it means, open to everybody.
func TestProblemPages(t *testing.T) {
	w := newWorld(t)
	for kind, status := range httpapi.Problems() {
		a := w.ask(t, "", http.MethodGet, "/problems/"+string(kind), "")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/plain; charset=utf-8" ||
			!strings.HasPrefix(a.body, strconv.Itoa(status)+" ") || strings.Count(a.body, "\n") != 3 {
			t.Errorf("%s: %d %v\n%s", kind, a.status, a.header, a.body)
		}
	}
	if a := w.ask(t, "", http.MethodGet, "/problems/CANARY", ""); a.problem(t).Type != "/problems/not-found" || strings.Contains(a.body, "CANARY") {
		t.Errorf("no such kind: %d %s", a.status, a.body)
	}
}

// fails is an Authn that fails, panics, or does both to nobody in particular.
type fails struct {
	httpapi.Authn
	do func() error
}

func (f *fails) Caller(context.Context, session.From, secret.String) (caller.Caller, error) {
	return caller.Caller{}, f.do()
}

// What fails is told by its kind and in no more words; what is our fault is in the log.
func TestFailuresTellNothing(t *testing.T) {
	failing := &fails{}
	w := newWorld(t, func(c *httpapi.Config) { c.Authn = failing })
	for name, f := range map[string]struct {
		do     func() error
		kind   fault.Kind
		class  string
		logged bool
	}{
		"refused":      {func() error { return fault.Refuse(fault.ClassFork, "CANARY") }, fault.Refused, "fork", false},
		"not found":    {func() error { return fault.New(fault.NotFound, "CANARY") }, fault.NotFound, "", false},
		"conflict":     {func() error { return fault.Wrap(fault.Conflict, fault.Refuse(fault.ClassFork, "x"), "CANARY") }, fault.Conflict, "", false},
		"reason":       {func() error { return fault.New(fault.ReasonRequired, "CANARY") }, fault.ReasonRequired, "", false},
		"policy":       {func() error { return fault.Wrap(fault.NotFound, fault.New(fault.Internal, "LOGGED"), "x") }, fault.NotFound, "", true},
		"limited":      {func() error { return fault.New(fault.Limited, "CANARY") }, fault.Limited, "", false},
		"too large":    {func() error { return fault.New(fault.TooLarge, "CANARY") }, fault.TooLarge, "", false},
		"unavailable":  {func() error { return fault.New(fault.Unavailable, "LOGGED") }, fault.Unavailable, "", true},
		"not known":    {func() error { return fault.New(fault.NotKnown, "LOGGED") }, fault.NotKnown, "", true},
		"internal":     {func() error { return fault.New(fault.Internal, "LOGGED") }, fault.Internal, "", true},
		"any":          {func() error { return errors.New("LOGGED") }, fault.Internal, "", true},
		"unknown kind": {func() error { return fault.New("new", "LOGGED") }, fault.Internal, "", true},
		"panic":        {func() error { panic("LOGGED") }, fault.Internal, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			failing.do = f.do
			before := len(w.log.String())
			a := w.ask(t, "anna", http.MethodGet, "/v1/me", "")
			p := a.problem(t)
			want := api.Problem{Type: "/problems/" + string(f.kind), Title: p.Title, Status: httpapi.Problems()[f.kind],
				Class: f.class, Request: a.header.Get("X-Request-Id")}
			if diff := cmp.Diff(want, p); diff != "" || a.status != p.Status || p.Title == "" || p.Request == "" {
				t.Errorf("%d, problem (-want +got):\n%s", a.status, diff)
			}
			log := w.log.String()[before:]
			if strings.Contains(a.body, "CANARY") || strings.Contains(a.body, "LOGGED") || strings.Contains(log, "CANARY") {
				t.Errorf("told: %s\nlogged: %s", a.body, log)
			}
			if got := strings.Contains(log, "LOGGED"); got != f.logged || f.logged && !strings.Contains(log, p.Request) {
				t.Errorf("logged is %v, want %v: %s", got, f.logged, log)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	always := map[string][]string{
		"Cache-Control":                {"no-store"},
		"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Referrer-Policy":              {"no-referrer"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
	}
	for _, https := range []bool{false, true} {
		w := newWorld(t, func(c *httpapi.Config) {
			if https {
				c.URL = "https://varco.example"
			}
		})
		if https {
			always["Strict-Transport-Security"] = []string{"max-age=63072000"}
		}
		for path, contentType := range map[string]string{
			"/v1/service":      "application/json",
			"/v1/openapi.json": "application/json",
			"/v1/me":           "application/json",
			"/v1/cases?x=1":    "application/problem+json",
			"/nowhere":         "application/problem+json",
			"/healthz":         "",
			"/readyz":          "",
		} {
			a := w.ask(t, "anna", http.MethodGet, path, "")
			id := a.header.Get("X-Request-Id")
			if !strings.HasPrefix(id, "q-") {
				t.Errorf("%s: X-Request-Id %q", path, id)
			}
			for _, varies := range []string{"X-Request-Id", "Date", "Content-Length"} {
				a.header.Del(varies)
			}
			want := http.Header{}
			for name, values := range always {
				want[name] = values
			}
			if contentType != "" {
				want["Content-Type"] = []string{contentType}
			}
			if diff := cmp.Diff(want, a.header); diff != "" {
				t.Errorf("%s, headers (-want +got):\n%s", path, diff)
			}
		}
	}
}

// One spelling of one body: anything else is malformed, and nothing of it is done.
func TestStrictDecoding(t *testing.T) {
	w := newWorld(t)
	path := "/v1/threads/" + string(w.thread.State.Thread) + "/readings"
	if a := w.ask(t, "anna", http.MethodPost, path, `{"from":0,"limit":10}`); a.status != http.StatusOK {
		t.Fatalf("a good body: %d %s", a.status, a.body)
	}
	for name, text := range map[string]string{
		"unknown":    `{"from":0,"limit":10,"until":3}`,
		"duplicate":  `{"from":0,"limit":10,"limit":10}`,
		"case":       `{"from":0,"Limit":10}`,
		"both cases": `{"from":0,"limit":10,"LIMIT":10}`,
		"trailing":   `{"from":0,"limit":10}{}`,
		"array":      `[{"from":0,"limit":10}]`,
		"text":       `{"from":"0","limit":10}`,
		"fraction":   `{"from":0,"limit":1.5}`,
		"huge":       `{"from":0,"limit":99999999999999999999}`,
		"not UTF-8":  "{\"from\":0,\"limit\":10,\"reason\":\"\xff\"}",
		"comment":    `{"from":0,"limit":10} // x`,
		"empty":      ``,
		"no JSON":    `from=0&limit=10`,
		"no limit":   `{"from":0}`,
		"negative":   `{"from":-1,"limit":10}`,
	} {
		a := w.ask(t, "anna", http.MethodPost, path, text)
		if p := a.problem(t); a.status != http.StatusBadRequest || p.Type != "/problems/invalid" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if strings.Contains(a.body, "limit") {
			t.Errorf("%s: what was sent is told back: %s", name, a.body)
		}
	}
	a := w.ask(t, "anna", http.MethodPost, path, `{"from":0,"limit":10}`,
		func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	if a.status != http.StatusBadRequest {
		t.Errorf("of another type: %d %s", a.status, a.body)
	}
	for _, query := range []string{"?from=x&limit=1", "?limit=1", "?from=0&limit=1&x=1", "?from=0&limit=99999999999999999999"} {
		if a := w.ask(t, "anna", http.MethodGet, "/v1/audit/leaves"+query, ""); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

func TestSizeLimits(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		path string
		size int
		want int
	}{
		{"/v1/cards", httpapi.MaxBodyBytes, http.StatusBadRequest},
		{"/v1/cards", httpapi.MaxBodyBytes + 1, http.StatusRequestEntityTooLarge},
		{"/v1/cards", httpapi.MaxBodyBytes + 1<<10, http.StatusRequestEntityTooLarge},
		{"/v1/entries", httpapi.MaxEntryBodyBytes, http.StatusBadRequest},
		{"/v1/entries", httpapi.MaxEntryBodyBytes + 1, http.StatusRequestEntityTooLarge},
		{"/v1/cases", httpapi.MaxBodyBytes + 1, http.StatusBadRequest},
	} {
		if a := w.ask(t, "anna", http.MethodPost, c.path, strings.Repeat("x", c.size)); a.status != c.want {
			t.Errorf("%s with %d bytes: %d, want %d", c.path, c.size, a.status, c.want)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	w := newWorld(t)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		a := w.ask(t, "anna", http.MethodDelete, "/v1/session", "", func(r *http.Request) { r.Header.Set(header[0], header[1]) })
		if p := a.problem(t); p.Type != "/problems/invalid" {
			t.Errorf("%v: %d %s", header, a.status, a.body)
		}
	}
	if a := w.ask(t, "anna", http.MethodDelete, "/v1/session", ""); a.status != http.StatusNoContent || a.body != "" {
		t.Errorf("signing out: %d %s", a.status, a.body)
	}
	if a := w.ask(t, "anna", http.MethodGet, "/v1/me", ""); a.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d %s", a.status, a.body)
	}
}

func TestMe(t *testing.T) {
	w := newWorld(t)
	a := w.ask(t, "anna", http.MethodGet, "/v1/me", "")
	var me api.Me
	must(t, json.Unmarshal([]byte(a.body), &me, json.RejectUnknownMembers(true)))
	anna := w.cast.People["anna"]
	want := api.Me{Person: anna.Person, Organisation: anna.Organisation, Kind: "centre", Name: "a centre",
		Roles: me.Roles, Session: me.Session, FreshSeconds: 15 * 60}
	if diff := cmp.Diff(want, me); diff != "" || a.status != http.StatusOK || len(me.Roles) != 1 {
		t.Errorf("%d, me (-want +got):\n%s", a.status, diff)
	}
}

func TestReadiness(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := w.ask(t, "", http.MethodGet, path, ""); a.status != http.StatusNoContent {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	w.notReady = errors.New("CANARY")
	if a := w.ask(t, "", http.MethodGet, "/readyz", ""); a.problem(t).Type != "/problems/unavailable" || strings.Contains(a.body, "CANARY") {
		t.Errorf("not ready: %d %s", a.status, a.body)
	}
}

// "Not yours" is "does not exist": the same answer to the last byte, whoever asks.
func TestNotYoursDoesNotExist(t *testing.T) {
	w := newWorld(t)
	thread, entry := string(w.thread.State.Thread), string(w.entry)
	if a := w.ask(t, "anna", http.MethodPost, "/v1/threads/"+thread+"/readings", `{"from":0,"limit":10}`); a.status != http.StatusOK {
		t.Fatalf("a member reads: %d %s", a.status, a.body)
	}
	for _, seen := range []string{"", "?seen=0", "?seen=3"} {
		if a := w.ask(t, "anna", http.MethodGet, "/v1/entries/"+entry+"/proof"+seen, ""); a.status != http.StatusOK {
			t.Errorf("a member asks for the proof%s: %d %s", seen, a.status, a.body)
		}
	}
	noThread := string(ids.NewThread(cardtest.Rand("no thread")))
	noEntry := string(ids.NewEntry(cardtest.Rand("no entry")))
	for _, who := range []string{"berta", "elsa", "zita", "dora", "fulvia"} {
		reason := ""
		if who == "elsa" || who == "dora" {
			reason = `,"reason":"new"`
		}
		for _, ask := range []struct{ method, path, body string }{
			{http.MethodPost, "/v1/threads/{thread}/readings", `{"from":0,"limit":10` + reason + `}`},
			{http.MethodGet, "/v1/threads/{thread}/readers", ""},
			{http.MethodGet, "/v1/entries/{entry}/proof", ""},
		} {
			if who == "dora" && strings.HasSuffix(ask.path, "proof") {
				continue // the substitute is a member: she may ask for a proof, and may not read
			}
			theirs := w.ask(t, who, ask.method, strings.NewReplacer("{thread}", thread, "{entry}", entry).Replace(ask.path), ask.body)
			nobodys := w.ask(t, who, ask.method, strings.NewReplacer("{thread}", noThread, "{entry}", noEntry).Replace(ask.path), ask.body)
			malformed := w.ask(t, who, ask.method, strings.NewReplacer("{thread}", "t-1", "{entry}", "%2e%2e").Replace(ask.path), ask.body)
			if theirs.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", who, ask.path, theirs.status, theirs.body)
			}
			for name, other := range map[string]answer{"nobody's": nobodys, "malformed": malformed} {
				if diff := cmp.Diff(blank(theirs), blank(other), cmp.AllowUnexported(answer{})); diff != "" {
					t.Errorf("%s %s (-not hers +%s):\n%s", who, ask.path, name, diff)
				}
			}
		}
	}
	// An officer without a reason is asked for one, whether the thread is hers, another's or nobody's.
	var without []answer
	for _, who := range []string{"carla", "elsa"} {
		for _, id := range []string{thread, noThread} {
			without = append(without, blank(w.ask(t, who, http.MethodPost, "/v1/threads/"+id+"/readings", `{"from":0,"limit":10}`)))
		}
	}
	for _, a := range without {
		if diff := cmp.Diff(without[0], a, cmp.AllowUnexported(answer{})); diff != "" || a.status != http.StatusForbidden {
			t.Errorf("without a reason: %d (-one +other):\n%s", a.status, diff)
		}
	}
}

// blank takes out what differs from one request to the next.
func blank(a answer) answer {
	id := a.header.Get("X-Request-Id")
	a.body = strings.ReplaceAll(a.body, id, "q-")
	a.header = a.header.Clone()
	a.header.Del("X-Request-Id")
	a.header.Del("Date")
	return a
}

// The access log knows routes, not paths, and nothing that a client sent.
func TestAccessLog(t *testing.T) {
	w := newWorld(t)
	thread := string(w.thread.State.Thread)
	w.ask(t, "anna", http.MethodPost, "/v1/threads/"+thread+"/readings", `{"from":0,"limit":10,"reason":"new"}`)
	w.ask(t, "anna", http.MethodGet, "/v1/cases?q=CANARY", "")
	w.ask(t, "anna", http.MethodGet, "/CANARY", "", func(r *http.Request) { r.Header.Set("X-Request-Id", "CANARY") })
	w.ask(t, "", http.MethodGet, "/v1/login/callback?code=CANARY&state=CANARY", "")
	w.ask(t, "", "CANARY", "/v1/me", "")
	w.ask(t, "", http.MethodPost, "/v1/session", `{"code":"CANARY","verifier":"CANARY","invitation":"CANARY"}`)
	log := w.log.String()
	for _, none := range []string{thread, "CANARY", "127.0.0.1", w.tokens["anna"], "ERROR"} {
		if strings.Contains(log, none) {
			t.Errorf("the log has %q:\n%s", none, log)
		}
	}
	for _, some := range []string{`"route":"/v1/threads/{thread}/readings","status":200`, `"route":"none","status":404`,
		`"route":"/v1/login/callback","status":401`, `"method":"other"`} {
		if !strings.Contains(log, some) {
			t.Errorf("the log lacks %q:\n%s", some, log)
		}
	}
}
