package gate

import (
	"context"
	"errors"
	"io"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/blob"
	"varco/internal/caller"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// The limits of what one person may have uploaded that no entry carries: two of the largest
// attachments at a time, many small ones.
const (
	MaxUnboundBytes = 1 << 30
	MaxUnboundBlobs = 64
)

// BeginBlob begins to upload an attachment, and returns how far the upload has come: 0, or more
// when the same was begun before. Beginning is recorded, and so is the end; parts are not, for
// nobody sees them before an entry carries the whole. Its id is made of hers, so that beginning tells
// nobody whether somebody else has such an attachment.
func (g *Gate) BeginBlob(ctx context.Context, who caller.Caller, req api.BeginBlob) (api.Received, error) {
	if err := envelope.CheckBlobSize(req.Size); err != nil {
		return api.Received{}, g.malformed(ctx, who, act.BlobPut, err)
	}
	id := ids.BlobOf(who.Person, req.Nonce)
	var received api.Received
	err := g.through(ctx, who, func(d *desk) error {
		b, found, err := d.Blob(id)
		if err != nil {
			return err
		}
		f, err := d.facts(act.BlobPut)
		if err != nil {
			return err
		}
		r, err := d.decide(f, string(id))
		if err != nil {
			return err
		}
		if found {
			if b.Author != who.Person || b.Size != req.Size || b.Gone() {
				return d.refuse(r, fault.Refuse(fault.ClassDuplicate, "beginning a blob: its id was used before"))
			}
			received.Received = b.Received
			return nil
		}
		if err := d.room(req.Size); err != nil {
			return err
		}
		if _, err := d.allow(r, func(record *ledger.Record) { record.Size = req.Size }); err != nil {
			return err
		}
		return d.PutBlob(id, who.Person, req.Size)
	})
	if fault.KindOf(err) == fault.Limited {
		return received, g.full(ctx, who, err)
	}
	return received, err
}

// room refuses an attachment (kind limited) for which its author has no room left.
func (d *desk) room(size int64) error {
	has, err := d.Unbound(d.who.Person)
	if err != nil {
		return err
	}
	if has.Count >= MaxUnboundBlobs || has.Size+size > MaxUnboundBytes {
		return fault.New(fault.Limited, "beginning a blob: %d of %d bytes were uploaded that no entry carries", has.Count, has.Size)
	}
	return nil
}

// full records, once a minute, that somebody had no room left.
func (g *Gate) full(ctx context.Context, who caller.Caller, cause error) error {
	err := g.counted(ctx, string(who.Session)+" no room", ledger.Record{Act: act.BlobPut, Outcome: act.Refuse,
		Person: who.Person, Organisation: who.Organisation, Session: who.Session, Request: who.Request,
		Assurance: who.Assurance, Source: sourceOf(who.Person, who.Source), PolicySet: g.Policies.Hash(), Class: fault.ClassSize})
	return orErr(err, cause)
}

// PutPart adds a part of size bytes to an upload at an offset, which is how far it has come; it
// is on the disk when PutPart returns. The last part again gets the same answer.
func (g *Gate) PutPart(ctx context.Context, who caller.Caller, id ids.Blob, at int64, part io.Reader, size int64) (api.Received, error) {
	p, err := g.Blobs.Spool(part, size)
	if err != nil {
		return api.Received{}, err
	}
	received, err := g.putPart(ctx, who, id, at, p)
	return received, errors.Join(err, p.Close())
}

func (g *Gate) putPart(ctx context.Context, who caller.Caller, id ids.Blob, at int64, p *blob.Part) (api.Received, error) {
	b, err := g.ownBlob(ctx, who, act.BlobPut, id, nil)
	if err != nil {
		return api.Received{}, err
	}
	if err := g.checkHead(at, p, b.Size); err != nil {
		return api.Received{}, g.malformed(ctx, who, act.BlobPut, err)
	}
	if at < 0 || at > b.Size-p.Size() || b.State != store.BlobBegun {
		return api.Received{}, fault.New(fault.Conflict, "adding a part: it does not belong there")
	}
	u, err := g.Blobs.Upload(id)
	if err != nil {
		return api.Received{}, err
	}
	received, err := g.grow(ctx, u, id, at, p)
	return received, errors.Join(err, u.Close())
}

// checkHead looks at the header of the sealed file, which the first part holds.
func (g *Gate) checkHead(at int64, p *blob.Part, size int64) error {
	if at != 0 {
		return nil
	}
	head, err := p.Begins(envelope.BlobHead)
	if err != nil {
		return err
	}
	return envelope.CheckBlob(head, size)
}

// grow adds a part to an upload that nobody else has now. How far it has come is asked again:
// somebody may have had it since.
func (g *Gate) grow(ctx context.Context, u *blob.Upload, id ids.Blob, at int64, p *blob.Part) (api.Received, error) {
	var b store.Blob
	if err := g.Store.Read(ctx, func(tx *store.Tx) (err error) {
		b, _, err = tx.Blob(id)
		return err
	}); err != nil {
		return api.Received{}, err
	}
	elsewhere := fault.New(fault.Conflict, "adding a part: the upload has come to another place")
	to := at + p.Size()
	switch {
	case b.State != store.BlobBegun:
		return api.Received{}, elsewhere
	case b.Received == to:
		same, err := u.Holds(at, p)
		if err == nil && !same {
			err = elsewhere
		}
		return api.Received{Received: to}, err
	case b.Received != at:
		return api.Received{}, elsewhere
	}
	if err := u.Append(at, p); err != nil {
		return api.Received{}, err
	}
	return api.Received{Received: to}, g.Store.Write(ctx, func(tx *store.Tx) error {
		grown, err := tx.GrowBlob(id, at, to)
		if err == nil && !grown {
			err = elsewhere
		}
		return err
	})
}

// FinishBlob makes an upload whole, if it is all there and has the hash. That is recorded with
// it. Asked for again it gets the same answer. One that has another hash is refused and removed:
// it will never be right, and nobody is to have it read through again and again.
func (g *Gate) FinishBlob(ctx context.Context, who caller.Caller, id ids.Blob, req api.FinishBlob) (api.Received, error) {
	b, err := g.ownBlob(ctx, who, act.BlobPut, id, nil)
	if err != nil {
		return api.Received{}, err
	}
	if b.State == store.BlobWhole && orZero(b.Hash) == req.Hash {
		return api.Received{Received: b.Size}, nil
	}
	if b.State != store.BlobBegun || b.Received != b.Size {
		return api.Received{}, fault.New(fault.Conflict, "finishing a blob: %d of %d bytes are there", b.Received, b.Size)
	}
	whole, err := g.finishFile(id, b.Size, req.Hash)
	if err != nil {
		return api.Received{}, err
	}
	if !whole {
		return api.Received{}, g.dropSpoilt(ctx, who, id)
	}
	_, err = g.ownBlob(ctx, who, act.BlobPut, id, func(d *desk, r ruling) error {
		if _, err := d.allow(r, func(record *ledger.Record) { record.Size, record.Hash = b.Size, req.Hash }); err != nil {
			return err
		}
		finished, err := d.Tx.FinishBlob(id, req.Hash[:])
		if err == nil && !finished {
			err = fault.New(fault.Conflict, "finishing a blob: somebody else was first")
		}
		return err
	})
	return api.Received{Received: b.Size}, err
}

// dropSpoilt refuses an upload that has another hash than was announced, and removes it.
func (g *Gate) dropSpoilt(ctx context.Context, who caller.Caller, id ids.Blob) error {
	dropped := false
	_, err := g.ownBlob(ctx, who, act.BlobPut, id, func(d *desk, r ruling) error {
		refused := d.refuse(r, fault.Refuse(fault.ClassSubstitute, "finishing a blob: what is there has another hash"))
		b, _, err := d.Blob(id)
		if err != nil {
			return err
		}
		// Somebody with the right hash may have been faster.
		if dropped = b.State == store.BlobBegun; dropped {
			_, err = d.Tx.DropBlob(id)
		}
		return orErr(err, refused)
	})
	if dropped && fault.KindOf(err) == fault.Refused {
		return orErr(g.eraseBlob(ctx, id), err)
	}
	return err
}

func (g *Gate) finishFile(id ids.Blob, size int64, hash note.Hash) (bool, error) {
	u, err := g.Blobs.Upload(id)
	if err != nil {
		return false, err
	}
	whole, err := u.Finish(size, hash)
	return whole, errors.Join(err, u.Close())
}

// DropBlob removes an attachment of hers that no entry carries.
func (g *Gate) DropBlob(ctx context.Context, who caller.Caller, id ids.Blob) error {
	if _, err := g.ownBlob(ctx, who, act.BlobDrop, id, func(d *desk, r ruling) error {
		if _, err := d.allow(r, nil); err != nil {
			return err
		}
		dropped, err := d.Tx.DropBlob(id)
		if err == nil && !dropped {
			err = fault.New(fault.Internal, "removing a blob: it is not there any more")
		}
		return err
	}); err != nil {
		return err
	}
	return g.eraseBlob(ctx, id)
}

// ownBlob decides whether the caller may do something to an upload of hers, and does it in the
// same transaction. One of somebody else's, one that an entry carries and one that there is not
// are the same to her.
func (g *Gate) ownBlob(ctx context.Context, who caller.Caller, a act.Act, id ids.Blob, do func(*desk, ruling) error) (store.Blob, error) {
	var b store.Blob
	err := g.through(ctx, who, func(d *desk) error {
		var err error
		if b, _, err = d.Blob(id); err != nil {
			return err
		}
		f, err := d.facts(a)
		if err != nil {
			return err
		}
		f.Subject = ""
		if b.Entry == "" && !b.Gone() {
			f.Subject = b.Author
		}
		r, err := d.decide(f, string(id))
		if err != nil || do == nil {
			return err
		}
		return do(d, r)
	})
	return b, err
}
