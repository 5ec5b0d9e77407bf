// Command page raises the sample network and tries the page on it in a real browser, as the
// tests in web/test say. The page must have been built (make web).
//
//	go run ./dev/page                        all the tests
//	go run ./dev/page -screens docs/screens  and keeps a picture of each room
//	go run ./dev/page -wait                  raises it and waits: for working on the page
//	go run ./dev/page -bench                 measures how fast it is: make bench-web
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	var o options
	flag.BoolVar(&o.wait, "wait", false, "raise the network and wait; a line builds page and service anew")
	flag.BoolVar(&o.bench, "bench", false, "measure instead of trying")
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
