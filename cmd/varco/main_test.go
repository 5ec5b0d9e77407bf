package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"varco/dev/sample"
)

// programs are built as they are shipped: under the race detector a phrase would take half a
// minute.
var programs = []string{"varco/cmd/varco", "varco/cmd/varco-verify", "varco/dev/browser"}

//go:embed testdata/network.toml
var network string

// invited finds in the network file who is called how.
var invited = regexp.MustCompile(`\[\[invitation\]\] # (\w+)\nid = .*\nperson = "(.*)"`)

func TestScripts(t *testing.T) {
	bin := t.TempDir()
	if err := sample.Build(t.Context(), bin, programs...); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Setenv("BROWSER", filepath.Join(bin, "browser"))
			e.Setenv("NORMAL", filepath.Join(bin, "browser"))
			for _, person := range invited.FindAllStringSubmatch(network, -1) {
				e.Setenv(strings.ToUpper(person[1]), person[2])
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"as":    as,
			"found": found,
			"serve": serve,
			"stop":  stop,
		},
		RequireExplicitExec: true,
	})
}

// as lets the commands that follow be somebody's, on a computer of her own: as NAME
func as(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: as NAME")
	}
	ts.Setenv("VARCO_HOME", ts.MkAbs(filepath.Join("home", args[0])))
	ts.Setenv("VARCO_DEV_ACCOUNT", args[0])
}

// found keeps what the group of a pattern matches in what was just written on standard output:
// found VARIABLE PATTERN
func found(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: found VARIABLE PATTERN")
	}
	match := regexp.MustCompile(`(?m)` + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if match == nil {
		ts.Fatalf("nothing like %s was said", args[1])
	}
	ts.Setenv(args[0], strings.TrimSpace(match[1]))
}

// serve starts a service and a provider for the network of the scripts, until the end of the
// script: serve. The root's verifier key is in $ROOT. It sets $SERVICE, and writes the
// anchors to anchors.toml and the code of everybody's invitation to invitations/<person>.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: serve")
	}
	s, err := start(ts.MkAbs("."), ts.Getenv("ROOT"), network)
	ts.Check(err)
	running.Store(ts, s)
	ts.Defer(func() { stop(ts, false, nil) })
	ts.Setenv("SERVICE", s.app.URL())
	ts.Check(os.MkdirAll(ts.MkAbs("invitations"), 0o700))
	for person, code := range s.invitations {
		ts.Check(os.WriteFile(ts.MkAbs(filepath.Join("invitations", string(person))), fmt.Appendln(nil, code.Reveal()), 0o600))
	}
}

// running holds the service of each script.
var running sync.Map

// stop stops the service: stop
func stop(ts *testscript.TestScript, _ bool, _ []string) {
	if s, ok := running.LoadAndDelete(ts); ok {
		ts.Check(s.(*service).stop()) //nolint:forcetypeassert // nothing else is in it
	}
}
