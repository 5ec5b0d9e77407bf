package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"varco/dev/sample"
	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/store/storetest"
)

const (
	maxKills = 200 // or the test does not do what it is for
	// Between the start and the kill, of a service whose clients don't wait.
	leastActivity, mostActivity = 5 * time.Millisecond, 150 * time.Millisecond
	// So many appends and pages at most are waited for before, however slow the machine is: else most kills
	// meet a service that has hardly begun, and more are needed.
	mostAnswered, mostWaited = 3, 2 * time.Second
	startupEvery             = 5 // crashes to one more while the service starts
)

// wanted is of a kind of database how many crashes there must be, each with a request under
// way, and how many entries acknowledged and pages served. Less is done with a server between
// two of its crashes, from which it recovers each time.
var wanted = map[storetest.Kind]struct{ crashes, answered int }{storetest.SQLite: {50, 100}, storetest.PostgreSQL: {20, 30}}

var crashSeed = flag.Uint64("crash-seed", 0, "seed of the crash test's chances; 0 draws one")

// People write and read while the service is killed, again and again, in the middle of it all:
// nothing that was acknowledged is lost, nothing was served that is not recorded, and what is
// kept is whole after each crash. The service is a process of its own and is killed with
// SIGKILL, and with it every third time the server of its database, if it has one; what a power cut would take from the disk's cache as well is not tried here.
func TestCrash(t *testing.T) { storetest.Each(t, crashes) }

func crashes(t *testing.T, kind storetest.Kind) {
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-crash-seed %d", seed)
	c := newCrash(t, kind, rand.New(rand.NewPCG(seed, seed)))
	begun := checkBundle(t, takeBundle(t, c.auditor, c.anchors.Origin), c.anchors, nil)
	c.letWork()
	crashes, kills, startups := 0, 0, 0
	for (crashes < wanted[kind].crashes || c.wire.answered() < wanted[kind].answered) && !t.Failed() {
		if kills == maxKills {
			t.Fatalf("only %d of %d kills met a request under way; %s", crashes, kills, c.wire)
		}
		c.letAnswer(c.number(mostAnswered))
		time.Sleep(leastActivity + c.chance(mostActivity-leastActivity))
		if c.wire.cut(func() { c.kill(kills) }) > 0 {
			crashes++
		}
		kills++
		c.check(c.copied())
		if kills%startupEvery == 0 {
			startups += c.killStartup()
			c.check(c.copied())
		}
		c.restart()
		c.checkServed(c.opened[kills%len(c.opened)])
		c.up.open()
	}
	c.rest()
	c.checkServed(c.opened...)
	c.checkRetries()
	c.checkTexts()
	ended := checkBundle(t, takeBundle(t, c.auditor, c.anchors.Origin), c.anchors, begun.Checkpoint)
	c.network.Stop()
	c.check(c.database)
	c.checkLog()
	t.Logf("%d kills, %d with a request under way, and %d of a service that was not ready yet", kills, crashes, startups)
	t.Logf("%s; %d checkpoints, %d leaves, %d of them after the first checkpoint", c.wire, ended.Checkpoints, ended.Leaves,
		ended.Leaves-begun.Leaves)
}

// crash is a network whose service is killed, and its clients, who go on.
type crash struct {
	*testing.T
	network  *sample.Network
	anchors  client.Anchors
	wire     *wire
	auditor  *client.Unlocked
	opened   []*caller // who opened a case
	joined   []*caller // who works in one of those
	up       *gateway
	scratch  string // folder for what is looked at
	server   bool   // the database has a server
	database string
	before   head
	known    known

	mu      sync.Mutex
	chances *rand.Rand // guarded by mu

	stop    context.CancelFunc
	working sync.WaitGroup
}

func newCrash(t *testing.T, kind storetest.Kind, chances *rand.Rand) *crash {
	t.Helper()
	c := &crash{T: t, up: newGateway(), chances: chances, scratch: filepath.Join(t.TempDir(), "copy")}
	if kind == storetest.PostgreSQL {
		c.server, c.database = true, kind.New(t)
	}
	c.network = raise(t, c.database)
	if !c.server {
		c.database = c.file("varco.db")
	}
	c.anchors = anchorsOf(t, c.network)
	c.wire = newWire(c.network.Service, c.up)
	c.auditor = device{Over: c.wire}.of(t, c.network, "ugo")
	c.up.open()
	for _, author := range []string{"anna", "bice", "dora"} {
		c.opened = append(c.opened, c.opens(author))
	}
	// Of each case the officer or a colleague reads and writes along, of one both.
	c.joined = []*caller{c.joins("olga", c.opened[0], act.ReasonAnswer), c.joins("carla", c.opened[1], ""),
		c.joins("olga", c.opened[2], act.ReasonNew), c.joins("carla", c.opened[2], "")}
	return c
}

// kill kills the service and, now and then, the server of its database at once after it, while
// that still does what it was asked.
func (c *crash) kill(times int) {
	c.network.Kill()
	if c.server && times%3 == 0 {
		storetest.Crash(c)
	}
}

// letAnswer waits until the service has acknowledged and served so much more, or for a while.
func (c *crash) letAnswer(more int) {
	before := c.wire.answered()
	for begun := time.Now(); c.wire.answered() < before+more && time.Since(begun) < mostWaited; {
		time.Sleep(time.Millisecond)
	}
}

// file is one of the service's.
func (c *crash) file(name string) string { return filepath.Join(c.network.Dir, "service", name) }

// chance draws a time from nothing up to d.
func (c *crash) chance(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.chances.Int64N(int64(d)))
}

// number draws one below n.
func (c *crash) number(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.chances.IntN(n)
}

// letWork lets everybody work at once, until rest.
func (c *crash) letWork() {
	ctx, stop := context.WithCancel(c.Context())
	c.stop = stop
	c.Cleanup(c.working.Wait)
	for _, one := range append(c.joined, c.opened...) {
		c.working.Go(func() { one.work(ctx) })
	}
}

// rest lets everybody finish what she is doing.
func (c *crash) rest() {
	c.stop()
	c.up.open()
	c.working.Wait()
}

// restart starts the service again. Its port was free for a moment, and another program may
// have taken it for a while.
func (c *crash) restart() {
	c.Helper()
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		err := c.network.Start(c.Context())
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "address already in use") || time.Since(begun) > 20*time.Second {
			c.Fatal(err)
		}
	}
}

// killStartup kills the service while it starts, and returns 1 if it was not ready yet.
func (c *crash) killStartup() int {
	c.Helper()
	var said strings.Builder
	cmd := exec.Command(filepath.Join(c.network.Programs, "varcod"), "serve", "--config", c.file("varcod.toml")) //nolint:noctx // it is killed
	cmd.Stdout = &said
	must(c, cmd.Start())
	time.Sleep(c.chance(50 * time.Millisecond))
	must(c, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	if strings.Contains(said.String(), "ready") {
		return 0
	}
	return 1
}

// gateway is open while the service runs.
type gateway struct {
	mu sync.Mutex
	ch chan struct{} // guarded by mu; closed while it is open
}

func newGateway() *gateway { return &gateway{ch: make(chan struct{})} }

func (g *gateway) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.ch:
	default:
		close(g.ch)
	}
}

func (g *gateway) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ch = make(chan struct{})
}

// wait waits until the gate is open.
func (g *gateway) wait(ctx context.Context) error {
	g.mu.Lock()
	ch := g.ch
	g.mu.Unlock()
	select {
	case <-ch:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the service: %w", ctx.Err())
	}
}
