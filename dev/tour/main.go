// Command tour runs the main job of Varco on the sample network, with the programs that
// people use, and says in plain words what happens at each step. Everything that it says is
// checked as it goes: it stops at the first thing that is not so. It is also a test.
//
// The job itself is in story.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"varco/dev/sample"
)

func main() {
	// Signals are held until the end: a second Ctrl-C must not interrupt the cleaning up.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// run raises the network, tells the story on it, and throws everything away.
func run(ctx context.Context, out io.Writer) error {
	fmt.Fprint(out, "Raising the sample network: half a minute.\n")
	n, err := sample.Raise(ctx, sample.Options{})
	if err != nil {
		return err
	}
	t, err := newTeller(ctx, n, out)
	if err == nil {
		err = t.tell(story)
	}
	return errors.Join(err, n.Close())
}
