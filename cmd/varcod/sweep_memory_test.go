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
	found := newFinder(t, textsOf(c.markers)...).find(memoryOf(t, servicePID(t)))
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

// servicePID finds the service among the processes that this one has started.
func servicePID(t testing.TB) string {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	must(t, err)
	for _, stat := range all {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		var pid, parent int
		var name, state string
		if _, err := fmt.Sscan(string(text), &pid, &name, &state, &parent); err == nil && name == "(varcod)" && parent == os.Getpid() {
			return fmt.Sprint(pid)
		}
	}
	t.Fatal("the service does not run")
	return ""
}

// memoryOf reads what a process can write to: heap, stacks and globals.
func memoryOf(t *testing.T, pid string) []byte {
	t.Helper()
	maps, err := os.Open(filepath.Join("/proc", pid, "maps"))
	must(t, err)
	defer func() { _ = maps.Close() }() // it was only read
	mem, err := os.Open(filepath.Join("/proc", pid, "mem"))
	must(t, err)
	defer func() { _ = mem.Close() }() // it was only read
	var all []byte
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to int64
		var rights string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); err != nil ||
			!strings.HasPrefix(rights, "rw") || to-from > maxRegion {
			continue
		}
		page := make([]byte, os.Getpagesize())
		for at := from; at < to; at += int64(len(page)) {
			// A page may be gone; one that was never written to says nothing.
			if _, err := mem.ReadAt(page, at); err == nil && len(bytes.Trim(page, "\x00")) > 0 {
				all = append(all, page...)
			}
		}
	}
	return all
}
