package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// memory is a place too: what root on the running service can look into.
const memory = "the service's memory"

// maxRegion leaves out what the race detector reserves for itself.
const maxRegion = 1 << 30

// sweepMemory looks into the running service. Unlike files, its memory may hold who somebody is
// and what signs her in: the service deals with that. It never holds what she writes, nor
// anything that opens it.
func (c *canary) sweepMemory(t *testing.T) {
	t.Helper()
	f, found := newFinder(t, textsOf(c.markers)...), map[string][]string{}
	eachRegion(t, c.network.Process(), func(region []byte) { f.findMore(region, found) })
	held := false
	for _, m := range c.markers {
		forms := found[string(m.text)]
		held = held || m.inMemory && forms != nil
		if m.never && forms != nil {
			t.Errorf("%s is in %s %q", m.what, memory, forms)
		}
	}
	if !held {
		t.Errorf("nothing is in %s, so it was not searched", memory)
	}
}

// eachRegion shows what a process can write to, one region after the other: heap, stacks and globals.
// The regions have one buffer, since the race detector looks at each byte that is moved.
func eachRegion(t *testing.T, pid string, show func([]byte)) {
	t.Helper()
	maps, err := os.Open(filepath.Join("/proc", pid, "maps"))
	must(t, err)
	defer func() { _ = maps.Close() }() // it was only read
	mem, err := os.Open(filepath.Join("/proc", pid, "mem"))
	must(t, err)
	defer func() { _ = mem.Close() }() // it was only read
	var region []byte
	page := make([]byte, os.Getpagesize())
	zero := make([]byte, len(page))
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to int64
		var rights string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); err != nil ||
			!strings.HasPrefix(rights, "rw") || to-from > maxRegion {
			continue
		}
		region = region[:0]
		for at := from; at < to; at += int64(len(page)) {
			// A page may be gone; one that was never written to says nothing.
			if _, err := mem.ReadAt(page, at); err == nil && !bytes.Equal(page, zero) {
				region = append(region, page...)
			}
		}
		show(region)
	}
}
