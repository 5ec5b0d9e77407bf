package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// clients is at how many callers at once things are measured.
var clients = []int{1, 8, 32}

// BenchmarkFloorSync is the floor under everything that is acknowledged: one write of a page
// and its sync, on the disk that the tests run on.
func BenchmarkFloorSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	page := make([]byte, 4096)
	for b.Loop() {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFloorWrite is the floor under attachments: a file of the size of those that are
// measured, written in parts of the size in which they come, each with its sync.
func BenchmarkFloorWrite(b *testing.B) {
	const part, whole = 4 << 20, 16 << 20
	folder, data := b.TempDir(), make([]byte, part)
	_, _ = rand.Read(data) // never fails
	b.SetBytes(whole)
	for i := 0; b.Loop(); i++ {
		f, err := os.Create(filepath.Join(folder, strconv.Itoa(i)))
		if err != nil {
			b.Fatal(err)
		}
		for range whole / part {
			if _, err := f.Write(data); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.Remove(f.Name()); err != nil { // so that many of them fill no disk
			b.Fatal(err)
		}
	}
}

// BenchmarkFloorCommit is the floor of group commit: one small row, no record.
func BenchmarkFloorCommit(b *testing.B) {
	atOnce(b, func(s *store.Store) error {
		var commitment note.Hash
		_, _ = rand.Read(commitment[:]) // never fails
		return s.Write(context.Background(), func(tx *store.Tx) error { return tx.PutName(commitment, commitment[:]) })
	})
}

// BenchmarkRecord is one act that has no effect but its record: row, leaf and tree.
func BenchmarkRecord(b *testing.B) {
	atOnce(b, func(s *store.Store) error {
		_, err := record(s, context.Background(), "")
		return err
	})
}

// atOnce runs do b.N times by 1, 8 and 32 callers on each kind of database, and reports how
// many a second, and how long one waited.
func atOnce(b *testing.B, do func(*store.Store) error) {
	for _, kind := range storetest.Kinds {
		for _, callers := range clients {
			b.Run(fmt.Sprintf("%s/clients=%d", kind, callers), func(b *testing.B) {
				share(b, newStore(b, kind), callers, do)
			})
		}
	}
}

// share has some callers do b.N things between them.
func share(b *testing.B, s *store.Store, callers int, do func(*store.Store) error) {
	runtime.GC()
	turns := make(chan int, b.N)
	for i := range b.N {
		turns <- i
	}
	close(turns)
	waits := make([]time.Duration, b.N)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for i := range turns {
				begun := time.Now()
				if err := do(s); err != nil {
					b.Error(err)
				}
				waits[i] = time.Since(begun)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(waits)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
	for _, percent := range []int{50, 99} {
		b.ReportMetric(float64(waits[(len(waits)-1)*percent/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", percent))
	}
}
