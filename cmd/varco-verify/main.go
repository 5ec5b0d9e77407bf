// Varco-verify is the auditor's verifier. It reads a bundle, which "varco audit bundle" took
// away from a service, and says whether the log in it is whole: every record, the tree over
// them, who signed what, receipts, the order of time. It needs no service and no network.
//
// "varco-verify witness" is a minimal witness: it cosigns the checkpoints of a log that has
// only grown, over C2SP tlog-witness.
//
// It ends with 0 when the log is whole, with 1 when something in it is false, with 2 when
// something is missing, with 3 when nothing could be verified, and with 4 when it is whole and
// witnesses were asked for who have not cosigned all of it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"varco/internal/verify"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, time.Now)) }

// run verifies as the arguments say, and returns how the program ends.
func run(args []string, stdout, stderr io.Writer, now func() time.Time) int {
	if len(args) > 0 && args[0] == "witness" {
		return runWitness(args[1:], stdout, stderr, now)
	}
	o, err := parseOptions(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		var report verify.Report
		if report, err = o.verify(stderr, now); err == nil {
			err = o.print(stdout, report)
		}
		if err == nil {
			return exitOf(report)
		}
	}
	fmt.Fprintf(stderr, "varco-verify: niente è stato verificato: %v\n", err)
	return exitUnverified
}
