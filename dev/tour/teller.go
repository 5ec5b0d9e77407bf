package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"varco/dev/sample"
)

// teller tells a story: it prints the words, lets people run their commands, and holds what
// the commands say against what the story promises. After the first broken promise, or the
// end of its context, it does nothing more.
type teller struct {
	ctx   context.Context //nolint:containedctx // it is the length of one tour
	n     *sample.Network
	out   io.Writer
	desk  string // folder in which the commands run
	steps int
	err   error
}

func newTeller(ctx context.Context, n *sample.Network, out io.Writer) (*teller, error) {
	t := &teller{ctx: ctx, n: n, out: out, desk: filepath.Join(n.Dir, "desk")}
	anchors, err := os.ReadFile(n.Anchors)
	if err == nil {
		err = os.Mkdir(t.desk, 0o700)
	}
	if err == nil {
		err = os.WriteFile(t.file(anchorsFile), anchors, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("preparing the tour: %w", err)
	}
	return t, nil
}

// tell tells a story to its end and returns what was not as promised.
func (t *teller) tell(story func(*teller)) error {
	story(t)
	select {
	case <-t.n.Ended():
		t.err = errors.Join(t.err, t.n.Death())
	default:
	}
	if t.ctx.Err() != nil {
		return context.Cause(t.ctx)
	}
	return t.err
}

// step begins a step.
func (t *teller) step(title, text string) {
	if t.err == nil {
		t.steps++
		fmt.Fprintf(t.out, "\n%d. %s\n", t.steps, title)
		t.say(text)
	}
}

// say says something.
func (t *teller) say(text string) {
	if t.err == nil {
		fmt.Fprintf(t.out, "\n%s\n", prefix("   ", text))
	}
}

// run lets somebody run a command and returns what it said.
func (t *teller) run(handle string, c command) string {
	if t.err != nil {
		return ""
	}
	fmt.Fprintf(t.out, "\n   %s $ %s\n", handle, c.line)
	if c.input != "" {
		fmt.Fprintln(t.out, prefix("     < ", c.input))
	}
	said, exit, err := t.exec(t.n.Resident(handle), c)
	fmt.Fprintln(t.out, prefix("     | ", beginning(said, c.shows)))
	if err == nil {
		err = c.kept(said, exit)
	}
	if err != nil {
		t.err = fmt.Errorf("step %d, %s running %s: %w", t.steps, handle, c.line, err)
	}
	return said
}

// find returns what the group of a pattern matches.
func (t *teller) find(said, pattern string) string {
	if t.err != nil {
		return ""
	}
	found := regexp.MustCompile(pattern).FindStringSubmatch(said)
	if found == nil {
		t.err = fmt.Errorf("step %d: nothing like %s was said", t.steps, pattern)
		return ""
	}
	return found[1]
}

// same holds that several people were told the same, but for the number of the request.
func (t *teller) same(answers []string) {
	for _, one := range answers {
		if t.err == nil && request.ReplaceAllString(one, "") != request.ReplaceAllString(answers[0], "") {
			t.err = fmt.Errorf("step %d: different people were told different things: %q and %q", t.steps, answers[0], one)
		}
	}
}

var request = regexp.MustCompile(`q-\S+`)

// check runs something that is no command of anybody's.
func (t *teller) check(do func() error) {
	if t.err == nil {
		if err := do(); err != nil {
			t.err = fmt.Errorf("step %d: %w", t.steps, err)
		}
	}
}

// file is a file in the folder of the commands.
func (t *teller) file(name string) string { return filepath.Join(t.desk, name) }

// beginning is the first lines of a text.
func beginning(text string, lines int) string {
	all := strings.Split(text, "\n")
	if lines == 0 || len(all) <= lines {
		return text
	}
	return strings.Join(append(all[:lines], "…"), "\n")
}

// prefix puts something before each line.
func prefix(before, text string) string {
	return before + strings.ReplaceAll(text, "\n", "\n"+before)
}
