package cli_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"varco/internal/cli"
	"varco/internal/cli/desk"
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/varcotest"
)

// world is a network whose people use the command line.
type world struct {
	*varcotest.Network
	t     *testing.T
	homes string
	over  client.Transport // nil for everybody's own wire
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{Network: varcotest.New(t), t: t, homes: t.TempDir()}
}

// verifierKey prints the key of a verifier, which a network has in no other form.
func verifierKey(v note.Verifier) string {
	raw := reflect.ValueOf(v).FieldByName("key").FieldByName("raw").String()
	key, err := note.NewPublicKey([]byte(raw))
	if err != nil {
		panic(err)
	}
	return note.VerifierKey(v.Name(), key)
}

// anchors is the text of a file of anchors.
func (w *world) anchors() string {
	a := w.Anchors
	return fmt.Sprintf("origin = %q\nlog = %q\nroot = %q\n", a.Origin, verifierKey(a.Log), verifierKey(a.Root))
}

// home is the folder of somebody's profile, where she is signed in.
func (w *world) home(name string) string {
	w.t.Helper()
	folder := filepath.Join(w.homes, name)
	p, err := profile.Setup(folder, varcotest.Service, w.anchors(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	r := w.Resident(name)
	if err := p.Begin(profile.Session{Person: r.ID, Token: r.Device.Client.Token(), Expires: w.Clock.Now().Add(3600e9)}); err != nil {
		w.t.Fatal(err)
	}
	return folder
}

// said is what came of a command.
type said struct {
	t        *testing.T
	line     string
	exit     int
	out, err string
}

// as runs a command for somebody. Her phrase comes first on standard input, where the command
// asks for it.
func (w *world) as(name, input string, args ...string) *said {
	w.t.Helper()
	if slices.Contains(args, "--phrase-fd") {
		input = w.Resident(name).Phrase.Reveal() + "\n" + input
	}
	return w.raw(name, input, args...)
}

// raw runs a command for somebody with exactly this on standard input.
func (w *world) raw(name, input string, args ...string) *said {
	w.t.Helper()
	home := w.home(name)
	var out, err bytes.Buffer
	exit := cli.Main(w.t.Context(), desk.Device{In: strings.NewReader(input), Out: &out, Err: &err,
		Getenv: func(key string) string { return map[string]string{"VARCO_HOME": home}[key] },
		Now:    w.Clock.Now, Rand: rand.Reader, Work: varcotest.Work(),
		Reach: func(string) client.Transport { return w.way(name) }}, args)
	return &said{w.t, "varco " + strings.Join(args, " "), exit, out.String(), err.String()}
}

func (w *world) way(name string) client.Transport {
	if w.over != nil {
		return w.over
	}
	return w.Wire(name)
}

// does runs a command with the phrase.
func (w *world) does(name, line string, args ...string) *said {
	w.t.Helper()
	return w.as(name, "", append(append(strings.Fields(line), args...), "--phrase-fd", "0")...)
}

// asks runs a command that needs no phrase.
func (w *world) asks(name, line string) *said {
	w.t.Helper()
	return w.as(name, "", strings.Fields(line)...)
}

// ends checks how a command has ended.
func (s *said) ends(exit int) *said {
	s.t.Helper()
	if s.exit != exit {
		s.t.Fatalf("%s ended with %d, want %d\n%s\n%s", s.line, s.exit, exit, s.out, s.err)
	}
	return s
}

// says checks that each of the texts is somewhere in what a command said.
func (s *said) says(texts ...string) *said {
	s.t.Helper()
	for _, text := range texts {
		if !strings.Contains(s.out+s.err, text) {
			s.t.Errorf("%s did not say %q:\n%s\n%s", s.line, text, s.out, s.err)
		}
	}
	return s
}

// saysNone checks that none of them is.
func (s *said) saysNone(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if strings.Contains(s.out+s.err, text) {
			s.t.Errorf("%s said %q:\n%s\n%s", s.line, text, s.out, s.err)
		}
	}
}

// match returns what the group of a pattern matches.
func (s *said) match(pattern string) string {
	s.t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(s.out)
	if found == nil {
		s.t.Fatalf("%s did not say %s:\n%s\n%s", s.line, pattern, s.out, s.err)
	}
	return found[1]
}

// after returns the word that follows another.
func (s *said) after(text string) string {
	s.t.Helper()
	return s.match(regexp.QuoteMeta(text) + `\s*(\S+)`)
}

func (w *world) id(name string) string { return string(w.ID(name)) }

// The people of the sample who are in most tests.
const (
	alba   = "alba-operatrice"
	bruna  = "bruna-operatrice"
	carla  = "carla-responsabile"
	dina   = "dina-operatrice"
	franca = "franca-referente"
	gino   = "gino-referente"
	ines   = "ines-direttrice"
	quinto = "quinto-controllo"
)

// opened asks the question: it opens a case of Aurora with Franca, and Gino as her substitute, and returns the code
// of the thread with the office.
func (w *world) opened() ids.Thread {
	w.t.Helper()
	s := w.as(alba, question, "case", "open", "--office", "levante", "--topic", "rdl-01", "--colleague", "Sala", "--holder", "Franca",
		"--substitute", "gino serra", "--phrase-fd", "0").ends(0)
	return ids.Thread(s.after("con INPS"))
}
