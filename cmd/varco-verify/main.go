// Varco-verify is the auditor's verifier. It reads a bundle, which "varco audit bundle" took
// away from a service, and says whether the log in it is whole: every record, the tree over
// them, who signed what, receipts, the order of time. It needs no service and no network.
//
// It ends with 0 when the log is whole, with 1 when something in it is false, with 2 when
// something is missing, and with 3 when nothing could be verified.
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

// exits are the ends of the program by result.
var exits = map[verify.Result]int{verify.Whole: 0, verify.Tampered: 1, verify.Incomplete: 2}

// exitUnverified ends a run that could say nothing about the log.
const exitUnverified = 3

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, time.Now)) }

// run verifies as the arguments say, and returns how the program ends.
func run(args []string, stdout, stderr io.Writer, now func() time.Time) int {
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
			return exits[report.Result]
		}
	}
	fmt.Fprintf(stderr, "varco-verify: niente è stato verificato: %v\n", err)
	return exitUnverified
}
