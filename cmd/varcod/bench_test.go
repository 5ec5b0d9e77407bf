package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varco/dev/sample"
	"varco/internal/store/storetest"
)

// BenchmarkStart is the real program, built as it is installed, from its start until it says
// that it is ready, on the database of the sample network; and the memory that it then has.
func BenchmarkStart(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(string(kind), func(b *testing.B) {
			database := ""
			if kind == storetest.PostgreSQL {
				database = kind.New(b)
			}
			n, err := sample.Raise(b.Context(), sample.Options{Work: least, Database: database})
			must(b, err)
			b.Cleanup(func() { must(b, n.Close()) })
			resident := 0.0
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				n.Stop()
				b.StartTimer()
				must(b, n.Start(b.Context()))
				b.StopTimer()
				resident += residentMiB(b, n.Process())
			}
			b.ReportMetric(resident/float64(b.N), "MiB")
		})
	}
}

// residentMiB is how much memory a process has.
func residentMiB(b *testing.B, pid string) float64 {
	b.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	must(b, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	_, err = fmt.Sscan(rest, &kib)
	must(b, err)
	return kib / 1024
}
