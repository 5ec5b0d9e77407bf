package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/cli/desk"
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/secret"
)

var now = time.Date(2026, time.November, 24, 0, 30, 0, 0, time.FixedZone("CET", 3600))

// at is a desk where somebody has typed something on standard input.
func at(t *testing.T, typed string) (d *desk.Desk, out, err *bytes.Buffer) {
	t.Helper()
	out, err = new(bytes.Buffer), new(bytes.Buffer)
	return desk.New(t.Context(), desk.Device{In: strings.NewReader(typed), Out: out, Err: err, Getenv: func(string) string { return "" },
		Now: func() time.Time { return now }}), out, err
}

func TestConfirm(t *testing.T) {
	for typed, want := range map[string]bool{"sì\n": true, "SÌ": true, "si\r\n": true, "s\n": true, "no\n": false, "\n": false, "": false, "sicuro\n": false} {
		d, _, asked := at(t, typed)
		if err := d.Confirm("Firmo?", false); (err == nil) != want {
			t.Errorf("%q: %v", typed, err)
		}
		if !strings.Contains(asked.String(), "Firmo? (sì/no)") {
			t.Errorf("%q: asked %q", typed, asked)
		}
	}
	d, _, asked := at(t, "no\n")
	if err := d.Confirm("Firmo?", true); err != nil || asked.Len() > 0 {
		t.Errorf("beforehand: %v, asked %q", err, asked)
	}
}

