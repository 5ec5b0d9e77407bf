// Package desk is where a command of the command line works: the machine that it runs on,
// the person at the terminal, who is signed in, and what went wrong in her words.
//
// No secret is ever taken from an argument or from the environment: a phrase is typed without
// echo or read from a file descriptor. Questions, progress and warnings go to the standard
// error, what a command was asked for to the standard output.
package desk

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/italian"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/keyring"
)

// Device is the machine that a command runs on.
type Device struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Now      func() time.Time // in the person's time zone
	Rand     io.Reader
	Network  string // keys.Network
	Work     keyring.Work
	// Terminal opens the terminal where In is something else; nil where nobody sits at one.
	Terminal func() (*os.File, error)
	// Reach makes the way to the service at an address; nil is over HTTP.
	Reach func(service string) client.Transport
}

// Desk is one run of the program on a device.
type Desk struct {
	Device
	ctx      context.Context //nolint:containedctx // it is the length of the run
	stdin    *bufio.Reader
	readAll  bool // stdin was read to its end, as a text
	phraseFD int  // -1: from the terminal
	json     bool // answers with JSON
	fds      map[int]*bufio.Reader
}

// New makes a desk on a device, for a run that ends with ctx: whatever somebody is asked then
// is answered by nobody.
func New(ctx context.Context, d Device) *Desk {
	if d.Reach == nil {
		d.Reach = func(service string) client.Transport { return reach.New(service) }
	}
	return &Desk{Device: d, ctx: ctx, stdin: bufio.NewReader(d.In), phraseFD: -1, fds: map[int]*bufio.Reader{}}
}

// Say writes what a command was asked for.
func (r *Desk) Say(format string, args ...any) { printTo(r.Out, format, args...) }

// Tell writes what goes with it: questions, progress, warnings.
func (r *Desk) Tell(format string, args ...any) { printTo(r.Err, format, args...) }

// printTo writes to somebody's terminal; where that fails nobody is there to be told.
func printTo(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// Table writes lines of cells in columns. Cells may come from anybody.
func Table(w io.Writer, lines [][]string) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, cells := range lines {
		cells = slices.Clone(cells)
		for i := range cells {
			cells[i] = italian.Line(cells[i])
		}
		printTo(columns, "%s\n", strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	_ = columns.Flush()
}

// Group is a command that only holds others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return Misuse("Non c'è un comando «%s %s». Per l'elenco: %s --help", c.CommandPath(), italian.Line(args[0]), c.CommandPath())
	}}
	c.AddCommand(commands...)
	return c
}

// Completes lets the shell complete a flag with fixed values.
func Completes[T ~string](c *cobra.Command, flag string, values []T) {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic("internal error: " + err.Error()) // there is no such flag, or it has values already
	}
}

// Takes accepts from least to most arguments.
func Takes(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return Misuse("Manca qualcosa. Si usa così: %s", c.UseLine())
		case len(args) > most:
			return Misuse("«%s» è di troppo. Si usa così: %s", italian.Line(args[most]), c.UseLine())
		}
		return nil
	}
}
