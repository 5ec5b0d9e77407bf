package main

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/secret"
	"varco/internal/store/storetest"
)

// Two services share a database, and people go to either. One is killed in the middle of it all:
// the other goes on at once, nothing that either acknowledged is lost, and what the two have
// recorded is one whole log.
func TestReplicaIsKilled(t *testing.T) {
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-crash-seed %d", seed)
	c := newCrash(t, storetest.PostgreSQL, rand.New(rand.NewPCG(seed, seed)))
	begun := checkBundle(t, takeBundle(t, c.auditor, c.anchors.Origin), c.anchors, nil)
	second := &replica{crash: c}
	second.start()
	ways := [2]*reach.Transport{reach.New(c.network.Service), reach.New(second.at)}
	both := &either{ways: ways}
	c.wire.next = both
	c.letWork()
	cut := 0
	for turn := range 8 {
		time.Sleep(leastActivity + c.chance(mostActivity))
		dies := turn % 2
		kill, restart := c.network.Kill, c.restart
		if dies == 1 {
			kill, restart = second.kill, second.start
		}
		cut += c.wire.cut(func() { kill(); both.only(1 - dies) })
		c.up.open()
		c.goesOn()
		restart()
		both.ways[dies] = reach.New([]string{c.network.Service, second.at}[dies])
		both.only(-1)
	}
	c.rest()
	if cut == 0 {
		t.Error("no kill has met a request under way")
	}
	c.checkServed(c.opened...)
	c.checkRetries()
	c.checkTexts()
	checkBundle(t, takeBundle(t, c.auditor, c.anchors.Origin), c.anchors, begun.Checkpoint)
	second.kill()
	c.network.Stop()
	c.check(c.database)
	c.checkLog()
	t.Logf("%d requests were cut; %s", cut, c.wire)
}

// goesOn waits until the service that is left has acknowledged more and served more.
func (c *crash) goesOn() {
	c.Helper()
	before := c.wire.answered()
	for deadline := time.Now().Add(20 * time.Second); c.wire.answered() < before+2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.Fatal("the service that is left does not go on")
		}
	}
}

// either goes to one of two services, in turns, or to the only one that is left.
type either struct {
	ways [2]*reach.Transport // changed only while nothing goes to the one that is dead
	turn atomic.Int64
	left atomic.Int64 // one more than the only one; 0 for both
}

func (e *either) only(left int) { e.left.Store(int64(left + 1)) }

func (e *either) way() client.Transport {
	if left := e.left.Load(); left > 0 {
		return e.ways[left-1]
	}
	return e.ways[e.turn.Add(1)%2]
}

// Do sends a request to a service.
func (e *either) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	return e.way().Do(ctx, token, method, path, body)
}

// Stream sends a request to a service.
func (e *either) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	return e.way().Stream(ctx, token, method, path, body)
}

// replica is a second service of the network: with its keys and its database, at another port.
type replica struct {
	*crash
	at  string
	cmd *exec.Cmd
}

var listens = regexp.MustCompile(`(?m)^listen = .*$`)

func (r *replica) start() {
	r.Helper()
	text, err := os.ReadFile(r.file("varcod.toml"))
	must(r, err)
	config := r.file("second.toml")
	must(r, os.WriteFile(config, listens.ReplaceAll(text, []byte(`listen = "127.0.0.1:0"`)), 0o600))
	r.cmd = exec.Command(filepath.Join(r.network.Programs, "varcod"), "serve", "--config", config) //nolint:noctx // it is killed
	said, err := r.cmd.StdoutPipe()
	must(r, err)
	log, err := os.OpenFile(r.file("varcod.log"), os.O_APPEND|os.O_WRONLY, 0)
	must(r, err)
	r.cmd.Stderr = log
	must(r, r.cmd.Start())
	must(r, log.Close())
	r.Cleanup(r.kill)
	first := bufio.NewScanner(said)
	if !first.Scan() {
		r.Fatal("the second service does not start: see ", r.file("varcod.log"))
	}
	_, r.at, _ = strings.Cut(first.Text(), "ready at ")
	if r.at == "" {
		r.Fatalf("the second service said %q", first.Text())
	}
}

// kill ends it at once.
func (r *replica) kill() {
	_ = r.cmd.Process.Kill() // an error says that it has ended
	_ = r.cmd.Wait()         // it was killed
}
