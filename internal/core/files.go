package core

import (
	"context"
	"io"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Files are the files that the page hands over and gets. They go by number, since only text crosses;
// none is ever held whole here.
type Files interface {
	// Take reads a file that the page has handed over, and says how many bytes it has.
	Take(ctx context.Context, file int64) (data io.Reader, size int64, err error)
	// Give begins a file for the page, which gets it when the call succeeds.
	Give(ctx context.Context, file int64) (io.WriteCloser, error)
}

// Attached is a file that an entry carries.
type Attached struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Size int64  `json:"size"` // bytes
}

// Attach names a file that the page has handed over.
type Attach struct {
	File int64  `json:"file"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// Uploaded is a file that the service has, sealed, and that no entry carries yet: for a day.
type Uploaded struct {
	Blob ids.Blob `json:"blob"`
}

// Fetch asks for an attachment of an entry, into a file for the page.
type Fetch struct {
	Thread ids.Thread `json:"thread"`
	Entry  ids.Entry  `json:"entry"`
	Number int        `json:"number"` // from 0
	File   int64      `json:"file"`
}

var (
	_ = method(Page, "attach", "seal a file and upload it in parts", (*Core).attach)
	_ = method(Page, "fetch", "get an attachment and open it", (*Core).fetch)
)

// beside does something long while others call: it must not touch what the core holds.
func (c *Core) beside(long func() error) error {
	c.turn <- struct{}{}
	err := long()
	<-c.turn
	return err
}

func (c *Core) attach(ctx context.Context, a Attach, progress Progress) (Uploaded, error) {
	u, err := c.open()
	if err != nil {
		return Uploaded{}, err
	}
	data, size, err := c.files().Take(ctx, a.File)
	if err != nil {
		return Uploaded{}, err
	}
	var sealed client.Attachment
	if err := c.beside(func() error {
		sealed, err = u.Attach(ctx, data, client.NameOf(a.Name), typeOr(a.Type), size, client.Progress(progress))
		return err
	}); err != nil {
		return Uploaded{}, stopped(ctx, err)
	}
	c.attached[sealed.Blob] = sealed
	return Uploaded{sealed.Blob}, nil
}

func (c *Core) fetch(ctx context.Context, f Fetch, progress Progress) (None, error) {
	u, v, err := c.reading(f.Thread)
	if err != nil {
		return None{}, err
	}
	w, err := c.files().Give(ctx, f.File)
	if err != nil {
		return None{}, err
	}
	was := *v // what comes meanwhile makes a new one
	err = c.beside(func() error {
		if err := u.Fetch(ctx, &was, f.Entry, f.Number, w, client.Progress(progress)); err != nil {
			return err
		}
		return w.Close()
	})
	return None{}, stopped(ctx, err)
}

// stopped prefers that she has broken it off to how it then broke.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// typeOr is a media type, or that of which nothing is known.
func typeOr(name string) string {
	if client.CheckType(name) != nil {
		return client.DefaultType
	}
	return name
}

func (c *Core) files() Files {
	if c.parts.Files == nil {
		return noFiles{}
	}
	return c.parts.Files
}

// noFiles is where nobody hands files over.
type noFiles struct{}

var errNoFiles = fault.New(fault.Internal, "handing over a file: there is none here")

// Take has none.
func (noFiles) Take(context.Context, int64) (io.Reader, int64, error) { return nil, 0, errNoFiles }

// Give takes none.
func (noFiles) Give(context.Context, int64) (io.WriteCloser, error) { return nil, errNoFiles }
