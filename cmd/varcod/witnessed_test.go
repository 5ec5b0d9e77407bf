package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"varco/dev/sample"
	"varco/internal/card/cardtest"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

// TestWitnessed is what a person sees of witnesses, all of them programs of their own: her entry is
// witnessed when the quorum that she trusts has cosigned, and merely recorded while one of it is
// away, behind, or somebody whom she does not know; so is the end of a thread.
func TestWitnessed(t *testing.T) {
	n := raise(t, "")
	n.Stop()
	a := anchorsOf(t, n)
	built := t.TempDir()
	must(t, sample.Build(t.Context(), built, "varco/cmd/varco-verify"))
	verify := filepath.Join(built, "varco-verify")
	first, second := newWitness(t, verify, "first.example", a.LogKey), newWitness(t, verify, "second.example", a.LogKey)
	first.serve(t)
	second.serve(t)
	folder := filepath.Join(n.Dir, "service")
	policy := fmt.Sprintf("witness a %s http://%s\nwitness b %s http://%s\ngroup both all a b\nquorum both\n",
		first.key, first.at, second.key, second.at)
	must(t, os.WriteFile(filepath.Join(folder, "witnesses.policy"), []byte(policy), 0o600))
	config, err := os.ReadFile(filepath.Join(folder, "varcod.toml"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, "varcod.toml"), append([]byte("witnesses = \"witnesses.policy\"\n"), config...), 0o600))
	must(t, n.Start(t.Context()))

	trusting := func(quorum int, keys ...string) *client.Unlocked {
		trusted := a
		var err error
		trusted.Quorum, err = ledger.NewQuorum(keys, quorum)
		must(t, err)
		return device{Anchors: &trusted}.of(t, n, "anna")
	}
	both := func() *client.Unlocked { return trusting(2, first.key, second.key) }
	stands := func(what string, u *client.Unlocked, r ledger.Receipt, want client.Standing, by int) {
		t.Helper()
		p, err := u.VerifyReceipt(t.Context(), r)
		must(t, err)
		age := time.Since(p.WitnessedAt)
		if p.Standing != want || len(p.By) != by || (want == client.Witnessed) != (age < time.Minute) || p.Unwitnessed {
			t.Errorf("%s: %s by %d since %s, want %s by %d", what, p.Standing, len(p.By), p.WitnessedAt, want, by)
		}
	}
	u := both()
	o, err := u.OpenCase(t.Context(), client.NewCase{With: n.Resident("olga").Organisation, Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Buongiorno."}, Colleagues: []ids.Person{n.Resident("carla").ID}, Holder: n.Resident("olga").ID})
	must(t, err)
	stands("both are there", u, o.Receipts[0], client.Witnessed, 2)
	stands("nobody whom she knows", trusting(1, note.CosignerKey("w.example", cardtest.Public("w.example"))), o.Receipts[0], client.Recorded, 0)

	second.stop(t)
	later, err := u.Post(t.Context(), o.Thread, client.Content{Text: "Quando uno manca."})
	must(t, err)
	stands("one is away", u, later, client.Recorded, 1)
	stands("one is away, and she trusts the other", trusting(1, first.key), later, client.Witnessed, 1)
	stands("one is away, and it was before", both(), o.Receipts[0], client.Witnessed, 2)

	second.serve(t) // and has seen less
	stands("one is behind", u, later, client.Witnessed, 2)

	n.Stop()
	must(t, n.Start(t.Context())) // records how far all has come
	anew := func() client.Fresh {
		t.Helper()
		v, err := both().ReadThread(t.Context(), o.Thread.State.Thread, "")
		must(t, err)
		return v.Fresh
	}
	fresh := anew()
	for deadline := time.Now().Add(time.Minute); fresh.At.IsZero() && time.Now().Before(deadline); fresh = anew() {
		time.Sleep(100 * time.Millisecond)
	}
	if fresh.Standing != client.Witnessed || time.Since(fresh.At) > 2*time.Minute {
		t.Errorf("the end of a thread is proven so: %+v", fresh)
	}
	second.stop(t)
	n.Stop()
	must(t, n.Start(t.Context())) // and nobody cosigns the new heads
	fresh = anew()
	for deadline := time.Now().Add(time.Minute); fresh.At.IsZero() && time.Now().Before(deadline); fresh = anew() {
		time.Sleep(100 * time.Millisecond)
	}
	if fresh.Standing != client.Recorded {
		t.Errorf("without the quorum the end of a thread is proven so: %+v", fresh)
	}
}

// aWitness is a program that witnesses the log.
type aWitness struct {
	program, dir, key, at string
	cmd                   *exec.Cmd // nil while it is away
}

func newWitness(t *testing.T, program, name, logKey string) *aWitness {
	t.Helper()
	w := &aWitness{program: program, dir: filepath.Join(t.TempDir(), "witness"), at: "127.0.0.1:0"}
	for _, args := range [][]string{{"create", "--dir", w.dir, "--name", name}, {"add", "--dir", w.dir, logKey}} {
		if said, err := exec.Command(program, append([]string{"witness"}, args...)...).CombinedOutput(); err != nil { //nolint:noctx // it ends
			t.Fatalf("%v: %s", err, said)
		}
	}
	return w
}

// serve lets it answer, at the address that it had before.
func (w *aWitness) serve(t *testing.T) {
	t.Helper()
	w.cmd = exec.Command(w.program, "witness", "serve", "--dir", w.dir, "--listen", w.at) //nolint:noctx // it is stopped
	out, err := w.cmd.StdoutPipe()
	must(t, err)
	must(t, w.cmd.Start())
	t.Cleanup(func() { _ = w.cmd.Process.Kill() }) // of what has ended it does nothing
	lines := bufio.NewScanner(out)
	lines.Scan()
	_, w.at, _ = strings.Cut(lines.Text(), "su http://")
	lines.Scan()
	w.key = lines.Text()
	if w.at == "" || w.key == "" {
		t.Fatal("the witness says nothing")
	}
}

func (w *aWitness) stop(t *testing.T) {
	t.Helper()
	must(t, w.cmd.Process.Signal(syscall.SIGTERM))
	must(t, w.cmd.Wait())
}
