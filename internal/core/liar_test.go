package core_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/dev/liar"
	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

// TestLiesLeaveThePageAsItWas tells the page the lies that it can be told: what it holds in memory
// (the thread that was read, the people, a file that is attached and not yet sent) is afterwards what
// it was, and what she wanted to do is done when the service is honest again.
func TestLiesLeaveThePageAsItWas(t *testing.T) {
	n := varcotest.New(t)
	n.SignRoster("ines-direttrice", func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	hers, _, opened := asked(t, n)
	code := opened.Thread.State.Thread
	read := func(p *page) (core.Conversation, error) {
		return call[core.Conversation](p, core.Page, "read", core.ReadThread{Thread: code})
	}
	shown := func(p *page) string {
		v, err := read(p)
		if err != nil {
			t.Fatal(err)
		}
		return text(t, []any{v, mustCall[core.Choices](p, core.Page, "choices", core.Among{})})
	}
	shown(hers)
	mustCall[core.Posted](hers, core.Page, "post", core.Post{Thread: code, Text: "ancora"})
	told := map[string]int{}
	for _, l := range liar.Lies {
		if l.Spoil != nil || l.Name == "cut-short" {
			continue // a stream, which has no JSON; an end that this page has not seen
		}
		t.Run(l.Name, func(t *testing.T) {
			hers.browser.files[1] = bytes.NewBufferString("bozza " + l.Name)
			blob := mustCall[core.Uploaded](hers, core.Page, "attach", core.Attach{File: 1, Name: "a.txt", Type: "text/plain"}).Blob
			post := func() error {
				_, err := call[core.Posted](hers, core.Page, "post", core.Post{Thread: code, Text: "ecco", Attachments: []ids.Blob{blob}})
				return err
			}
			p, act := hers, post
			if l.Suffix == "/readings" { // a page that has not read the thread
				p = unlocked(t, n, alba)
				act = func() error { _, err := read(p); return err }
			}
			before := shown(hers)
			n.Clock.Advance(10 * time.Minute) // the people are asked for anew
			wire := p.browser.wire
			wire.Withhold = func(method, path string) bool { return l.Withholds && l.About(method, path) }
			wire.Lie = func(method, path string, status int, answer []byte) (int, []byte) {
				if !l.About(method, path) {
					return status, answer
				}
				told[l.Name]++
				return l.Change(status, answer)
			}
			if err := act(); err == nil || told[l.Name] == 0 {
				t.Errorf("the lie was told %d times: %v", told[l.Name], err)
			}
			wire.Withhold, wire.Lie = nil, nil
			if diff := cmp.Diff(before, shown(p)); diff != "" {
				t.Errorf("the page shows something else (-before +after):\n%s", diff)
			}
			if err := post(); err != nil {
				t.Errorf("what she has attached is lost: %v", err)
			}
		})
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
