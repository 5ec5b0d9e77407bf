package witness_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/witness"
)

const origin = "log.example/one"

var start = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)

// grown is a log in memory. Two with another word are two histories.
type grown struct {
	word   string
	edge   ledger.Edge
	stored []tlog.Hash
	signer note.Signer
}

func newLog(word string) *grown {
	return &grown{word: word, signer: note.NewSigner(origin, cardtest.Key(origin))}
}

func (g *grown) to(t testing.TB, size int64) *grown {
	t.Helper()
	for g.edge.Size() < size {
		_, stored, _, err := g.edge.Append(note.Sum(fmt.Appendf(nil, "%s %d", g.word, g.edge.Size())))
		if err != nil {
			t.Fatal(err)
		}
		g.stored = append(g.stored, stored...)
	}
	return g
}

func (g *grown) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		hashes[i] = g.stored[at]
	}
	return hashes, nil
}

func (g *grown) checkpoint(t testing.TB) []byte {
	t.Helper()
	msg, err := ledger.SignCheckpoint(origin, g.edge.Size(), g.edge.Root(), g.signer)
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

func (g *grown) prove(_ context.Context, old int64) (tlog.TreeProof, error) {
	return ledger.ProveConsistency(g.edge.Size(), old, g)
}

// folder makes a witness that knows the log.
func folder(t testing.TB) (path, vkey string) {
	t.Helper()
	const name = "w1.example"
	path = filepath.Join(t.TempDir(), "witness")
	vkey, err := witness.Create(path, name, cardtest.Rand(name))
	if err != nil {
		t.Fatal(err)
	}
	if err := witness.Add(path, note.VerifierKey(origin, cardtest.Public(origin))); err != nil {
		t.Fatal(err)
	}
	return path, vkey
}

func open(t testing.TB, path string) *witness.Server {
	t.Helper()
	s, err := witness.Open(path, func() time.Time { return start })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func asker(t testing.TB, quorum string) *witness.Asker {
	t.Helper()
	q, err := ledger.ParseQuorum(quorum)
	if err != nil {
		t.Fatal(err)
	}
	a, err := witness.NewAsker(q, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ask(t testing.TB, a *witness.Asker, g *grown) []witness.Answer {
	t.Helper()
	answers, err := a.Ask(t.Context(), g.checkpoint(t), nil, g.prove)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

// The witness keeps what it saw over a restart, and cosigns neither less nor something else.
func TestWitness(t *testing.T) {
	path, vkey := folder(t)
	s := open(t, path)
	quorum := "witness a " + vkey + " " + serve(t, s) + "\nquorum a\n"
	a, g := asker(t, quorum), newLog("one").to(t, 3)
	for _, size := range []int64{3, 3, 4, 300} {
		msg := g.to(t, size).checkpoint(t)
		answers := ask(t, a, g)
		if err := answers[0].Err; err != nil {
			t.Fatal(err)
		}
		both, err := note.AddCosignatures(msg, []string{answers[0].Line})
		if err != nil {
			t.Fatal(err)
		}
		c, by, err := ledger.OpenCosigned(both, origin, cardtest.Public(origin).Verifier(origin), a.Quorum())
		if at, ok := a.Quorum().Witnessed(by); err != nil || c.Size != size || !ok || !at.Equal(start) {
			t.Errorf("of %d leaves: %+v, %v, %v", size, c, at, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	quorum = "witness a " + vkey + " " + serve(t, s) + "\nquorum a\n"
	for name, test := range map[string]struct {
		log  *grown
		want fault.Class
	}{
		"less":                {newLog("one").to(t, 299), fault.ClassRollback},
		"nothing":             {newLog("one"), fault.ClassRollback},
		"another of its size": {newLog("two").to(t, 300), fault.ClassFork},
		"another that grew":   {newLog("two").to(t, 1000), fault.ClassFork},
	} {
		answer := ask(t, asker(t, quorum), test.log)[0]
		if fault.ClassOf(answer.Err) != test.want || answer.Line != "" || answer.Size != 300 {
			t.Errorf("%s: %+v", name, answer)
		}
	}
	if answer := ask(t, asker(t, quorum), newLog("one").to(t, 301))[0]; answer.Err != nil {
		t.Error(answer.Err)
	}
}

// What C2SP tlog-witness says of each wrong request.
func TestStatus(t *testing.T) {
	path, vkey := folder(t)
	url := serve(t, open(t, path))
	g := newLog("one").to(t, 5)
	if err := ask(t, asker(t, "witness a "+vkey+" "+url+"\nquorum a\n"), g)[0].Err; err != nil {
		t.Fatal(err)
	}
	msg := string(g.to(t, 9).checkpoint(t))
	proof, err := g.prove(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := ledger.SignCheckpoint("else.example", 9, g.edge.Root(), note.NewSigner("else.example", cardtest.Key("else")))
	if err != nil {
		t.Fatal(err)
	}
	impostor, err := ledger.SignCheckpoint(origin, 9, g.edge.Root(), note.NewSigner(origin, cardtest.Key("else")))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, method, path, body string
		want                     int
		says                     string
	}{
		{"another path", "POST", "/", "", 404, ""},
		{"reading", "GET", "/add-checkpoint", "", 405, ""},
		{"nothing", "POST", "/add-checkpoint", "", 400, ""},
		{"no checkpoint", "POST", "/add-checkpoint", "old 5\n\n", 400, ""},
		{"zero before", "POST", "/add-checkpoint", "old 05\n\n" + msg, 400, ""},
		{"greater old", "POST", "/add-checkpoint", "old 10\n\n" + msg, 400, ""},
		{"other old", "POST", "/add-checkpoint", "old 4\n\n" + msg, 409, "5\n"},
		{"unknown log", "POST", "/add-checkpoint", "old 0\n\n" + string(stranger), 404, ""},
		{"another's key", "POST", "/add-checkpoint", "old 5\n\n" + string(impostor), 403, ""},
		{"no proof", "POST", "/add-checkpoint", "old 5\n\n" + msg, 422, ""},
		{"long", "POST", "/add-checkpoint", strings.Repeat("a", witness.MaxRequestBytes+1), 413, ""},
		{"with unknown sig", "POST", "/add-checkpoint", string(witness.Request{Old: 5, Proof: proof, Checkpoint: cosigned(t, msg)}.Bytes()), 200, "— w1.example "},
	} {
		r, err := http.NewRequestWithContext(t.Context(), test.method, url+test.path, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if err := response.Write(&got); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.want || !strings.Contains(got.String(), test.says) {
			t.Errorf("%s: %s", test.name, got.String())
		}
		if test.want == 409 && response.Header.Get("Content-Type") != "text/x.tlog.size" {
			t.Errorf("%s: %s", test.name, response.Header.Get("Content-Type"))
		}
	}
}

func cosigned(t testing.TB, msg string) []byte {
	t.Helper()
	text, _, err := note.Uncosigned([]byte(msg))
	if err != nil {
		t.Fatal(err)
	}
	line, err := note.SignLine(text, note.NewCosigner("else.example", cardtest.Key("else"), func() time.Time { return start }))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(msg + line)
}

// Whatever a witness answers, it is believed nothing that it has not signed, and it can't keep
// the log waiting.
func TestAskLiars(t *testing.T) {
	path, vkey := folder(t)
	good := "witness z " + vkey + " " + serve(t, open(t, path)) + "\n"
	answers := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	size := 0
	release := make(chan struct{})
	liars := map[string]http.Handler{
		"nothing":   answers(200, ""),
		"another":   answers(200, "— w2.example AAAAAAAA\n"),
		"no number": answers(409, "-1\n"),
		"redirect":  http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect),
		"broken":    answers(500, ""),
		"endless":   answers(200, strings.Repeat("— w2.example AAAAAAAA\n", 10_000)),
		"silent":    http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-release }),
		"changeable": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			size++
			w.WriteHeader(409)
			fmt.Fprintf(w, "%d\n", size%2+1)
		}),
	}
	quorum := good
	names := map[string]string{}
	for name, h := range liars {
		key := "liar-" + strings.ReplaceAll(name, " ", "-")
		names[key] = name
		quorum += "witness " + key + " " + note.CosignerKey(key, cardtest.Public(key)) + " " + serve(t, h) + "\n"
	}
	t.Cleanup(func() { close(release) }) // before the servers are closed, which wait for it
	g := newLog("one").to(t, 7)
	before := time.Now()
	for _, answer := range ask(t, asker(t, quorum+"quorum z\n"), g) {
		if answer.Name == "w1.example" {
			if answer.Err != nil {
				t.Error(answer.Err)
			}
			continue
		}
		if answer.Err == nil || answer.Line != "" {
			t.Errorf("%s is believed: %+v", names[answer.Name], answer)
		}
	}
	if took := time.Since(before); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestNewAskerRefuses(t *testing.T) {
	vkey := note.CosignerKey("w.example", cardtest.Public("w"))
	for _, url := range []string{"", " ftp://w.example", " http://w.example", " https://", " https://a@w.example", " https://w.example?a"} {
		q, err := ledger.ParseQuorum("witness a " + vkey + url + "\nquorum a\n")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := witness.NewAsker(q, 0); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// Two requests at once leave the greater checkpoint.
func TestAtOnce(t *testing.T) {
	path, vkey := folder(t)
	s := open(t, path)
	quorum := "witness a " + vkey + " " + serve(t, s) + "\nquorum a\n"
	var all sync.WaitGroup
	for size := range int64(20) {
		g := newLog("one").to(t, size+1)
		msg, a := g.checkpoint(t), asker(t, quorum)
		all.Go(func() { _, _ = a.Ask(context.Background(), msg, nil, g.prove) })
	}
	all.Wait()
	if answer := ask(t, asker(t, quorum), newLog("one"))[0]; fault.ClassOf(answer.Err) != fault.ClassRollback || answer.Size < 1 {
		t.Errorf("%+v", answer)
	}
	if answer := ask(t, asker(t, quorum), newLog("one").to(t, 20))[0]; answer.Err != nil {
		t.Error(answer.Err)
	}
}

// Nothing is made by accident, written over, shared or believed if it was changed.
func TestFolder(t *testing.T) {
	path, vkey := folder(t)
	if _, err := witness.Create(path, "w1.example", cardtest.Rand("again")); err == nil {
		t.Error("the key is written over")
	}
	logKey := note.VerifierKey(origin, cardtest.Public(origin))
	if err := witness.Add(path, logKey); err == nil {
		t.Error("what was seen is written over")
	}
	if _, err := witness.Open(t.TempDir(), time.Now); err == nil {
		t.Error("a witness without a key")
	}
	s := open(t, path)
	if s.Key() != vkey || s.Logs() != 1 {
		t.Errorf("key %s, %d logs", s.Key(), s.Logs())
	}
	if _, err := witness.Open(path, time.Now); err == nil {
		t.Error("two processes are one witness")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(path, "*.log"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", strings.Replace(string(kept), "checkpoint -", "checkpoint AAAA", 1), string(kept) + "more 1\n"} {
		if err := os.WriteFile(files[0], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := witness.Open(path, time.Now); err == nil {
			t.Errorf("%q is believed", text)
		}
	}
	if err := os.WriteFile(files[0], kept, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(path, "witness.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := witness.Open(path, time.Now); err == nil {
		t.Error("a key for everybody to read")
	}
	for _, name := range []string{"", "a b", "a+b", "è"} {
		if _, err := witness.Create(filepath.Join(t.TempDir(), "x"), name, cardtest.Rand("x")); err == nil {
			t.Errorf("the name %q", name)
		}
	}
}

// What a witness has kept is read strictly, whatever the file holds.
func FuzzOpen(f *testing.F) {
	path, _ := folder(f)
	files, err := filepath.Glob(filepath.Join(path, "*.log"))
	if err != nil || len(files) != 1 {
		f.Fatal(files, err)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(kept))
	f.Add(strings.Replace(string(kept), "checkpoint -", "checkpoint "+base64.StdEncoding.EncodeToString(newLog("one").to(f, 3).checkpoint(f)), 1))
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(files[0], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := witness.Open(path, time.Now)
		if err != nil {
			return
		}
		if !strings.HasPrefix(text, "varco/v1 witness-log\nlog "+origin+"+") {
			t.Errorf("%q is read", text)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzParseRequest(f *testing.F) {
	g := newLog("one").to(f, 9)
	proof, err := g.prove(f.Context(), 5)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(witness.Request{Old: 5, Proof: proof, Checkpoint: g.checkpoint(f)}.Bytes())
	f.Add([]byte("old 0\n\nx"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := witness.ParseRequest(b)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Errorf("no class: %v", err)
			}
			return
		}
		if string(r.Bytes()) != string(b) || r.Old < 0 {
			t.Errorf("%q becomes %q", b, r.Bytes())
		}
	})
}
