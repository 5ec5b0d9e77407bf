package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"varco/internal/fault"
	"varco/internal/witness"
)

const witnessUsage = `Uso: varco-verify witness create --dir CARTELLA --name NOME
     varco-verify witness add    --dir CARTELLA CHIAVE
     varco-verify witness serve  --dir CARTELLA [--listen INDIRIZZO:PORTA]

Un testimone conserva l'ultimo punto di controllo di un registro e ne controfirma uno nuovo soltanto se il registro
dimostra di essere solo cresciuto. Vede quante righe ci sono e la loro impronta: niente di ciò che c'è scritto.
Vale se lo tiene qualcuno che non gestisce il servizio.

  create   fa la chiave del testimone, una volta; stampa la chiave di verifica, da dare a chi deve fidarsi
  add      fa conoscere al testimone un registro, per la sua chiave di verifica
  serve    risponde (C2SP tlog-witness) finché non lo si ferma; senza --listen su 127.0.0.1:8450
`

// defaultWitnessListen is where a witness listens unless it is told otherwise: on this machine
// only, behind a proxy that speaks https.
const defaultWitnessListen = "127.0.0.1:8450"

// The limits of a connection of a witness.
const (
	witnessReadTime  = 10 * time.Second
	witnessWriteTime = 20 * time.Second
	witnessIdleTime  = 2 * time.Minute
	witnessStopTime  = 5 * time.Second
	witnessHeader    = 16 << 10
)

// runWitness does what a line "witness …" says, and returns how the program ends.
func runWitness(args []string, stdout, stderr io.Writer, now func() time.Time) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := doWitness(ctx, args, stdout, now)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, witnessUsage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "varco-verify: %v\n", err)
		return exitUnverified
	}
	return 0
}

func doWitness(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	if len(args) == 0 || slices.Contains([]string{"help", "--help", "-help", "-h"}, args[0]) {
		return flag.ErrHelp
	}
	if !slices.Contains([]string{"create", "add", "serve"}, args[0]) {
		return fault.New(fault.Invalid, "«%s» non è tra i comandi, che sono create, add e serve: varco-verify witness --help", args[0])
	}
	flags := flag.NewFlagSet("witness", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	dir, name := flags.String("dir", "", ""), flags.String("name", "", "")
	listen := flags.String("listen", defaultWitnessListen, "")
	if err := flags.Parse(args[1:]); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return fault.Wrap(fault.Invalid, err, "le opzioni non vanno bene (varco-verify witness --help)")
	}
	if *dir == "" {
		return fault.New(fault.Invalid, "manca --dir, la cartella del testimone: varco-verify witness --help")
	}
	switch {
	case args[0] == "create" && *name != "" && flags.NArg() == 0:
		return createWitness(out, *dir, *name)
	case args[0] == "add" && flags.NArg() == 1:
		if err := witness.Add(*dir, flags.Arg(0)); err != nil {
			return err
		}
		fmt.Fprintln(out, "Il testimone conosce il registro. Se era in funzione, va riavviato.")
		return nil
	case args[0] == "serve" && flags.NArg() == 0:
		return serveWitness(ctx, out, *dir, *listen, now)
	}
	return fault.New(fault.Invalid, "manca qualcosa, o c'è qualcosa di troppo, dopo %s: varco-verify witness --help", args[0])
}

func createWitness(out io.Writer, dir, name string) error {
	key, err := witness.Create(dir, name, rand.Reader)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Chiave di verifica del testimone, da dare a chi deve fidarsi:\n%s\n", key)
	return nil
}

// serveWitness answers until ctx ends.
func serveWitness(ctx context.Context, out io.Writer, dir, listen string, now func() time.Time) (err error) {
	s, err := witness.Open(dir, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s, ReadTimeout: witnessReadTime, WriteTimeout: witnessWriteTime, IdleTimeout: witnessIdleTime,
		MaxHeaderBytes: witnessHeader}
	fmt.Fprintf(out, "Testimone di %d registri, su http://%s\n%s\n", s.Logs(), listener.Addr(), s.Key())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), witnessStopTime)
	defer cancel()
	return server.Shutdown(limited)
}
