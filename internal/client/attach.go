package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

const (
	// leastPart is how small parts become on a way that breaks.
	leastPart = 256 << 10
	// giveUp is how long a device tries to take back an upload that failed.
	giveUp = 5 * time.Second
	// maxSmall is above every answer to a part.
	maxSmall = 64 << 10
)

// Progress is told how many bytes of how many have gone: of the sealed file, which is a little
// larger than the data. It may be nil.
type Progress func(done, total int64)

func (p Progress) tell(done, total int64) {
	if p != nil {
		p(done, total)
	}
}

// Attach seals size bytes of data to a key of their own and uploads them, as they are read: with
// the memory of one part, whatever the size. What it returns goes into the Content of an entry,
// within a day and once. A part whose answer is lost is sent again, from where the service says
// that it is; ctx ends the upload, and what has come of it is taken back.
//
// It refuses a name or type that is not good (class form), more than an attachment may have
// (size), and data of another size (kind invalid).
func (u *Unlocked) Attach(ctx context.Context, data io.Reader, name, mediaType string, size int64, progress Progress) (Attachment, error) {
	if err := errors.Join(CheckName(name), CheckType(mediaType)); err != nil {
		return Attachment{}, err
	}
	total, err := seal.BlobSize(size)
	if err != nil {
		return Attachment{}, err
	}
	key, err := seal.NewBlobKey()
	if err != nil {
		return Attachment{}, err
	}
	nonce, err := drawNonce(u.parts.Rand)
	if err != nil {
		return Attachment{}, err
	}
	a := Attachment{Blob: ids.BlobOf(u.Person(), nonce), Name: name, Type: mediaType, Size: size, key: key}
	up := &upload{client: u.Client, ctx: ctx, id: a.Blob, nonce: nonce, total: total, sum: sha256.New(), progress: progress,
		buffer: make([]byte, 0, min(total, envelope.MaxPart)), part: envelope.MaxPart}
	a.sealed, err = up.all(key, data, size)
	if err != nil {
		up.takeBack()
		return Attachment{}, err
	}
	return a, nil
}

func drawNonce(rand io.Reader) (nonce note.Hash, err error) {
	if _, err := io.ReadFull(rand, nonce[:]); err != nil {
		return nonce, fault.Wrap(fault.Internal, err, "attaching a file: drawing its nonce")
	}
	return nonce, nil
}

// upload is a blob on its way up: an io.Writer that sends what is written in parts.
type upload struct {
	client   *Client
	ctx      context.Context //nolint:containedctx // an io.Writer is given none
	id       ids.Blob
	nonce    note.Hash // that the id is made of
	total    int64
	sum      hash.Hash
	base     int64 // where in the file the buffer begins: the service has all before it
	buffer   []byte
	part     int // how large a part may be now
	progress Progress
}

func (up *upload) all(key seal.BlobKey, data io.Reader, size int64) (thread.Sealed, error) {
	if _, err := up.begin(); err != nil {
		return thread.Sealed{}, err
	}
	err := seal.Blob(up, key, data, size)
	if errors.Is(err, envelope.ErrSize) {
		return thread.Sealed{}, fault.Wrap(fault.Invalid, err, "attaching a file: it has changed meanwhile")
	}
	if err == nil {
		err = up.flush()
	}
	if err != nil {
		return thread.Sealed{}, err
	}
	sealed := thread.Sealed{Hash: note.Hash(up.sum.Sum(nil)), Size: up.total}
	var whole api.Received
	return sealed, up.client.ask(up.ctx, "POST", pathTo("/v1/blobs/%s/whole", up.id), api.FinishBlob{Hash: sealed.Hash}, &whole)
}

// begin begins the upload, or asks how far it has come.
func (up *upload) begin() (int64, error) {
	var r api.Received
	err := up.client.ask(up.ctx, "POST", "/v1/blobs", api.BeginBlob{Nonce: up.nonce, Size: up.total}, &r)
	return r.Received, err
}

// Write takes bytes of the sealed file.
func (up *upload) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		room := min(len(p), cap(up.buffer)-len(up.buffer))
		up.buffer, p = append(up.buffer, p[:room]...), p[room:]
		if len(up.buffer) == cap(up.buffer) {
			if err := up.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// flush sends what was written, and empties the buffer. It is hashed while it is on its way: in a
// browser one thread computes, and another process sends.
func (up *upload) flush() error {
	hashed := make(chan struct{})
	go func() {
		up.sum.Write(up.buffer)
		close(hashed)
	}()
	err := up.sendBuffer()
	<-hashed
	if err != nil {
		return err
	}
	up.base, up.buffer = up.base+int64(len(up.buffer)), up.buffer[:0]
	return nil
}

// sendBuffer sends the buffer until the service has all of it.
func (up *upload) sendBuffer() error {
	end := up.base + int64(len(up.buffer))
	for at := up.base; at < end; {
		received, err := up.send(at, up.buffer[at-up.base:])
		if err != nil {
			return err
		}
		if received <= at || received > end {
			return fault.Refuse(fault.ClassRollback, "attaching a file: the service has %d bytes, and %d were sent", received, at)
		}
		at = received
		up.progress.tell(at, up.total)
	}
	return nil
}

// send sends a part of what is left, and returns how much of the file the service has then. When
// an answer is lost it asks how much that is, and sends less at once.
func (up *upload) send(at int64, left []byte) (int64, error) {
	for attempt := 1; ; attempt++ {
		received, err := up.put(at, left[:min(len(left), up.part)])
		lost, ok := err.(*lostError) //nolint:errorlint // made by put and not wrapped
		if !ok {
			return received, err
		}
		if attempt == attempts || up.ctx.Err() != nil || up.client.parts.Wait(up.ctx, attempt) != nil {
			return 0, fault.Wrap(fault.Unavailable, lost, "attaching a file: no answer to a part, %d times", attempt)
		}
		up.part = max(up.part/2, leastPart)
		received, err = up.begin()
		if err != nil || received > at {
			return received, err
		}
	}
}

// put sends one part.
func (up *upload) put(at int64, part []byte) (int64, error) {
	c := up.client
	status, answer, err := c.parts.Transport.Stream(up.ctx, c.parts.Token, "PUT", pathTo("/v1/blobs/%s/parts/%d", up.id, at), part)
	if err != nil {
		return 0, &lostError{err}
	}
	text, err := io.ReadAll(io.LimitReader(answer, maxSmall))
	if err := errors.Join(err, answer.Close()); err != nil {
		return 0, &lostError{err}
	}
	if status < 200 || status > 299 {
		return 0, refused(status, text)
	}
	var r api.Received
	if err := json.Unmarshal(text, &r); err != nil {
		return 0, fault.Refuse(fault.ClassForm, "reading the service's answer: %s", err)
	}
	return r.Received, nil
}

// takeBack removes what has come of an upload, if the service can be told; else it removes it
// by itself after a day.
func (up *upload) takeBack() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(up.ctx), giveUp)
	defer cancel()
	_ = up.client.askOnce(ctx, "DELETE", pathTo("/v1/blobs/%s", up.id), nil, nil) // it is forgotten here in any case
}
