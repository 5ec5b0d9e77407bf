package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"varco/dev/sample"
)

// folder of the page's source, from the root of the tree.
const folder = "web"

// described is what the tests are told of the network.
type described struct {
	Service  string   `json:"service"`
	Lying    *lying   `json:"lying"`
	Folder   string   `json:"folder"`
	Programs string   `json:"programs"`
	Screens  string   `json:"screens"` // "" keeps no pictures
	People   []person `json:"people"`
	Newcomer newcomer `json:"newcomer"`
	Second   newcomer `json:"second"`
	Long     talk     `json:"long"` // a thread of which the end is shown first
}

type newcomer struct {
	Label      string `json:"label"`
	Invitation string `json:"invitation"`
}

type person struct {
	Handle      string   `json:"handle"`
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Label       string   `json:"label"` // on the provider's page
	Place       string   `json:"place"`
	Phrase      string   `json:"phrase"`
	PhraseFile  string   `json:"phraseFile"`
	Environment []string `json:"environment"` // of her command line
}

// describe writes what the tests need to know, and returns the file.
func describe(n *sample.Network, l *lying, long talk, screens string) (string, error) {
	d := described{Service: n.Service, Lying: l, Long: long, Folder: n.Dir, Programs: n.Programs, Screens: screens,
		Newcomer: newcomer{n.Newcomer.Label, n.Newcomer.Invitation.Reveal()},
		Second:   newcomer{n.Another.Label, n.Another.Invitation.Reveal()}}
	for _, r := range n.People {
		d.People = append(d.People, person{r.Handle, string(r.ID), r.Name, r.Label, r.Place, r.Phrase.Reveal(), r.PhraseFile(), n.Environment(r)})
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("describing the network: %w", err)
	}
	name := filepath.Join(n.Dir, "network.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return "", fmt.Errorf("describing the network: %w", err)
	}
	return name, nil
}

// try runs the tests of web/test, which are compiled first.
func try(ctx context.Context, n *sample.Network, o options, out io.Writer) error {
	root, err := root(ctx)
	if err != nil {
		return err
	}
	screens := o.screens
	if screens != "" {
		if screens, err = filepath.Abs(screens); err != nil {
			return err
		}
	}
	l, err := startLying(ctx, n.Service)
	if err != nil {
		return err
	}
	defer l.close() //nolint:errcheck // nothing is lost
	long, err := writeCase(ctx, n, "frida", "rosa", testedEntries)
	if err != nil {
		return err
	}
	file, err := describe(n, l, long, screens)
	if err != nil {
		return err
	}
	source := filepath.Join(root, folder)
	if err := do(ctx, source, out, nil, "node_modules/.bin/tsc", "-b", "tsconfig.tools.json"); err != nil {
		return err
	}
	tests, err := compiledTests(source)
	if err != nil {
		return err
	}
	args := []string{"--test", "--test-concurrency=1", "--test-reporter=spec"}
	if o.only != "" {
		args = append(args, "--test-name-pattern="+o.only)
	}
	args = append(args, tests...)
	return do(ctx, source, out, []string{"VARCO_NETWORK=" + file}, "node", args...)
}

// compiledTests are those that have a source: what was compiled of one that is gone stays where it was.
func compiledTests(source string) ([]string, error) {
	tests, err := filepath.Glob(filepath.Join(source, "test/*.test.ts"))
	if err != nil {
		return nil, fmt.Errorf("looking for tests: %w", err)
	}
	if len(tests) == 0 {
		return nil, errors.New("looking for tests: there are none")
	}
	for i, test := range tests {
		tests[i] = filepath.Join(source, "out/tools/test", strings.TrimSuffix(filepath.Base(test), ".ts")+".js")
	}
	return tests, nil
}

// wait raises the service anew for each line, with the page as it is then.
func wait(ctx context.Context, n *sample.Network, in io.Reader, out io.Writer) error {
	root, err := root(ctx)
	if err != nil {
		return err
	}
	l, err := startLying(ctx, n.Service)
	if err != nil {
		return err
	}
	defer l.close() //nolint:errcheck // nothing is lost
	file, err := describe(n, l, talk{}, "")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, described in %s; a line builds the page and the service anew\n", n.Service, file)
	lines := make(chan bool)
	go func() {
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- true
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-n.Ended():
			return n.Death()
		case <-lines:
		}
		n.Stop()
		err := do(ctx, root, out, []string{"QUICK=1"}, "make", "web")
		if err == nil {
			err = do(ctx, root, out, nil, "go", "build", "-o", n.Programs, "./cmd/varcod")
		}
		if err != nil {
			fmt.Fprintln(out, err)
		}
		if err := n.Start(ctx); err != nil {
			return err
		}
		fmt.Fprintln(out, "again at", n.Service)
	}
}

// root is the folder of the tree that this program is run in.
func root(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the tree: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

func do(ctx context.Context, dir string, out io.Writer, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s: %w", name, err)
	}
	return nil
}
