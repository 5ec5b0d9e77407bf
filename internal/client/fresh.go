package client

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// Fresh says up to when a thread is proven to be shown whole, by the newest rosters of its
// organisations. A device that has read a thread before sees by itself when less is shown than then;
// that nothing newer is kept back it can't see without this.
type Fresh struct {
	At time.Time // when the heads were recorded; zero if nothing is proven
	// Standing of that record. Merely Recorded, the service could show others other heads.
	Standing Standing
	// Doubt is why nothing is proven that should be by now; "" if all is well, or it is too early.
	Doubt Doubt
	Last  time.Time // when the heads were recorded that are Old or Ahead
}

// Doubt is why it must be feared that something newer is kept back: of a thread, or of who was taken
// off a roster. The thread can be read all the same: nobody is locked out by a service that stood still.
type Doubt string

// The doubts, all by this device's clock.
const (
	Old    Doubt = "old"    // the heads that are shown are older than they may be
	Ahead  Doubt = "ahead"  // they are of a time that has not come
	Silent Doubt = "silent" // none are shown of a thread that is older than they may be
)

// Doubts lists every doubt.
var Doubts = []Doubt{Old, Ahead, Silent}

// proofLife is how old the newest heads of an honest service can be: they are recorded every 55
// minutes, and within seconds of a start. It is about twice that: a record may fail once.
const proofLife = 2 * time.Hour

// judged says what a proof of the end of a thread, opened at a time, is worth now.
func (f Fresh) judged(now, opened time.Time) Fresh {
	switch {
	case f.At.IsZero():
		if now.Sub(opened) > proofLife {
			return Fresh{Doubt: Silent}
		}
	case now.Sub(f.At) > proofLife:
		return Fresh{Doubt: Old, Last: f.At}
	case f.At.Sub(now) > slack:
		return Fresh{Doubt: Ahead, Last: f.At}
	}
	return f
}

// askedLife is how long an answer is enough: the next heads are recorded by then.
const askedLife = time.Hour

// mustProve reports whether it is to be asked how far a conversation had come.
func (u *Unlocked) mustProve(v *Conversation) bool {
	return v.Fresh.Doubt != "" || u.now().Sub(v.asked) >= askedLife
}

// prove asks how far a thread and its rosters had come when that was last recorded for all. What
// came after they were read and before that was recorded is no lie: they are read again, once.
func (u *Unlocked) prove(ctx context.Context, v *Conversation) (Fresh, error) {
	fresh, err := u.fresh(ctx, v)
	if fault.ClassOf(err) != fault.ClassRollback {
		return fresh, err
	}
	if _, err := u.Directory(ctx); err != nil {
		return Fresh{}, err
	}
	if err := u.pages(ctx, v, ""); err != nil {
		return Fresh{}, err
	}
	return u.fresh(ctx, v)
}

// fresh refuses a thread or a roster that has not come as far as was recorded (class rollback) or has
// gone elsewhere (class fork), what is not proven (class proof), and a roster that was left out (missing).
// Heads that are too old prove nothing: a service that shows what was true last month has them.
func (c *Client) fresh(ctx context.Context, v *Conversation) (Fresh, error) {
	d, err := c.known(ctx)
	if err != nil {
		return Fresh{}, err
	}
	var fresh Fresh
	path := pathTo("/v1/threads/%s/freshness", v.id)
	_, err = askLog(ctx, c, "GET", path, func(m *Memory, wire api.Freshness, told int64) error {
		fresh = Fresh{}
		if wire.Proof == nil || wire.Head == nil {
			return nil
		}
		checkpoint, by, err := m.checkpoint(c.parts.Anchors, told, wire.Proof.Checkpoint, wire.Proof.Consistency)
		if err != nil {
			return err
		}
		if err := checkInclusion(*wire.Proof, wire.Proof.Leaf.Index, checkpoint); err != nil {
			return err
		}
		record, err := openLeaf(wire.Proof.Leaf)
		if err != nil {
			return err
		}
		if record.Act != act.Heads || record.Outcome != act.Allow {
			return fault.Refuse(fault.ClassProof, "checking the end of a thread: the record is of no heads")
		}
		fresh = Fresh{At: record.At, Standing: Recorded}
		if _, ok := c.parts.Anchors.Quorum.Witnessed(by); ok {
			fresh.Standing = Witnessed
		}
		if err := v.reaches(*wire.Head, record); err != nil {
			return err
		}
		return d.reaches(v.State.Centre, v.State.With, wire.Rosters, record)
	})
	if err != nil {
		return Fresh{}, err
	}
	return fresh.judged(c.now(), v.Entries[0].Entry.Time), nil
}

// reaches checks that a conversation has come as far as a head that a record proves.
func (v *Conversation) reaches(h api.Head, record ledger.Record) error {
	if err := placed(string(v.id), h, record); err != nil {
		return err
	}
	if h.Next > v.State.Next {
		return fault.Refuse(fault.ClassRollback, "checking the end of a thread: %d entries are shown, and there were %d", v.State.Next, h.Next)
	}
	if h.Next < 1 || v.Entries[h.Next-1].Entry.Hash() != h.Hash {
		return fault.Refuse(fault.ClassFork, "checking the end of a thread: entry %d is another than was recorded", h.Next-1)
	}
	return nil
}

// reaches checks that the rosters of a thread's organisations are as new as heads that a record
// proves. One without a head had no roster then: its first was not issued well before.
func (d *Directory) reaches(centre, with ids.Organisation, heads []api.RosterHead, record ledger.Record) error {
	for _, organisation := range sorted(centre, with) {
		book := d.books(organisation)
		if book == nil || book.Latest() == nil {
			return fault.Refuse(fault.ClassMissing, "checking a roster: %s has none", organisation)
		}
		i := slices.IndexFunc(heads, func(h api.RosterHead) bool { return h.Organisation == organisation })
		if i < 0 {
			if book.Version(1).Issued.Add(card.Settling).Before(record.At) {
				return fault.Refuse(fault.ClassMissing, "checking a roster: how far %s had come was left out", organisation)
			}
			continue
		}
		h := heads[i].Head
		if err := placed(string(organisation), h, record); err != nil {
			return err
		}
		if h.Next > book.Latest().Version {
			return fault.Refuse(fault.ClassRollback, "checking a roster: version %d is shown, and there was %d", book.Latest().Version, h.Next)
		}
		if r := book.Version(h.Next); r == nil || r.Hash != h.Hash {
			return fault.Refuse(fault.ClassFork, "checking a roster: version %d is another than was recorded", h.Next)
		}
	}
	return nil
}

// placed checks that a record's tree of heads holds the one of an object.
func placed(object string, h api.Head, record ledger.Record) error {
	p := ledger.Placed{Head: ledger.Head{Object: object, Next: h.Next, Hash: h.Hash}, Position: h.Position, Size: h.Size, Path: h.Path}
	return p.Check(record.Hash)
}