func TestChoose(t *testing.T) {
	for typed, want := range map[string]int{"1\n": 0, " 2 \n": 1, "0\n": -1, "3\n": -1, "x\n": -1, "": -1} {
		d, _, _ := at(t, typed)
		got, err := d.Choose("Numero:", []string{"a", "b"})
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
}

func TestText(t *testing.T) {
	d, _, _ := at(t, "una riga\r\nun'altra\n\n")
	if text, typed, err := d.Text(""); err != nil || typed || text != "una riga\nun'altra" {
		t.Errorf("Text = %q, %v, %v", text, typed, err)
	}
	if text, _, err := d.Text("  dato "); err != nil || text != "dato" {
		t.Errorf("Text = %q, %v", text, err)
	}
	for _, bad := range []string{"", " \n", strings.Repeat("x", client.MaxText+1)} {
		d, _, _ := at(t, bad)
		if _, _, err := d.Text(""); !desk.Told(err) {
			t.Errorf("%.10q: %v", bad, err)
		}
	}
}

func TestSecretLine(t *testing.T) {
	d, _, _ := at(t, "prima\nseconda")
	for _, want := range []string{"prima", "seconda"} {
		if got, err := d.SecretLine(0); err != nil || got.Reveal() != want {
			t.Errorf("SecretLine = %q, %v", got.Reveal(), err)
		}
	}
	if _, err := d.SecretLine(0); !desk.Told(err) {
		t.Errorf("at the end: %v", err)
	}
	if _, err := d.SecretLine(1000); !desk.Told(err) {
		t.Errorf("of no descriptor: %v", err)
	}
}

func TestNewPhrase(t *testing.T) {
	d, out, said := at(t, "")
	d.Rand = strings.NewReader(strings.Repeat("phrase", 10))
	phrase, err := d.NewPhrase(1, "%s")
	if err != nil || out.String() != phrase.Reveal()+"\n" || said.Len() > 0 {
		t.Errorf("NewPhrase = %q, %v; wrote %q", phrase.Reveal(), err, out)
	}
	if _, err := d.NewPhrase(-1, "%s"); !desk.Told(err) || strings.Contains(said.String(), "-") {
		t.Errorf("with nobody there: %v, %q", err, said)
	}
}

func TestDays(t *testing.T) {
	d, _, _ := at(t, "")
	for typed, want := range map[string]string{"2026-03-27": "2026-03-26T23:00:00Z", "27/03/2026": "2026-03-26T23:00:00Z", "27.3.2026": "",
		"2026-02-30": "", "": "", "domani": ""} {
		got, err := d.ParseDay(typed)
		switch {
		case want == "" && !desk.Told(err):
			t.Errorf("%q: %v, %v", typed, got, err)
		case want != "" && (err != nil || got.UTC().Format(time.RFC3339) != want):
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
	from, err := d.ParseDay("2026-12-21")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Span(from, from.AddDate(0, 0, 3)), "dal 21/12/2026 al 23/12/2026"; got != want {
		t.Errorf("Span = %s", got)
	}
	if got := d.Span(from, time.Time{}); got != "dal 21/12/2026" {
		t.Errorf("Span = %s", got)
	}
	if got := d.When(now.UTC()); got != "24/11/2026 00:30" {
		t.Errorf("When = %s", got)
	}
	if got := d.Today(); !got.Equal(time.Date(2026, time.November, 23, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("Today = %s", got)
	}
}

func TestPick(t *testing.T) {
	type thing struct{ id, name string }
	all := []thing{{"p-1", "Anna Berti"}, {"p-2", "Anna"}, {"p-3", "Bice Landi"}, {"p-4", "Carla Landi"}, {"p-5", ""}}
	for typed, want := range map[string]string{"p-3": "p-3", "anna": "p-2", "BERTI": "p-1", "bice": "p-3", "p-5": "p-5", "landi": "", "x": "", "": "", "p-": ""} {
		got, err := desk.Pick(all, typed, "persona", func(t thing) (string, string) { return t.id, t.name })
		if got.id != want || (err == nil) != (want != "") || err != nil && !desk.Told(err) {
			t.Errorf("Pick(%q) = %v, %v", typed, got, err)
		}
	}
}

// Each error has the person's words, and the status that scripts rely on.
func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		exit   int
		says   string
		detail bool
	}{
		"nothing":        {nil, 0, "", false},
		"failed":         {desk.Failed("Non va."), 1, "Non va.", false},
		"because":        {fmt.Errorf("x: %w", desk.Because(errors.New("why\x1b"), "Non va.")), 1, "why\ufffd", true},
		"misuse":         {desk.Misuse("Si usa così."), 2, "Si usa così.", false},
		"untrusted":      {fault.Refuse(fault.ClassFork, "reading"), 3, "non è stato mostrato nulla", true},
		"too old":        {fault.Refuse(fault.ClassUnknown, "reading"), 1, "Aggiorna il programma", true},
		"interrupted":    {fmt.Errorf("asking: %w", context.Canceled), 1, "Interrotto", false},
		"silent service": {fault.New(fault.NotKnown, "asking"), 1, "non risponde", true},
		"a file":         {&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, 1, "un file non si lascia leggere", true},
		"memory":         {fault.Wrap(fault.Unavailable, profile.ErrDamaged, "reading"), 1, "ricorda delle altre volte", true},
		"not set up":     {profile.ErrAbsent, 1, "varco setup", false},
		"no anchors":     {profile.ErrNoAnchors, 1, "chiavi pubbliche", false},
		"anything":       {errors.New("x"), 1, "Non è riuscito", true},
	} {
		t.Run(name, func(t *testing.T) {
			d, out, said := at(t, "")
			if exit := d.Report(c.err); exit != c.exit {
				t.Errorf("exit %d, want %d", exit, c.exit)
			}
			if !strings.Contains(said.String(), c.says) || strings.Contains(said.String(), "Dettaglio") != c.detail || out.Len() > 0 {
				t.Errorf("said %q", said)
			}
		})
	}
}

// What a service refuses is told by its kind, and never as if the service had lied.
func TestReportRefusals(t *testing.T) {
	seen := map[string]fault.Kind{}
	for _, kind := range fault.Kinds {
		d, _, said := at(t, "")
		err := refusal(t, kind)
		if exit := d.Report(err); exit != 1 || !strings.Contains(said.String(), "q-2222") {
			t.Errorf("%s: exit %d, %q", kind, exit, said)
		}
		says, _, _ := strings.Cut(said.String(), "Dettaglio")
		if other, twice := seen[says]; twice || says == "" {
			t.Errorf("%s and %s are told the same", kind, other)
		}
		seen[says] = kind
	}
}

// answers is a service that refuses everything.
type answers fault.Kind

// Do answers with a problem document.
func (a answers) Do(context.Context, secret.String, string, string, []byte) (int, []byte, error) {
	return 400, []byte(`{"type":"/problems/` + string(a) + `","class":"size","request":"q-2222"}`), nil
}

// Stream answers like Do.
func (a answers) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	status, answer, err := a.Do(ctx, token, method, path, body)
	return status, io.NopCloser(bytes.NewReader(answer)), err
}

// refusal is a service's refusal of a kind, as the client makes it of an answer.
func refusal(t *testing.T, kind fault.Kind) error {
	t.Helper()
	public, err := note.NewPublicKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public().(ed25519.PublicKey)) //nolint:forcetypeassert // it is one
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Parts{Transport: answers(kind), Service: "http://localhost", Memory: &client.Volatile{},
		Anchors: client.Anchors{Origin: "log.example", Log: public.Verifier("log.example"), Root: public.Verifier("root.example")},
		Now:     func() time.Time { return now }, Rand: strings.NewReader("")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Service(t.Context())
	return err
}

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := desk.WriteNew(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := desk.WriteNew(path, []byte("y")); !desk.Told(err) {
		t.Errorf("over another: %v", err)
	}
	if got, err := desk.ReadSmall(path); err != nil || string(got) != "x" {
		t.Errorf("ReadSmall = %q, %v", got, err)
	}
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.ReadSmall(path); !desk.Told(err) {
		t.Errorf("a large file: %v", err)
	}
}

func FuzzReadPutCard(f *testing.F) {
	for _, seed := range []string{`{"note":"x"}`, `{"note":"x","name":{"salt":"AA==","text":"y"}}`, `{"note":"x","note":"y"}`, `{"Note":"x"}`, "", "null"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "card")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := desk.ReadPutCard(path)
		if err != nil {
			if !desk.Told(err) {
				t.Errorf("%v", err)
			}
			return
		}
		again := filepath.Join(t.TempDir(), "again")
		if err := desk.WritePutCard(again, p); err != nil {
			return // text that is not UTF-8
		}
		q, err := desk.ReadPutCard(again)
		if err != nil || !cmp.Equal(p, q) {
			t.Errorf("%v, then %v, %v", p, q, err)
		}
	})
}
