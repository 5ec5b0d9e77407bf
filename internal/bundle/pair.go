package bundle

import (
	"varco/internal/act"
	"varco/internal/ledger"
	"varco/internal/note"
)

// kind of note.
type kind int

const (
	none kind = iota
	card
	roster
	entry
)

// loose is a note of a page before it has its leaf.
type loose struct {
	kind          kind
	text, receipt string
	used          bool
}

// paired returns the leaves of a page with their notes.
func (p *Page) paired() []Leaf {
	notes := p.notes()
	byHash := make(map[note.Hash]*loose, len(notes))
	for _, n := range notes {
		byHash[note.Sum([]byte(n.text))] = n
	}
	leaves := make([]Leaf, len(p.Leaves))
	var without []int // indexes of leaves whose note is not there
	for i, l := range p.Leaves {
		leaves[i] = l
		wants, hash := l.names()
		if n := byHash[hash]; n != nil && n.kind == wants && !n.used {
			leaves[i].carry(n)
		} else if wants != none {
			without = append(without, i)
		}
	}
	for _, i := range without {
		wants, _ := leaves[i].names()
		for _, n := range notes {
			if n.kind == wants && !n.used {
				leaves[i].carry(n)
				break
			}
		}
	}
	return leaves
}

func (p *Page) notes() []*loose {
	var notes []*loose
	for _, c := range p.Cards {
		notes = append(notes, &loose{kind: card, text: c})
	}
	for _, r := range p.Rosters {
		notes = append(notes, &loose{kind: roster, text: r})
	}
	for i, h := range p.Headers {
		notes = append(notes, &loose{kind: entry, text: h, receipt: p.Receipts[i]})
	}
	return notes
}

// names returns the kind of note that the leaf's record is about, and its hash. A record
// that can't be read is about none.
func (l *Leaf) names() (kind, note.Hash) {
	r, err := ledger.ParseRecord(l.Text)
	if err != nil || r.Outcome != act.Allow {
		return none, note.Hash{}
	}
	switch r.Act { //nolint:exhaustive // the others are about no note
	case act.CardPut:
		return card, r.Hash
	case act.RosterPut:
		return roster, r.Hash
	case act.CaseOpen, act.CaseExtend, act.EntryAppend:
		return entry, r.Hash
	}
	return none, note.Hash{}
}

func (l *Leaf) carry(n *loose) {
	n.used = true
	switch n.kind {
	case card:
		l.Card = n.text
	case roster:
		l.Roster = n.text
	case entry:
		l.Header, l.Receipt = n.text, n.receipt
	case none:
	}
}
