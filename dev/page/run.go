package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"varco/dev/sample"
	"varco/web"
)

type options struct {
	wait, bench   bool
	screens, only string
}

// run raises the network, does what was asked on it, and throws everything away.
func run(ctx context.Context, o options, in io.Reader, out io.Writer) error {
	if !web.Built() {
		return errors.New("the page is not built: run make web")
	}
	fmt.Fprintln(out, "raising the sample network: half a minute")
	n, err := sample.Raise(ctx, sample.Options{})
	if err != nil {
		return err
	}
	switch {
	case o.wait:
		err = wait(ctx, n, in, out)
	case o.bench:
		err = bench(ctx, n, out)
	default:
		err = try(ctx, n, o, out)
	}
	return errors.Join(err, n.Close())
}
