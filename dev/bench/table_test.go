package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const said = `goos: linux
pkg: varco/internal/store
BenchmarkFloorSync-2             	   10000	    200000 ns/op
BenchmarkFloorCommit/SQLite/clients=1-2 	    1000	    250000 ns/op	      4000 acts/s
BenchmarkFloorWrite-2            	      40	 50000000 ns/op	 335.54 MB/s
BenchmarkFloorReads/SQLite/clients=1-2 	   10000	    200000 ns/op	      5000 acts/s	         0.18 p50-ms	         0.40 p99-ms	         0.20 cpu-ms
BenchmarkRecord/PostgreSQL/clients=32-2     	    1000	     50000 ns/op	     20000 acts/s
BenchmarkPosts/SQLite/clients=1-2       	     400	   2000000 ns/op	       500.0 acts/s	         1.975 p50-ms	         4.712 p99-ms	         1.255 cpu-ms
BenchmarkReads/clients=8-2       	     800	   1000000 ns/op	      1000 acts/s	         7.5 p50-ms	        22.60 p99-ms
BenchmarkDenials/another's/SQLite/clients=1-2	     400	   2000000 ns/op	       500.0 acts/s	         1.975 p50-ms	         4.712 p99-ms	         1.255 cpu-ms
BenchmarkDenials/none/SQLite/clients=1-2	     400	   2000000 ns/op	       500.0 acts/s	         1.97 p50-ms	         4.71 p99-ms	         1.25 cpu-ms
BenchmarkAttach/up/SQLite-2      	      20	 50000000 ns/op	 320.00 MB/s
BenchmarkStart-2                 	      20	  26000000 ns/op	        23.50 MiB
BenchmarkServe/SQLite/clients=8-2	       3	 500000000 ns/op	        16.0 acts/s	        50.25 cpu-ms	        80.00 MiB
BenchmarkVerify/1000-2           	      20	  26000000 ns/op	     38000 leaves/s
PASS
`

func TestPrint(t *testing.T) {
	var got strings.Builder
	if err := print(&got, said); err != nil {
		t.Fatal(err)
	}
	want := `
                                                         at once  a second  ms, half of them  ms, 99 %  MB/s  ms of a core  MiB
floor: a page and its sync                               1        5000      0.20
floor: a row, committed: SQLite                          1        4000
floor: 16 MiB in four parts, each synced                 1        20        50.00                       336
floor: a page of 10 entries, by SQL alone: SQLite        1        5000      0.18              0.40            0.20
a record in the ledger: PostgreSQL                       32       20000
a message over HTTP: SQLite                              1        500       1.98              4.71            1.25
a page of 10 entries over HTTP                           8        1000      7.50              22.60
a thread that is not hers, over HTTP: another's: SQLite  1        500       1.98              4.71            1.25
a thread that is not hers, over HTTP: none: SQLite       1        500       1.97              4.71            1.25
an attachment of 16 MiB over HTTP: up: SQLite            1        20        50.00                       320
start of the service until it is ready                   1        38        26.00                                           24
the real program at a round of work: SQLite              8        16                                          50.25         80
the auditor verifies a leaf; leaves: 1000                1        38000
`
	var lines []string
	for line := range strings.Lines(got.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if diff := cmp.Diff(want, "\n"+strings.Join(lines, "\n")+"\n"); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

// What was measured and is not in the table must not pass for a table.
func TestPrintMisses(t *testing.T) {
	var got strings.Builder
	if err := print(&got, strings.ReplaceAll(said, "BenchmarkReads", "BenchmarkReadings")); err == nil {
		t.Errorf("printed\n%s", &got)
	}
}
