package verify

import (
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
)

// lives notes when heads are recorded.
func (v *verifier) lives(r *ledger.Record) {
	heads := r.Act == act.Heads && r.Outcome == act.Allow
	if heads {
		v.headless(r.At)
	}
	if heads || v.heads.IsZero() {
		v.heads = r.At
	}
}

// headless counts a time, up to one, in which the log goes on and says of no thread how far it has come:
// then nobody can have proven that nothing is kept back from her.
func (v *verifier) headless(until time.Time) {
	if passed := until.Sub(v.heads); !v.heads.IsZero() && passed > MaxGap {
		v.report.HeadsGaps++
		if v.report.HeadsGap == nil {
			v.report.HeadsGap = &Gap{v.heads, until}
		}
		v.report.LongestHeadsGap = max(v.report.LongestHeadsGap, int64(passed/time.Second))
	}
}

// growth is how far all that only grows has come, with what is newer than heads may be.
type growth struct {
	of     map[string][]grown // by object, oldest first
	recent []grown            // one for each leaf, of which only its time counts
}

type grown struct {
	leaf int64
	at   time.Time
	head ledger.Head
}

// add notes that an object has grown at a leaf.
func (g *growth) add(leaf int64, at time.Time, head ledger.Head) {
	g.of[head.Object] = append(g.of[head.Object], grown{leaf, at, head})
}

// pass notes the time of a leaf.
func (g *growth) pass(leaf int64, at time.Time) {
	g.recent = append(older(g.recent, at), grown{leaf: leaf, at: at})
}

// older drops from the front what was followed by something else long enough ago.
func older(all []grown, now time.Time) []grown {
	for len(all) > 1 && now.Sub(all[1].at) > 2*ledger.MaxHeadsAge {
		all = all[1:]
	}
	return all
}

// heads recomputes the tree of heads that a record claims.
func (g *growth) heads(leaf int64, r *ledger.Record) error {
	if r.From != 0 || r.Until > leaf || !g.fresh(leaf, r) {
		return refuse(fault.ClassStale, "heads of %d leaves, recorded at leaf %d", r.Until, leaf)
	}
	var now []ledger.Head
	for object, all := range g.of {
		g.of[object] = older(all, r.At)
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].leaf < r.Until {
				now = append(now, all[i].head)
				break
			}
		}
	}
	tree, err := ledger.NewHeads(now)
	if err != nil {
		return err
	}
	root, err := tree.Root()
	if err != nil {
		return err
	}
	if root != r.Hash {
		return refuse(fault.ClassProof, "the heads of %d leaves are others than were recorded", r.Until)
	}
	return nil
}

// fresh reports whether the first leaf that the heads leave out is new enough.
func (g *growth) fresh(leaf int64, r *ledger.Record) bool {
	if r.Until == leaf {
		return true
	}
	for _, one := range g.recent {
		if one.leaf == r.Until {
			return r.At.Sub(one.at) <= ledger.MaxHeadsAge
		}
	}
	return false
}
