package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"varco/dev/sample"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/store/storetest"
)

// BenchmarkStart is the real program, built as it is installed, from its start until it says
// that it is ready, on the database of the sample network; and the memory that it then has.
func BenchmarkStart(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(string(kind), func(b *testing.B) {
			n := raiseInstalled(b, kind)
			resident := 0.0
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				n.Stop()
				b.StartTimer()
				must(b, n.Start(b.Context()))
				b.StopTimer()
				resident += memoryMiB(b, n.Process(), "VmRSS")
			}
			b.ReportMetric(resident/float64(b.N), "MiB")
		})
	}
}

// raiseInstalled raises the sample network with the program built as it is installed: the tests'
// own, which raise uses, is larger.
func raiseInstalled(b *testing.B, kind storetest.Kind) *sample.Network {
	b.Helper()
	database := ""
	if kind == storetest.PostgreSQL {
		database = kind.New(b)
	}
	n, err := sample.Raise(b.Context(), sample.Options{Work: least, Database: database})
	must(b, err)
	b.Cleanup(func() { must(b, n.Close()) })
	return n
}

// handed is how large an attachment is that BenchmarkServe hands on.
const handed = 4 << 20

// BenchmarkServe is the real program while people work: each client posts, attaches, reads and
// fetches, each after the other. It reports the most memory that the program had since its start,
// and how much of the processor it took for one such round; neither is of the clients, nor of the
// database's server.
func BenchmarkServe(b *testing.B) {
	for _, kind := range storetest.Kinds {
		n := raiseInstalled(b, kind)
		for _, clients := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/clients=%d", kind, clients), func(b *testing.B) { serves(b, n, clients) })
		}
	}
}

func serves(b *testing.B, n *sample.Network, clients int) {
	n.Stop() // what was counted of people's requests is forgotten, and the memory is new
	must(b, n.Start(b.Context()))
	people := []string{"anna", "bice", "carla", "dora"}
	workers := make([]*worker, clients)
	for i := range workers {
		workers[i] = newWorker(b, n, people[i%len(people)], people[(i+1)%len(people)])
	}
	data := make([]byte, handed)
	pid := n.Process()
	before := processorMS(b, pid)
	b.ResetTimer()
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() {
			for range b.N {
				if err := w.round(b.Context(), data); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	rounds := float64(b.N * clients)
	b.ReportMetric(rounds/b.Elapsed().Seconds(), "acts/s")
	b.ReportMetric((processorMS(b, pid)-before)/rounds, "cpu-ms")
	b.ReportMetric(memoryMiB(b, pid, "VmHWM"), "MiB")
}

// worker is somebody with a thread of her own.
type worker struct {
	device *client.Unlocked
	thread *client.Conversation
}

func newWorker(b *testing.B, n *sample.Network, handle, colleague string) *worker {
	b.Helper()
	u := device{}.of(b, n, handle)
	o, err := u.OpenCase(b.Context(), client.NewCase{With: n.Resident("olga").Organisation, Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Buongiorno."}, Colleagues: []ids.Person{n.Resident(colleague).ID}, Holder: n.Resident("olga").ID})
	must(b, err)
	return &worker{u, o.Thread}
}

func (w *worker) round(ctx context.Context, data []byte) error {
	if _, err := w.device.Post(ctx, w.thread, client.Content{Text: "Mando una cosa."}); err != nil {
		return err
	}
	a, err := w.device.Attach(ctx, bytes.NewReader(data), "a", client.DefaultType, handed, nil)
	if err != nil {
		return err
	}
	if _, err := w.device.Post(ctx, w.thread, client.Content{Attachments: []client.Attachment{a}}); err != nil {
		return err
	}
	last := w.thread.Entries[len(w.thread.Entries)-1].Entry.ID
	if w.thread, err = w.device.ReadThread(ctx, w.thread.State.Thread, ""); err != nil {
		return err
	}
	return w.device.Fetch(ctx, w.thread, last, 0, io.Discard, nil)
}

// memoryMiB is how much memory a process has (VmRSS) or had at most (VmHWM).
func memoryMiB(b *testing.B, pid, field string) float64 {
	b.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	must(b, err)
	_, rest, _ := strings.Cut(string(status), field+":")
	var kib float64
	_, err = fmt.Sscan(rest, &kib)
	must(b, err)
	return kib / 1024
}

// processorMS is how long a process has run on the machine's processors, to a hundredth of a second.
func processorMS(b *testing.B, pid string) float64 {
	b.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	must(b, err)
	_, rest, _ := strings.Cut(string(stat), ") ") // after the program's name, which may hold anything
	fields := strings.Fields(rest)
	user, err := strconv.ParseFloat(fields[11], 64)
	must(b, err)
	system, err := strconv.ParseFloat(fields[12], 64)
	must(b, err)
	return (user + system) * 10 // USER_HZ is 100
}
