package bundle_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/fault"
)

func TestNewWriterRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		origin      string
		checkpoints []bundle.Checkpoint
		want        fault.Class
	}{
		"no checkpoint": {origin, nil, fault.ClassMissing},
		"out of order":  {origin, marks(3, 2), fault.ClassSequence},
		"twice":         {origin, marks(3, 3), fault.ClassSequence},
		"negative":      {origin, marks(-1, 3), fault.ClassForm},
		"empty":         {origin, []bundle.Checkpoint{{Size: 3}}, fault.ClassForm},
		"of no leaves":  {origin, marks(0), fault.ClassForm},
		"no origin":     {"", marks(3), fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bundle.NewWriter(io.Discard, test.origin, test.checkpoints)
			wantClass(t, err, test.want)
		})
	}
}

func TestWriterRefuses(t *testing.T) {
	begin := func(sizes ...int64) *bundle.Writer {
		w, err := bundle.NewWriter(io.Discard, origin, marks(sizes...))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	record := func(index int64) bundle.Leaf { return leaf(t, index, act.CaseList, act.Allow, "") }
	for name, test := range map[string]struct {
		write func() error
		want  fault.Class
	}{
		"not the next":   {func() error { return begin(2).Leaf(record(1)) }, fault.ClassSequence},
		"again":          {func() error { w := begin(2); return errors.Join(w.Leaf(record(0)), w.Leaf(record(0))) }, fault.ClassSequence},
		"over the size":  {func() error { w := begin(1); return errors.Join(w.Leaf(record(0)), w.Leaf(record(1))) }, fault.ClassSequence},
		"without salt":   {func() error { l := record(0); l.Salt = nil; return begin(1).Leaf(l) }, fault.ClassForm},
		"not UTF-8":      {func() error { l := record(0); l.Text = "\xff"; return begin(1).Leaf(l) }, fault.ClassForm},
		"endless":        {func() error { l := record(0); l.Text = strings.Repeat("x", 1<<20); return begin(1).Leaf(l) }, fault.ClassSize},
		"ended too soon": {func() error { w := begin(2); return errors.Join(w.Leaf(record(0)), w.Close()) }, fault.ClassMissing},
	} {
		t.Run(name, func(t *testing.T) { wantClass(t, test.write(), test.want) })
	}
}

func TestPages(t *testing.T) {
	want, _ := sample(t)
	pages := []bundle.Page{
		{Leaves: []bundle.Leaf{leaf(t, 0, act.LedgerBegin, act.Allow, ""), leaf(t, 1, act.CardPut, act.Allow, "a card\n")},
			Cards: []string{"a card\n"}},
		{Leaves: []bundle.Leaf{leaf(t, 2, act.RosterPut, act.Allow, "a roster\n"),
			leaf(t, 3, act.EntryAppend, act.Allow, "a \"header\" <&>\\\n"), {Index: 4, Commitment: erased(t)}},
			Rosters: []string{"a roster\n"}, Headers: []string{"a \"header\" <&>\\\n"}, Receipts: []string{"a receipt\n— it\n"}},
		// The service goes on: the records of the audit itself come after the last checkpoint.
		{Leaves: []bundle.Leaf{leaf(t, 5, act.ThreadRead, act.Deny, ""), leaf(t, 6, act.CardPut, act.Allow, "more\n")},
			Cards: []string{"more\n"}},
		{Leaves: []bundle.Leaf{leaf(t, 7, act.AuditRead, act.Allow, "")}},
	}
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out, origin, marks(0, 3, 6))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if err := w.Page(p); err != nil {
			t.Fatal(err)
		}
	}
	if w.Leaves() != w.Size() {
		t.Errorf("%d leaves of %d", w.Leaves(), w.Size())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("the bundle (-want +got):\n%s", diff)
	}
}

func erased(t *testing.T) (h [32]byte) {
	t.Helper()
	_, lines := sample(t)
	for _, l := range lines {
		if l.Leaf != nil && l.Leaf.Erased() {
			return l.Leaf.Commitment
		}
	}
	t.Fatal("no leaf is erased")
	return h
}

