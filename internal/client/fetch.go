package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

// Fetch gets the attachment n of an entry, from 0, and writes it to w as it comes: memory does
// not depend on its size. A way that breaks is taken up again where it broke; each time is a
// reading, which is recorded.
//
// What is written to w counts only when Fetch returns nil: that nothing is missing at the end,
// and that the file is the author's own, is known at the end. So w is something that can be
// thrown away, as a file under another name, and nothing of it is shown before.
//
// It refuses a file that was left out or cut short (class missing), is another one than its
// author's (substituted), and one that its author did not seal as it must be (envelope, padding,
// binding).
func (u *Unlocked) Fetch(ctx context.Context, v *Conversation, entry ids.Entry, n int, w io.Writer, progress Progress) error {
	s := v.find(entry)
	if s == nil || n < 0 || n >= len(s.Content.Attachments) {
		return fault.New(fault.NotFound, "fetching an attachment: there is no such one")
	}
	a := &s.Content.Attachments[n]
	down := &download{client: u.Client, ctx: ctx, id: a.Blob, sealed: a.sealed, sum: sha256.New(), progress: progress}
	err := seal.OpenBlob(w, a.key, down, a.sealed.Size, a.Size)
	err = errors.Join(err, down.close())
	if down.failed != nil {
		return down.failed
	}
	if err != nil && fault.KindOf(err) != fault.Refused {
		return err // of w
	}
	// Whose fault it is: only what the author has signed is hers.
	if same, failed := down.whole(); failed != nil || !same {
		return orElse(failed, fault.Refuse(fault.ClassSubstitute, "fetching an attachment: another file than its author's"))
	}
	return err
}

// fetchSealed gets an attachment as the service has it, and writes it to w as it comes. What is
// written counts only when it returns nil, as in Fetch.
func (u *Unlocked) fetchSealed(ctx context.Context, a *Attachment, w io.Writer, progress Progress) error {
	down := &download{client: u.Client, ctx: ctx, id: a.Blob, sealed: a.sealed, sum: sha256.New(), progress: progress}
	_, err := io.CopyN(w, down, a.sealed.Size)
	if err := errors.Join(err, down.close()); err != nil {
		return orElse(down.failed, err)
	}
	if same, failed := down.whole(); failed != nil || !same {
		return orElse(failed, fault.Refuse(fault.ClassSubstitute, "fetching an attachment: another file than its author's"))
	}
	return nil
}

// download is a blob on its way down: an io.Reader of the sealed file.
type download struct {
	client   *Client
	ctx      context.Context //nolint:containedctx // an io.Reader is given none
	id       ids.Blob
	sealed   thread.Sealed
	at       int64 // how much was read
	sum      hash.Hash
	stream   io.ReadCloser
	barren   int   // how often in a row nothing came
	failed   error // what ended it, but for its end
	progress Progress
}

// Read reads on, and takes the way up again when it breaks.
func (d *download) Read(p []byte) (int, error) {
	for d.failed == nil {
		if d.stream == nil {
			if d.failed = d.open(); d.failed != nil {
				break
			}
		}
		n, err := d.stream.Read(p)
		if n > 0 {
			d.barren, d.at = 0, d.at+int64(n)
			d.sum.Write(p[:n])
			d.progress.tell(min(d.at, d.sealed.Size), d.sealed.Size)
			return n, nil
		}
		if err == nil {
			continue
		}
		if d.at >= d.sealed.Size {
			return 0, io.EOF
		}
		d.again(err)
	}
	return 0, d.failed
}

// again closes a way that has broken.
func (d *download) again(why error) {
	_ = d.close() // it is broken
	d.barren++
	switch {
	case d.ctx.Err() != nil:
		d.failed = fault.Wrap(fault.Unavailable, d.ctx.Err(), "fetching an attachment")
	case d.barren < attempts:
		if err := d.client.parts.Wait(d.ctx, d.barren); err != nil {
			d.failed = fault.Wrap(fault.Unavailable, err, "fetching an attachment")
		}
	case errors.Is(why, io.EOF):
		d.failed = fault.Refuse(fault.ClassMissing, "fetching an attachment: %d of %d bytes, and no more", d.at, d.sealed.Size)
	default:
		d.failed = fault.Wrap(fault.Unavailable, why, "fetching an attachment: the way breaks after %d of %d bytes", d.at, d.sealed.Size)
	}
}

func (d *download) open() error {
	c := d.client
	for {
		status, answer, err := c.parts.Transport.Stream(d.ctx, c.parts.Token, "GET", pathTo("/v1/blobs/%s?from=%d", d.id, d.at), nil)
		if err != nil {
			if d.again(err); d.failed != nil {
				return d.failed
			}
			continue
		}
		if status == 200 {
			d.stream = answer
			return nil
		}
		text, err := io.ReadAll(io.LimitReader(answer, maxSmall))
		if err := errors.Join(err, answer.Close()); err != nil {
			return fault.Wrap(fault.Unavailable, err, "fetching an attachment")
		}
		return refusal(status, text)
	}
}

// whole reads what is left, and reports whether all of it is the author's file.
func (d *download) whole() (bool, error) {
	if d.at < d.sealed.Size {
		if _, err := io.CopyN(io.Discard, d, d.sealed.Size-d.at); err != nil {
			return false, errors.Join(err, d.close())
		}
	}
	return d.at == d.sealed.Size && note.Hash(d.sum.Sum(nil)) == d.sealed.Hash, d.close()
}

func (d *download) close() error {
	stream := d.stream
	d.stream = nil
	if stream == nil {
		return nil
	}
	return stream.Close()
}
