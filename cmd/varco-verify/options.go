package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
)

const usage = `Uso: varco-verify [opzioni] FILE
     varco-verify witness …       un testimone del registro: varco-verify witness --help

Verifica il registro contenuto in FILE, preso con «varco audit bundle», senza chiedere niente al servizio.

  --anchors FILE    di chi fidarsi: registro e radice della rete, da un file (altrimenti quelli del programma)
  --log CHIAVE      chiave di verifica del registro
  --root CHIAVE     chiave di verifica della radice della rete
  --successions FILE  note con cui una radice è succeduta all'altra, se ce ne sono
  --origin NOME     nome del registro, se va confrontato con quello della chiave
  --policy FILE     testimoni e quorum (C2SP tlog-policy): dice fin dove il registro è lo stesso per tutti
  --since FILE      punto di controllo conservato: il registro deve cominciare con quello che era allora
  --save FILE       conserva il punto di controllo, se il registro è integro; se FILE c'è già, vale come --since
  --json            risultato per altri programmi

Termina con 0 se il registro è integro, 1 se è alterato, 2 se è incompleto, 3 se niente è stato verificato,
4 se è integro ma i testimoni di --policy non lo confermano fino in fondo.
`

// options are what the command line says.
type options struct {
	bundle                     string
	anchors, log, root, origin string
	policy                     string
	successions                string
	since, save                string
	json                       bool
}

func parseOptions(args []string, help io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("varco-verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.anchors, "anchors", "", "")
	flags.StringVar(&o.log, "log", "", "")
	flags.StringVar(&o.root, "root", "", "")
	flags.StringVar(&o.successions, "successions", "", "")
	flags.StringVar(&o.origin, "origin", "", "")
	flags.StringVar(&o.policy, "policy", "", "")
	flags.StringVar(&o.since, "since", "", "")
	flags.StringVar(&o.save, "save", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.Usage = func() {}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(help, usage)
		return o, err
	} else if err != nil {
		return o, fault.Wrap(fault.Invalid, err, "le opzioni non vanno bene (varco-verify --help)")
	}
	if flags.NArg() != 1 {
		return o, fault.New(fault.Invalid, "serve un FILE da verificare, dopo le opzioni (varco-verify --help)")
	}
	o.bundle = flags.Arg(0)
	if (o.log == "") != (o.root == "") || o.anchors != "" && o.log != "" || o.origin != "" && o.log == "" {
		return o, fault.New(fault.Invalid, "servono --anchors, o --log insieme a --root (varco-verify --help)")
	}
	return o, nil
}

// verify verifies the bundle, and keeps its last checkpoint if it is whole.
func (o *options) verify(progress io.Writer, now func() time.Time) (verify.Report, error) {
	trust, err := o.trust()
	if err == nil {
		trust.Quorum, err = o.quorum(trust)
	}
	if err != nil {
		return verify.Report{}, err
	}
	since, err := o.kept(trust)
	if err != nil {
		return verify.Report{}, err
	}
	in, err := os.Open(o.bundle)
	if err != nil {
		return verify.Report{}, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	info, err := in.Stat()
	if err != nil {
		return verify.Report{}, err
	}
	report, err := verify.Verify(&meter{in: in, size: info.Size(), out: progress, now: now, shown: now()}, trust, since)
	if err == nil && report.Result == verify.Whole && o.save != "" {
		err = keep(o.save, report.Checkpoint)
	}
	return report, err
}

// quorum reads whose cosignatures are asked for: those of --policy, or those of the anchors.
func (o *options) quorum(trust verify.Trust) (ledger.Quorum, error) {
	if o.policy == "" {
		return trust.Quorum, nil
	}
	text, err := readSmall(o.policy)
	if err != nil {
		return ledger.Quorum{}, err
	}
	q, err := ledger.ParseQuorum(string(text))
	if err == nil && q.Log != nil && (q.Log.Name() != trust.Log.Name() || q.Log.KeyHash() != trust.Log.KeyHash()) {
		err = errors.New("è di un altro registro")
	}
	if err != nil {
		return q, fault.Wrap(fault.Invalid, err, "%s non va bene", o.policy)
	}
	return q, nil
}

// kept reads the checkpoint of an earlier time, nil if there is none. One that is about to be
// replaced counts too: else a log that was rolled back would replace the proof of it.
func (o *options) kept(trust verify.Trust) (*ledger.Checkpoint, error) {
	path := o.since
	if path == "" {
		if _, err := os.Stat(o.save); o.save == "" || errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		path = o.save
	}
	msg, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	c, _, err := ledger.OpenCosigned(msg, trust.Origin, trust.Log, trust.Quorum)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s non è un punto di controllo di questo registro", path)
	}
	return &c, nil
}

// print writes the report for people or for programs.
func (o *options) print(out io.Writer, r verify.Report) error {
	if !o.json {
		return tell(out, r, o.save)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}

// readSmall reads a file that is no longer than a note.
func readSmall(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(io.LimitReader(in, note.MaxBytes+1))
	if err == nil && len(b) > note.MaxBytes {
		err = fault.New(fault.TooLarge, "%s è troppo lungo", path)
	}
	return b, err
}