// What is wrong with a page is evidence: it goes into the bundle as it is.
func TestPageIsEvidence(t *testing.T) {
	put := leaf(t, 0, act.CardPut, act.Allow, "a card\n")
	again := leaf(t, 1, act.CardPut, act.Allow, "another card\n")
	with := func(l bundle.Leaf, card string) bundle.Leaf { l.Card = card; return l }
	newer := put
	newer.Text = strings.Replace(put.Text, "card.put", "card.eat", 1)
	for name, test := range map[string]struct {
		page bundle.Page
		want []bundle.Leaf
	}{
		"in any order": {bundle.Page{Leaves: []bundle.Leaf{put, again}, Cards: []string{"another card\n", "a card\n"}},
			[]bundle.Leaf{with(put, "a card\n"), with(again, "another card\n")}},
		"one replaced": {bundle.Page{Leaves: []bundle.Leaf{put, again}, Cards: []string{"forged\n", "another card\n"}},
			[]bundle.Leaf{with(put, "forged\n"), with(again, "another card\n")}},
		"one left out": {bundle.Page{Leaves: []bundle.Leaf{put, again}, Cards: []string{"another card\n"}},
			[]bundle.Leaf{put, with(again, "another card\n")}},
		"one too many": {bundle.Page{Leaves: []bundle.Leaf{put}, Cards: []string{"more\n", "a card\n"}},
			[]bundle.Leaf{with(put, "a card\n")}},
		"one for two": {bundle.Page{Leaves: []bundle.Leaf{put, leaf(t, 1, act.CardPut, act.Allow, "a card\n")}, Cards: []string{"a card\n"}},
			[]bundle.Leaf{with(put, "a card\n"), leaf(t, 1, act.CardPut, act.Allow, "a card\n")}},
		"of a denied act": {bundle.Page{Leaves: []bundle.Leaf{leaf(t, 0, act.CardPut, act.Deny, "a card\n")}, Cards: []string{"a card\n"}},
			[]bundle.Leaf{leaf(t, 0, act.CardPut, act.Deny, "a card\n")}},
		"of another kind": {bundle.Page{Leaves: []bundle.Leaf{put}, Rosters: []string{"a card\n"}}, []bundle.Leaf{put}},
		"a newer record":  {bundle.Page{Leaves: []bundle.Leaf{newer}, Cards: []string{"a card\n"}}, []bundle.Leaf{newer}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w, err := bundle.NewWriter(&out, origin, marks(int64(len(test.want))))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Page(test.page), w.Close()); err != nil {
				t.Fatal(err)
			}
			lines, err := read(&out)
			if err != nil {
				t.Fatal(err)
			}
			var got []bundle.Leaf
			for _, l := range lines[:len(lines)-1] {
				got = append(got, *l.Leaf)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("the leaves (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPageRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		page bundle.Page
		want fault.Class
	}{
		"a header without receipt": {bundle.Page{Headers: []string{"a\n"}}, fault.ClassMissing},
		"not the next":             {bundle.Page{Leaves: []bundle.Leaf{leaf(t, 1, act.CaseList, act.Allow, "")}}, fault.ClassSequence},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := bundle.NewWriter(io.Discard, origin, marks(3))
			if err != nil {
				t.Fatal(err)
			}
			wantClass(t, w.Page(test.page), test.want)
		})
	}
}

// full is a disk with room for so many bytes.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(b []byte) (int, error) {
	f.room -= len(b)
	if f.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// What doesn't fit on the disk is never reported as written.
func TestWriterOnAFullDisk(t *testing.T) {
	file, lines := sample(t)
	for room := range len(file) {
		w, err := bundle.NewWriter(&full{room}, origin, marks(0, 3, 6))
		for _, line := range lines {
			if err == nil && line.Leaf != nil {
				err = w.Leaf(*line.Leaf)
			}
		}
		if err == nil {
			err = w.Close()
		}
		if !errors.Is(err, errFull) || fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("with room for %d bytes: %v", room, err)
		}
	}
}
