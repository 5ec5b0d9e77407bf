package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"varco/dev/sample"
)

// command is what somebody types, and what must come of it.
type command struct {
	line    string // the program and its arguments
	input   string // text that she types in
	phrase  bool   // asks for her phrase
	exits   int
	says    []string // each is in what the command says
	sayNone []string // none is
	shows   int      // how many lines of it are shown, 0 for all
}

// limit is how long a command may take: those that ask for a phrase take a second or two.
const limit = time.Minute

// exec runs a command as a process of its own. What somebody would type after the question
// for her phrase comes from a file descriptor.
func (t *teller) exec(r *sample.Resident, c command) (said string, exit int, err error) {
	words := strings.Fields(c.line)
	if c.phrase {
		words = append(words, "--phrase-fd", "3")
	}
	ctx, cancel := context.WithTimeout(t.ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(t.n.Programs, words[0]), words[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env, cmd.Dir, cmd.Stdin = append(os.Environ(), t.n.Environment(r)...), t.desk, strings.NewReader(c.input)
	if c.phrase {
		phrase, err := os.Open(r.PhraseFile())
		if err != nil {
			return "", 0, fmt.Errorf("reading the phrase: %w", err)
		}
		defer func() { _ = phrase.Close() }() // only read
		cmd.ExtraFiles = []*os.File{phrase}
	}
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err = cmd.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok && ended.Exited() {
		exit, err = ended.ExitCode(), nil
	}
	return strings.TrimSpace(banner.ReplaceAllString(both.String(), "")), exit, err
}

// banner is what every command says in a demonstration. The tour says it once.
var banner = regexp.MustCompile(`(?m)^\*\*\* DIMOSTRAZIONE.*\n?`)

// kept compares what came of a command with what must.
func (c *command) kept(said string, exit int) error {
	if exit != c.exits {
		return fmt.Errorf("it ended with %d, not %d", exit, c.exits)
	}
	for _, word := range c.says {
		if !strings.Contains(said, word) {
			return fmt.Errorf("it did not say %q", word)
		}
	}
	for _, word := range c.sayNone {
		if strings.Contains(said, word) {
			return fmt.Errorf("it said %q", word)
		}
	}
	return nil
}
