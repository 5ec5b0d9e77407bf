// Command demo raises the sample network on this machine, says who one can be and what to
// try, and stays until it is interrupted. Then it throws everything away.
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
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	fmt.Fprint(out, "Varco: a sample network on this machine.\n\n")
	n, err := sample.Raise(ctx, sample.Options{Out: out})
	if err != nil {
		return err
	}
	if err := welcome(out, n); err != nil {
		return errors.Join(err, n.Close())
	}
	select {
	case <-ctx.Done():
	case <-n.Ended():
		if ctx.Err() == nil {
			return errors.Join(n.Death(), n.Close())
		}
	}
	err = n.Close()
	if err == nil {
		fmt.Fprintln(out, "\nEverything is thrown away.")
	}
	return err
}
