package gate

import (
	"context"
	"io"

	"varco/internal/act"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// ReadBlob serves an attachment of a thread from an offset on, with the number of bytes that
// follow. Who may read the thread may have it, an officer while the opening lasts for which she
// gave her reason. The reading is recorded, with what is served, before the first byte; going on
// from an offset is another reading. The caller closes the file.
func (g *Gate) ReadBlob(ctx context.Context, who caller.Caller, id ids.Blob, from int64) (file io.ReadCloser, size int64, err error) {
	if from < 0 {
		return nil, 0, fault.New(fault.Invalid, "reading a blob: from a place before its beginning")
	}
	err = g.through(ctx, who, func(d *desk) error {
		b, _, err := d.Blob(id)
		if err != nil {
			return err
		}
		f, err := d.facts(act.BlobRead)
		if err != nil {
			return err
		}
		if f.Reason, err = d.Opening(who.Session, b.Thread); err != nil {
			return err
		}
		if _, err := d.aboutThread(&f, b.Thread); err != nil {
			return err
		}
		r, err := d.decide(f, string(id))
		if err != nil {
			return err
		}
		// From here on it is the thread's: who reads who has read it finds it there.
		r.object = string(b.Thread)
		if from > b.Size {
			return d.refuse(r, fault.Refuse(fault.ClassSize, "reading a blob: from a place behind its end"))
		}
		size = b.Size - from
		_, err = d.allow(r, func(record *ledger.Record) {
			record.Entry, record.Size, record.Hash = b.Entry, size, orZero(b.Hash)
		})
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	file, err = g.Blobs.Read(id, from)
	if err != nil {
		return nil, 0, fault.Wrap(fault.Internal, err, "reading a blob")
	}
	return file, size, nil
}
