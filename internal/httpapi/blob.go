package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Pace is how slow an attachment may be. A whole one may take long over mobile data, so each
// part has its own time: what is slow goes on, what is dead is cut. A field that is 0 has its
// default.
type Pace struct {
	Idle  time.Duration // between two pieces of a part that comes
	Part  time.Duration // for a whole part that comes
	Piece time.Duration // for 256 KiB that go
	Look  time.Duration // between two looks whether the session still lasts, of what goes
}

// DefaultPace is 7 KiB a second for the largest part that comes, and 4 KiB a second for what goes.
var DefaultPace = Pace{Idle: 30 * time.Second, Part: 10 * time.Minute, Piece: time.Minute, Look: 2 * time.Second}

const piece = 256 << 10 // bytes

// orDefault fills in what was not said.
func (p Pace) orDefault() Pace {
	for _, f := range []struct {
		own   *time.Duration
		usual time.Duration
	}{{&p.Idle, DefaultPace.Idle}, {&p.Part, DefaultPace.Part}, {&p.Piece, DefaultPace.Piece},
		{&p.Look, DefaultPace.Look}} {
		if *f.own == 0 {
			*f.own = f.usual
		}
	}
	return p
}

const octets = "application/octet-stream"

// binary describes bytes that are no text.
func binary() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{octets: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

type blobPath struct {
	Blob string `path:"blob"`
}

func (p blobPath) id() (ids.Blob, error) { return inPath(ids.ParseBlob(p.Blob)) }

// connection is how a request comes and is answered, for handlers that read or write as it goes.
type connection struct {
	r *http.Request
	w http.ResponseWriter
}

type connectionKey struct{}

// connected lets a handler have the connection.
func connected(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	next(huma.WithValue(ctx, connectionKey{}, connection{r, w}))
}

// deadlines are of the machine's clock, whatever the service's says.
func until(d time.Duration) time.Time { return time.Now().Add(d) } //nolint:forbidigo // of a connection, not of an act

// putPart reads a part as it comes.
func (s *server) putPart(ctx context.Context, who caller.Caller, in *struct {
	Blob string `path:"blob"`
	At   int64  `path:"at" doc:"offset in the blob"`
}) (*answer[api.Received], error) {
	id, err := blobPath{in.Blob}.id()
	if err != nil {
		return nil, err
	}
	c, ok := ctx.Value(connectionKey{}).(connection)
	if !ok {
		return nil, fault.New(fault.Internal, "taking a part: there is no connection")
	}
	control := http.NewResponseController(c.w)
	part := &arriving{r: c.r.Body, control: control, idle: s.Pace.Idle, last: until(s.Pace.Part)}
	received, err := s.Gate.PutPart(ctx, who, id, in.At, part, c.r.ContentLength)
	// The answer may come later than the server allows for a whole request.
	_ = control.SetWriteDeadline(until(s.Pace.Idle)) // else it keeps the server's
	return said(received, err)
}

// arriving is a body that must go on arriving.
type arriving struct {
	r       io.Reader
	control *http.ResponseController
	idle    time.Duration
	last    time.Time
}

func (a *arriving) Read(p []byte) (int, error) {
	next := until(a.idle)
	if next.After(a.last) {
		next = a.last
	}
	if err := a.control.SetReadDeadline(next); err != nil {
		return 0, err
	}
	return a.r.Read(p)
}

func (s *server) finishBlob(ctx context.Context, who caller.Caller, in *struct {
	Blob string `path:"blob"`
	Body api.FinishBlob
}) (*answer[api.Received], error) {
	id, err := blobPath{in.Blob}.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.FinishBlob(ctx, who, id, in.Body))
}

func (s *server) dropBlob(ctx context.Context, who caller.Caller, in *blobPath) (*none, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.Gate.DropBlob(ctx, who, id)
}

// served is a blob as it is read from the disk.
type served struct {
	ContentType   string `header:"Content-Type" hidden:"true"`
	ContentLength int64  `header:"Content-Length" doc:"bytes from the offset to the end"`
	Body          func(huma.Context)
}

func (s *server) readBlob(ctx context.Context, who caller.Caller, in *struct {
	Blob string `path:"blob"`
	From int64  `query:"from" doc:"offset to go on from"`
}) (*served, error) {
	id, err := blobPath{in.Blob}.id()
	if err != nil {
		return nil, err
	}
	file, size, err := s.Gate.ReadBlob(ctx, who, id, in.From)
	if err != nil {
		return nil, err
	}
	return &served{octets, size, func(to huma.Context) {
		defer file.Close()
		to.SetStatus(http.StatusOK)
		r, w := humachi.Unwrap(to)
		if err := s.send(w, r, file, size); err != nil {
			// Who is gone need not be told; who is not sees fewer bytes than were announced.
			s.report(to.Context(), err)
		}
	}}, nil
}

// send writes size bytes of a file piece by piece, each in its time, as long as the session lasts.
func (s *server) send(w http.ResponseWriter, r *http.Request, file io.Reader, size int64) error {
	control := http.NewResponseController(w)
	look := until(s.Pace.Look)
	for sent := int64(0); sent < size; {
		if until(0).After(look) {
			if err := s.goesOn(r); err != nil {
				return fault.Wrap(fault.KindOf(err), err, "serving a blob: after %d of %d bytes", sent, size)
			}
			look = until(s.Pace.Look)
		}
		if err := control.SetWriteDeadline(until(s.Pace.Piece)); err != nil {
			return fault.Wrap(fault.Internal, err, "serving a blob")
		}
		n, err := io.CopyN(w, file, min(piece, size-sent))
		sent += n
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "serving a blob: after %d of %d bytes", sent, size)
		}
	}
	return nil
}

// goesOn looks whether the session still lasts of somebody who fetches something long. Fetching is
// use of it, so that it does not end by itself meanwhile.
func (s *server) goesOn(r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), actTime)
	defer cancel()
	_, err := s.caller(r.WithContext(ctx))
	return err
}
