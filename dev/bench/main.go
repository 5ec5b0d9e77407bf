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
)

// packages have the benchmarks of rows.
var packages = []string{"./internal/store", "./internal/httpapi", "./cmd/varcod", "./internal/verify"}

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
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-run", "^$", "-p", "1", "-benchtime", "3s", "-bench", pattern()},
		packages...)...)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("running the benchmarks: %w\n%s", err, said)
	}
	return print(out, string(said))
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
