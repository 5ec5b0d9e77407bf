package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is one benchmark of the table.
type row struct{ benchmark, says string }

// rows are the benchmarks in the order of the table.
var rows = []row{
	{"FloorSync", "floor: a page and its sync"},
	{"FloorCommit", "floor: a row, committed"},
	{"FloorWrite", "floor: 16 MiB in four parts, each synced"},
	{"FloorReads", "floor: a page of 10 entries, by SQL alone"},
	{"Record", "a record in the ledger"},
	{"Posts", "a message over HTTP"},
	{"Reads", "a page of 10 entries over HTTP"},
	{"Denials", "a thread that is not hers, over HTTP"},
	{"Attach", "an attachment of 16 MiB over HTTP"},
	{"Start", "start of the service until it is ready"},
	{"Serve", "the real program at a round of work"},
	{"Verify", "the auditor verifies a leaf; leaves"},
}

// columns are the units of the table. What is done one at a time has its rate and its time from ns/op.
var columns = []struct{ unit, title, format string }{
	{"acts/s", "a second", "%.0f"}, {"p50-ms", "ms, half of them", "%.2f"}, {"p99-ms", "ms, 99 %", "%.2f"},
	{"MB/s", "MB/s", "%.0f"}, {"cpu-ms", "ms of a core", "%.2f"}, {"MiB", "MiB", "%.0f"},
}

// pattern is the regular expression of the benchmarks.
func pattern() string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.benchmark
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

// print prints what go test has said of the benchmarks. One that it has said nothing of is an
// error: it was renamed, or it failed.
func print(out io.Writer, said string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\tat once")
	for _, c := range columns {
		fmt.Fprint(w, "\t", c.title)
	}
	fmt.Fprintln(w)
	for _, r := range rows {
		found := false
		for line := range strings.Lines(said) {
			name, rest, _ := strings.Cut(line, " ")
			measured, ok := strings.CutPrefix(name, "Benchmark"+r.benchmark)
			if !ok || measured != "" && !strings.HasPrefix(measured, "/") && !strings.HasPrefix(measured, "-") {
				continue
			}
			found = true
			printRow(w, r, measured, strings.Fields(rest))
		}
		if !found {
			return fmt.Errorf("nothing was measured of Benchmark%s", r.benchmark)
		}
	}
	return w.Flush()
}

// printRow prints one line of go test: its name after the benchmark's, as
// "/SQLite/clients=8-2", and its fields: how often, and pairs of a value and a unit.
func printRow(w io.Writer, r row, measured string, fields []string) {
	values := map[string]float64{}
	for i := 1; i+1 < len(fields); i += 2 {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			values[fields[i+1]] = v
		}
	}
	measured, _, _ = strings.Cut(strings.TrimPrefix(measured, "/"), "-")
	clients := "1"
	for part := range strings.SplitSeq(measured, "/") {
		if n, several := strings.CutPrefix(part, "clients="); several {
			clients = n
		} else if part != "" {
			r.says += ": " + part
		}
	}
	if leaves, ok := values["leaves/s"]; ok {
		values["acts/s"] = leaves
	}
	if _, ok := values["acts/s"]; !ok {
		values["acts/s"], values["p50-ms"] = 1e9/values["ns/op"], values["ns/op"]/1e6
	}
	fmt.Fprint(w, r.says, "\t", clients)
	for _, c := range columns {
		fmt.Fprint(w, "\t")
		if v, ok := values[c.unit]; ok {
			fmt.Fprintf(w, c.format, v)
		}
	}
	fmt.Fprintln(w)
}
