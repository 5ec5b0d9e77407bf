package gate_test

import (
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
)

// A page of a thread ends where its entries get too large, and its record says where. The pages
// together are the whole thread.
func TestPageEnds(t *testing.T) {
	n, o := opened(t)
	alba := n.Person("alba-operatrice")
	v, err := alba.ReadThread(t.Context(), o.Thread.State.Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	const long = 5
	for range long {
		if _, err := alba.Post(t.Context(), v, client.Content{Text: strings.Repeat("x", 500_000)}); err != nil {
			t.Fatal(err)
		}
	}
	from, pages := int64(0), 0
	for next := int64(1); from < next; pages++ {
		p, err := n.Gate.ReadThread(t.Context(), callerOf(t, n, "alba-operatrice"), o.Thread.State.Thread, api.Read{From: from, Limit: 100})
		if err != nil || len(p.Entries) == 0 {
			t.Fatalf("from %d: %d entries, %v", from, len(p.Entries), err)
		}
		size := 0
		for _, e := range p.Entries {
			size += len(e.Header) + len(e.Body)
		}
		if size > api.MaxPageBytes {
			t.Errorf("a page of %d bytes", size)
		}
		until := from + int64(len(p.Entries))
		if r := records(t, n, 1)[0]; r.Act != act.ThreadRead || r.From != from || r.Until != until {
			t.Errorf("%d to %d were served, and recorded %+v", from, until, r)
		}
		from, next = until, p.Next
	}
	if pages < 2 {
		t.Errorf("%d pages", pages)
	}
	if all, err := alba.ReadThread(t.Context(), o.Thread.State.Thread, ""); err != nil || int64(len(all.Entries)) != from {
		t.Errorf("the whole thread: %v, served to %d", err, from)
	}
}
