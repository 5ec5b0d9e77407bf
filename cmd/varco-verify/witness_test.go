package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/card/cardtest"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/witness"
)

const witnessed = "log.example/witnessed"

// A witness made by the commands cosigns a log that asks it, and stops when it is told to.
func TestWitnessCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "w")
	run := func(args ...string) (string, string, int) {
		var out, errs bytes.Buffer
		code := run(append([]string{"witness"}, args...), &out, &errs, time.Now)
		return out.String(), errs.String(), code
	}
	logKey := note.VerifierKey(witnessed, cardtest.Public(witnessed))
	for _, step := range []struct {
		args string
		code int
		says string
	}{
		{"", 0, "Uso:"},
		{"--help", 0, "Uso:"},
		{"create --help", 0, "Uso:"},
		{"create --name w.example", 3, "manca --dir"},
		{"create --dir " + dir, 3, "manca qualcosa"},
		{"create --folder " + dir, 3, "not defined: -folder"},
		{"serve --dir " + dir, 3, "witness.key"},
		{"create --dir " + dir + " --name w.example", 0, "w.example+"},
		{"create --dir " + dir + " --name w.example", 3, "there already"},
		{"add --dir " + dir + " " + logKey, 0, "conosce il registro"},
		{"add --dir " + dir + " " + logKey, 3, "there already"},
		{"add --dir " + dir + " w.example+1+2", 3, "key"},
		{"walk --dir " + dir, 3, "«walk» non è tra i comandi"},
	} {
		if out, errs, code := run(strings.Fields(step.args)...); code != step.code || !strings.Contains(out+errs, step.says) {
			t.Errorf("witness %s: %d\n%s%s", step.args, code, out, errs)
		}
	}

	ctx, stop := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- doWitness(ctx, []string{"serve", "--dir", dir, "--listen", "127.0.0.1:0"}, out, time.Now)
	}()
	lines := bufio.NewScanner(in)
	lines.Scan()
	_, url, _ := strings.Cut(lines.Text(), "su ")
	lines.Scan()
	q, err := ledger.ParseQuorum("witness w " + lines.Text() + " " + url + "\nquorum w\n")
	if err != nil {
		t.Fatal(err)
	}
	a, err := witness.NewAsker(q, 0)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := ledger.SignCheckpoint(witnessed, 0, new(ledger.Edge).Root(), note.NewSigner(witnessed, cardtest.Key(witnessed)))
	if err != nil {
		t.Fatal(err)
	}
	answers, err := a.Ask(ctx, msg, nil, func(context.Context, int64) (tlog.TreeProof, error) { return nil, nil })
	if err != nil || answers[0].Err != nil {
		t.Errorf("%v, %+v", err, answers)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
