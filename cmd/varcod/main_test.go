package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"varco/internal/card/cardtest"
	"varco/internal/note"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"varcod": main}) }

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		// How a program ends under the race detector: see the Makefile.
		Setup: func(e *testscript.Env) error { e.Setenv("GORACE", os.Getenv("GORACE")); return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"anchors":   anchors,
			"answers":   answers,
			"remembers": remembers,
		},
		RequireExplicitExec: true,
	})
}

// anchors makes an anchors file of the verifier key that keys create has printed, with a test root.
func anchors(ts *testscript.TestScript, _ bool, args []string) {
	log := strings.TrimSpace(strings.TrimPrefix(ts.ReadFile("stdout"), "log "))
	origin, _, _ := strings.Cut(log, "+")
	root := note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil, "origin = %q\nlog = %q\nroot = %q\n", origin, log, root), 0o600))
}

// answers waits until a file names where the service is ready, and asks it for a path.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		url, ok := readyAt(ts.MkAbs(args[0]))
		if !ok {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		resp, err := http.Get(url + args[1]) //nolint:noctx // a script has no context
		ts.Check(err)
		ts.Check(resp.Body.Close())
		if (resp.StatusCode < 300) == neg {
			ts.Fatalf("%s answers %d", args[1], resp.StatusCode)
		}
		return
	}
	ts.Fatalf("the service is not ready")
}

func readyAt(path string) (url string, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	for line := range strings.Lines(string(text)) {
		url, whole := strings.CutSuffix(line, "\n")
		if url, ok := strings.CutPrefix(url, "varcod is ready at "); ok && whole {
			return url, true
		}
	}
	return "", false
}

// remembers checks that none of the codes on standard output is in a file.
func remembers(ts *testscript.TestScript, neg bool, args []string) {
	content := ts.ReadFile(args[0])
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if _, code, ok := strings.Cut(strings.TrimSpace(line), " code "); ok && strings.Contains(content, code) == neg {
			ts.Fatalf("the code %s and %s", code, args[0])
		}
	}
}
