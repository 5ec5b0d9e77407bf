package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// desk is a folder of an auditor.
type desk struct {
	t      *testing.T
	folder string
	now    func() time.Time
	stdout string
	stderr string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, folder: t.TempDir(), now: func() time.Time { return cardtest.Start }}
	d.write("anchors", "origin = \""+verifytest.Origin+"\"\nlog = \""+logKey()+"\"\nroot = \""+rootKey()+"\"\n")
	return d
}

func logKey() string  { return note.VerifierKey(verifytest.Origin, cardtest.Public(verifytest.Origin)) }
func rootKey() string { return note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName)) }

func (d *desk) path(name string) string { return filepath.Join(d.folder, name) }

func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) read(name string) string {
	d.t.Helper()
	b, err := os.ReadFile(d.path(name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}

// run runs the program; an argument that begins with "@" is a file of the desk.
func (d *desk) run(want int, args ...string) {
	d.t.Helper()
	for i, arg := range args {
		if name, ok := strings.CutPrefix(arg, "@"); ok {
			args[i] = d.path(name)
		}
	}
	var stdout, stderr bytes.Buffer
	got := run(args, &stdout, &stderr, d.now)
	d.stdout, d.stderr = stdout.String(), stderr.String()
	if got != want {
		d.t.Errorf("%v ends with %d, want %d\n%s%s", args, got, want, d.stdout, d.stderr)
	}
}

const whole = `Il registro è integro.

Registro            log.varco.example
Righe verificate    34 di 34
Periodo             dal 2/11/2026 08:00:00 al 2/11/2026 08:00:33 (UTC)
Punti di controllo  3; più di un'ora senza: mai
Punto dei thread    più di un'ora senza: mai
Testimoni           non chiesti (--policy): del registro risponde soltanto chi lo tiene
Persone             11 (pseudonimi), 11 carte, 4 elenchi di enti
Thread              1, con 6 voci

Atti                                            fatti  negati  rifiutati
apertura di un caso              case.open      1      0       0
elenco dei propri casi           case.list      1      0       0
voce aggiunta                    entry.append   5      0       0
lettura                          thread.read    3      1       0
allegato caricato                blob.put       3      0       0
allegato tolto prima dell'invio  blob.drop      1      0       0
allegato scaricato               blob.read      1      0       0
carta pubblicata                 card.put       11     0       0
elenco di un ente pubblicato     roster.put     4      0       0
ingresso                         session.begin  0      1       0
registro cominciato              ledger.begin   1      0       0
regole caricate                  policy.load    1      0       0
`

func TestResults(t *testing.T) {
	d := newDesk(t)
	n := verifytest.Sample(t)
	b := string(n.Bundle())
	d.write("whole", b)
	d.write("tampered", strings.Replace(b, "outcome deny", "outcome allow", 1))
	d.write("incomplete", b[:len(b)/2])
	d.write("cut", b[:len(b)-3])

	d.run(0, "--anchors", "@anchors", "@whole")
	if diff := cmp.Diff(strings.Fields(whole), strings.Fields(d.stdout)); diff != "" || d.stderr != "" {
		t.Errorf("whole (-want +got):\n%s\n%s%s", diff, d.stdout, d.stderr)
	}
	d.run(1, "--anchors", "@anchors", "@tampered")
	leaf := n.Find(act.SessionBegin, act.Deny, 0)
	for _, want := range []string{"ALTERATO", "Riga 16 (" + ledger.Number(leaf) + "): ciò che c'è scritto non è ciò che",
		"(proof: ", "Righe verificate    16 di 34"} {
		if !strings.Contains(d.stdout, want) {
			t.Errorf("%q is not in\n%s", want, d.stdout)
		}
	}
	d.run(2, "--anchors", "@anchors", "@incomplete")
	for _, want := range []string{"INCOMPLETO", "Righe da ", "manca qualcosa"} {
		if !strings.Contains(d.stdout, want) {
			t.Errorf("%q is not in\n%s", want, d.stdout)
		}
	}
	d.run(2, "--anchors", "@anchors", "@cut")
	if !strings.Contains(d.stdout, "Alla fine: manca qualcosa") {
		t.Errorf("a cut bundle:\n%s", d.stdout)
	}
}

func TestJSON(t *testing.T) {
	d := newDesk(t)
	n := verifytest.Sample(t)
	d.write("whole", string(n.Bundle()))
	d.run(0, "--json", "--anchors", "@anchors", "@whole")
	const want = `{
  "result": "whole",
  "origin": "log.varco.example",
  "size": 34,
  "leaves": 34,
  "erased": 0,
  "acts": {
    "blob.drop": {
      "allow": 1
    },
    "blob.put": {
      "allow": 3
    },
    "blob.read": {
      "allow": 1
    },
    "card.put": {
      "allow": 11
    },
    "case.list": {
      "allow": 1
    },
    "case.open": {
      "allow": 1
    },
    "entry.append": {
      "allow": 5
    },
    "ledger.begin": {
      "allow": 1
    },
    "policy.load": {
      "allow": 1
    },
    "roster.put": {
      "allow": 4
    },
    "session.begin": {
      "deny": 1
    },
    "thread.read": {
      "allow": 3,
      "deny": 1
    }
  },
  "people": 11,
  "threads": 1,
  "entries": 6,
  "cards": 11,
  "rosters": 4,
  "checkpoints": 3,
  "first": "2026-11-02T08:00:00Z",
  "last": "2026-11-02T08:00:33Z",
  "gaps": 0,
  "longest_gap_s": 0,
  "heads_gaps": 0,
  "longest_heads_gap_s": 0,
  "quorum": false
}
`
	if diff := cmp.Diff(want, d.stdout); diff != "" {
		t.Errorf("--json (-want +got):\n%s", diff)
	}
	d.write("empty", "")
	d.run(2, "--json", "--anchors", "@anchors", "@empty")
	var r verify.Report
	if err := json.Unmarshal([]byte(d.stdout), &r); err != nil {
		t.Fatal(err)
	}
	if r.Result != verify.Incomplete || r.Finding == nil || r.Finding.Class != "missing" || r.Finding.Why == "" {
		t.Errorf("got %+v, %+v", r, r.Finding)
	}
}

// TestKeeping is a year of an auditor: each time the log must begin with what it was.
func TestKeeping(t *testing.T) {
	d := newDesk(t)
	n := verifytest.Sample(t)
	first := string(n.Bundle())
	d.write("first", first)
	d.run(0, "--anchors", "@anchors", "--save", "@kept", "@first")
	if want := n.Checkpoint(34).Note; d.read("kept") != want {
		t.Fatalf("kept %q, want %q", d.read("kept"), want)
	}
	n.Record(n.By("anna", act.CaseList, act.Allow))
	n.Mark()
	d.write("second", string(n.Bundle()))
	d.run(0, "--anchors", "@anchors", "--since", "@kept", "@second")
	if !strings.Contains(d.stdout, "le prime 34 righe sono quelle di allora") {
		t.Errorf("the second time:\n%s", d.stdout)
	}
	d.run(0, "--anchors", "@anchors", "--save", "@kept", "@second")
	if want := n.Checkpoint(35).Note; d.read("kept") != want || !strings.Contains(d.stdout, "di allora") {
		t.Fatalf("kept %q, want %q\n%s", d.read("kept"), want, d.stdout)
	}

	// A log that was rolled back or has another history is not kept over the proof of it.
	d.run(1, "--anchors", "@anchors", "--save", "@kept", "@first")
	other := verifytest.Sample(t)
	other.Rewrite(1, func(r *ledger.Record) { r.Source = "aaaa" })
	other.Record(other.By("anna", act.CaseList, act.Allow))
	other.Mark()
	d.write("other", string(other.Bundle()))
	d.run(1, "--anchors", "@anchors", "--save", "@kept", "@other")
	if !strings.Contains(d.stdout, "due storie") {
		t.Errorf("another history:\n%s", d.stdout)
	}
	if want := n.Checkpoint(35).Note; d.read("kept") != want {
		t.Errorf("kept %q, want %q", d.read("kept"), want)
	}
	if files, err := os.ReadDir(d.folder); err != nil || len(files) != 5 {
		t.Errorf("%d files in the folder, %v", len(files), err)
	}
}

func TestAnchors(t *testing.T) {
	d := newDesk(t)
	d.write("b", string(verifytest.Sample(t).Bundle()))
	d.write("toml", "# the network\norigin = \""+verifytest.Origin+"\"\nlog = \""+logKey()+"\"\nroot = \""+rootKey()+"\"\n")
	d.write("extra", d.read("toml")+"more = 1\n")
	d.write("swapped", strings.Replace(d.read("anchors"), "log = ", "log =  ", 1))
	d.write("other", strings.Replace(d.read("toml"), verifytest.Origin+`"`, `other.example"`, 1))
	d.write("long", strings.Repeat("#\n", note.MaxBytes))
	d.run(0, "--anchors", "@anchors", "@b")
	d.run(0, "--anchors", "@toml", "@b")
	d.run(0, "--log", logKey(), "--root", rootKey(), "@b")
	d.run(0, "--log", logKey(), "--root", rootKey(), "--origin", verifytest.Origin, "@b")
	d.run(1, "--log", note.VerifierKey("other.example", cardtest.Public("x")), "--root", rootKey(), "@b")
	for name, args := range map[string][]string{
		"none compiled in":  {"@b"},
		"log alone":         {"--log", logKey(), "@b"},
		"root alone":        {"--root", rootKey(), "@b"},
		"both ways":         {"--anchors", "@anchors", "--log", logKey(), "--root", rootKey(), "@b"},
		"origin alone":      {"--origin", verifytest.Origin, "@b"},
		"another origin":    {"--log", logKey(), "--root", rootKey(), "--origin", "other.example", "@b"},
		"no key":            {"--log", "x", "--root", rootKey(), "@b"},
		"no root key":       {"--log", logKey(), "--root", "x", "@b"},
		"no anchors":        {"--anchors", "@none", "@b"},
		"unknown in TOML":   {"--anchors", "@extra", "@b"},
		"not TOML":          {"--anchors", "@b", "@b"},
		"another spelling":  {"--anchors", "@swapped", "@b"},
		"another's key":     {"--anchors", "@other", "@b"},
		"a long file":       {"--anchors", "@long", "@b"},
		"no bundle":         {"--anchors", "@anchors"},
		"two bundles":       {"--anchors", "@anchors", "@b", "@b"},
		"no such bundle":    {"--anchors", "@anchors", "@none"},
		"a folder":          {"--anchors", "@anchors", "@"},
		"no such option":    {"--sinse", "@b", "@b"},
		"since nothing":     {"--anchors", "@anchors", "--since", "@none", "@b"},
		"since something":   {"--anchors", "@anchors", "--since", "@toml", "@b"},
		"save on something": {"--anchors", "@anchors", "--save", "@toml", "@b"},
		"save nowhere":      {"--anchors", "@anchors", "--save", "@none/x", "@b"},
	} {
		t.Run(name, func(t *testing.T) {
			d := *d
			d.t = t
			d.run(exitUnverified, args...)
			if d.stdout != "" || !strings.HasPrefix(d.stderr, "varco-verify: niente è stato verificato: ") {
				t.Errorf("stdout %q, stderr %q", d.stdout, d.stderr)
			}
		})
	}
	if d.read("toml") == "" {
		t.Error("a file that is no checkpoint was replaced")
	}
	d.run(0, "--help")
	if d.stdout != usage {
		t.Errorf("--help says %q", d.stdout)
	}
}

// A long verification says how far it is, and not on the standard output.
func TestProgress(t *testing.T) {
	d := newDesk(t)
	d.write("b", string(verifytest.Busy(t, 500).Bundle()))
	now := cardtest.Start
	d.now = func() time.Time { now = now.Add(time.Second); return now }
	d.run(0, "--anchors", "@anchors", "--json", "@b")
	if !strings.Contains(d.stderr, "verifica in corso: 100%\n") || strings.Contains(d.stdout, "in corso") {
		t.Errorf("stderr %q", d.stderr)
	}
}

// TestWords sees that whatever can be told has its words.
func TestWords(t *testing.T) {
	for _, a := range act.Acts {
		if acts[a] == "" {
			t.Errorf("the act %s has no words", a)
		}
	}
	for _, r := range verify.Results {
		if _, ok := exits[r]; results[r] == "" || !ok {
			t.Errorf("the result %s has no words or no exit", r)
		}
	}
	if saysOf("phrase") == "" {
		t.Error("a class that no bundle has is told by nothing")
	}
}

// TestLinks sees that what verifies can reach no network, and shares with the service the
// forms and what they mean. Only the witness, in the same program, listens.
func TestLinks(t *testing.T) {
	for _, pkg := range linked(t, "varco/internal/verify") {
		if pkg == "net" || strings.HasPrefix(pkg, "net/") || pkg == "testing" || pkg == "database/sql" {
			t.Errorf("verify links %s", pkg)
		}
	}
	ours := slices.DeleteFunc(linked(t, "varco/cmd/varco-verify"), func(pkg string) bool { return !strings.HasPrefix(pkg, "varco/internal/") })
	slices.Sort(ours)
	want := []string{"act", "anchors", "bundle", "card", "fault", "ids", "ledger", "note", "thread", "verify", "witness"}
	for i := range want {
		want[i] = "varco/internal/" + want[i]
	}
	if diff := cmp.Diff(want, ours); diff != "" {
		t.Errorf("packages of the house (-want +got):\n%s", diff)
	}
}

func linked(t *testing.T, pkg string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", pkg).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// TestSuccessions: a log goes on under a root that has succeeded the one that is trusted.
func TestSuccessions(t *testing.T) {
	d := newDesk(t)
	n := verifytest.NewNetwork(t)
	key := note.VerifierKey("root2.example", cardtest.Public("root2.example"))
	newer := note.NewSigner("root2.example", cardtest.Key("root2.example"))
	msg, err := card.SignSuccession(card.Succession{Old: rootKey(), New: key, Issued: cardtest.Start.Add(time.Minute), Ends: cardtest.Expires},
		cardtest.Root(), newer)
	if err != nil {
		t.Fatal(err)
	}
	c := cardtest.Card("tina", "a centre")
	c.Steward = &card.Steward{Kind: act.Centre, NameCommitment: cardtest.Named("a centre").Commitment()}
	own := note.NewSigner(card.SignatureName(c.Person, 1), cardtest.Key("tina"))
	endorsed, err := card.Sign(c, own)
	if err == nil {
		endorsed, err = note.Cosign(endorsed, newer)
	}
	if err != nil {
		t.Fatal(err)
	}
	signed, err := card.ParseSteward(endorsed, cardtest.Public("root2.example").Verifier("root2.example"), nil)
	if err != nil {
		t.Fatal(err)
	}
	n.Publish(cardtest.Person{Signed: signed, Name: "tina", Signer: own})
	n.Mark()
	d.write("bundle", string(n.Bundle()))
	d.write("successions", string(msg))
	d.run(1, "--anchors", "@anchors", "@bundle")
	d.run(0, "--anchors", "@anchors", "--successions", "@successions", "@bundle")
	d.run(0, "--log", logKey(), "--root", key, "--successions", "@successions", "@bundle")
	d.write("successions", string(msg[1:]))
	d.run(3, "--anchors", "@anchors", "--successions", "@successions", "@bundle")
}
