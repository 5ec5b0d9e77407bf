package verify

import (
	"time"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
)

// unboundLife is how long an attachment waits at least before it is removed because no entry carries it.
const unboundLife = 24 * time.Hour

// upload is what the log has said of an attachment.
type upload struct {
	by      ids.Person
	size    int64
	begun   time.Time
	hash    note.Hash // zero until it is whole
	entry   ids.Entry // that carries it, "" for none
	dropped bool
	old     bool // it counts among those that may be removed
}

// uploads are the attachments of a log. Nothing of one is in a bundle but what records and headers say
// of it: that they agree is all that can be checked.
type uploads struct {
	of        map[ids.Blob]*upload
	carried   map[ids.Entry][]thread.Blob
	order     []*upload // as they began, those that are not old
	left      int64     // how many are old, and neither carried nor removed by their author
	swept     int64     // how many were removed by nobody
	forgotten bool      // records were erased: an upload that is not known may be in one
}

func newUploads() uploads {
	return uploads{of: map[ids.Blob]*upload{}, carried: map[ids.Entry][]thread.Blob{}}
}

// put checks that an upload began once and became whole once, by one person and with one size.
func (u *uploads) put(r *ledger.Record) error {
	id := ids.Blob(r.Object)
	if _, err := ids.ParseBlob(r.Object); err != nil || r.Size < 1 {
		return refuse(fault.ClassSubstitute, "an upload of what is no attachment")
	}
	known := u.of[id]
	if r.Hash.IsZero() {
		if known != nil {
			return refuse(fault.ClassDuplicate, "the attachment's id was used before")
		}
		one := &upload{by: r.Person, size: r.Size, begun: r.At}
		u.of[id], u.order = one, append(u.order, one)
		return nil
	}
	switch {
	case known == nil && u.forgotten:
		u.of[id] = &upload{by: r.Person, size: r.Size, hash: r.Hash}
		return nil
	case known == nil:
		return refuse(fault.ClassMissing, "an upload is whole that never began")
	case known.by != r.Person || known.size != r.Size:
		return refuse(fault.ClassSubstitute, "an upload of somebody else's, or of another size")
	case !known.hash.IsZero():
		return refuse(fault.ClassDuplicate, "an upload that was whole before")
	case known.dropped:
		return refuse(fault.ClassFork, "an upload is whole that was removed")
	}
	known.hash = r.Hash
	return nil
}

// drop checks that an attachment was removed once, by its author, and that no entry carries it; and of
// those that nobody has removed, that there were so many that had waited long enough.
func (u *uploads) drop(r *ledger.Record) error {
	if r.Person == "" {
		return u.sweep(r)
	}
	known := u.of[ids.Blob(r.Object)]
	switch {
	case known == nil && u.forgotten:
		return nil
	case known == nil:
		return refuse(fault.ClassMissing, "an attachment was removed that was never uploaded")
	case known.by != r.Person:
		return refuse(fault.ClassSubstitute, "an attachment of somebody else's was removed")
	case known.dropped:
		return refuse(fault.ClassDuplicate, "an attachment was removed twice")
	case known.entry != "":
		return refuse(fault.ClassFork, "an attachment was removed that an entry carries")
	}
	known.dropped = true
	u.settled(known)
	return nil
}

func (u *uploads) sweep(r *ledger.Record) error {
	for len(u.order) > 0 && u.order[0].begun.Before(r.At.Add(-unboundLife)) {
		if one := u.order[0]; one.entry == "" && !one.dropped {
			one.old = true
			u.left++
		}
		u.order = u.order[1:]
	}
	u.swept += max(1, r.Count)
	if u.swept > u.left && !u.forgotten {
		return refuse(fault.ClassMissing, "more attachments were removed than had been uploaded and left")
	}
	return nil
}

// settled notes that an attachment is none that may be removed by nobody.
func (u *uploads) settled(one *upload) {
	if one.old {
		one.old = false
		u.left--
	}
}

// carry checks that what an entry attaches was uploaded whole by its author, with the size and hash
// that the header states, was not removed, and is carried by no other entry.
func (u *uploads) carry(e *thread.Entry) error {
	for _, b := range e.Blobs {
		known := u.of[b.ID]
		if known == nil && u.forgotten {
			known = &upload{by: e.Author, size: b.Sealed.Size, hash: b.Sealed.Hash}
			u.of[b.ID] = known
		}
		switch {
		case known == nil || known.hash.IsZero() && !u.forgotten:
			return refuse(fault.ClassMissing, "an entry carries an attachment that was never uploaded whole")
		case known.by != e.Author || known.size != b.Sealed.Size || !known.hash.IsZero() && known.hash != b.Sealed.Hash:
			return refuse(fault.ClassSubstitute, "an entry carries another attachment than was uploaded")
		case known.dropped:
			return refuse(fault.ClassFork, "an entry carries an attachment that was removed")
		case known.entry != "":
			return refuse(fault.ClassDuplicate, "two entries carry one attachment")
		}
		known.hash, known.entry = b.Sealed.Hash, e.ID
		u.settled(known)
	}
	if len(e.Blobs) > 0 {
		u.carried[e.ID] = e.Blobs
	}
	return nil
}

// fetching checks that the attachment that was read was there, and that a member read it.
func (c *chains) fetching(r *ledger.Record) error {
	state := c.threads[ids.Thread(r.Object)]
	if state == nil {
		return refuse(fault.ClassMissing, "an attachment was read of a thread that was never opened")
	}
	if c.entries[r.Entry] != state.Thread {
		return refuse(fault.ClassFork, "an attachment was read of an entry that is not of the thread")
	}
	for _, b := range c.uploads.carried[r.Entry] {
		if b.Sealed.Hash == r.Hash {
			if r.Size > b.Sealed.Size {
				return refuse(fault.ClassSize, "more of an attachment was read than there is")
			}
			return member(state, r)
		}
	}
	return refuse(fault.ClassSubstitute, "an attachment was read that its entry does not carry")
}
