// Command varco is a person's command line: she signs in, makes her keys, opens a case, reads
// and answers, signs the roster of her organisation, audits the log. Package cli has it all.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"time"

	"varco/internal/cli"
	"varco/internal/cli/desk"
	"varco/internal/keyring"
	"varco/keys"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := cli.Main(ctx, desk.Device{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		Rand: rand.Reader, Network: keys.Network(), Work: keyring.DefaultWork(),
		Terminal: desk.OpenTerminal}, os.Args[1:])
	stop()
	os.Exit(status)
}
