// Bench measures what Varco can do on this machine and prints it as a table: the floors that
// disk and database set, and above them what people meet. It runs the benchmarks of the
// packages and measures nothing by itself. It is for an otherwise idle machine, and says how
// busy it was.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// packages have the benchmarks of rows, and how long each of them runs: what is slow to make
// ready runs a few times, so that all take less than twelve minutes.
var packages = []struct{ path, time string }{{"./internal/store", "2s"}, {"./internal/httpapi", "2s"},
	{"./cmd/varcod", "3x"}, {"./internal/verify", "1x"}}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	fmt.Fprintf(out, "%d cores, %s; load before: %s\n", runtime.NumCPU(), runtime.Version(), load())
	var said strings.Builder
	for _, p := range packages {
		begun := time.Now()
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-benchtime", p.time, "-bench", pattern(), p.path)
		cmd.Stdout, cmd.Stderr = &said, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("running the benchmarks of %s: %w\n%s", p.path, err, &said)
		}
		fmt.Fprintf(out, "%s: %.0f s, load then: %s\n", p.path, time.Since(begun).Seconds(), load())
	}
	return print(out, said.String())
}

// load says how busy the machine was in the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	minute, _, _ := strings.Cut(string(text), " ")
	return minute
}
