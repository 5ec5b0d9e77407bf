package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"

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
// many a second.
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
	turns := make(chan struct{}, b.N)
	for range b.N {
		turns <- struct{}{}
	}
	close(turns)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range turns {
				if err := do(s); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
