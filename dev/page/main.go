// Command page raises the sample network and tries the page on it in a real browser, as the
// tests in web/test say. The page must have been built (make web).
//
//	go run ./dev/page                        all the tests
//	go run ./dev/page -screens docs/screens  and keeps a picture of each room
//	go run ./dev/page -wait                  raises it and waits: for working on the page
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"varco/dev/sample"
	"varco/web"
)

func main() {
	var o options
	flag.BoolVar(&o.wait, "wait", false, "raise the network and wait; a line builds page and service anew")
	flag.StringVar(&o.screens, "screens", "", "folder for pictures of the rooms")
	flag.StringVar(&o.only, "only", "", "run the tests whose names match")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, o, os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

type options struct {
	wait          bool
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
	if o.wait {
		err = wait(ctx, n, in, out)
	} else {
		err = try(ctx, n, o, out)
	}
	return errors.Join(err, n.Close())
}
