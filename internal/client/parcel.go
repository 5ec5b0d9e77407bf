package client

import (
	"context"
	"io"

	"varco/internal/api"
	"varco/internal/bundle"
)

// Parcel is the ledger on its way into a bundle, a page at a time: a file, a verifier or a
// browser takes it in pieces. It is of one goroutine.
type Parcel struct {
	audit *Audit
	out   *bundle.Writer
}

// Parcel begins to write the bundle of an audit to w.
func (a *Audit) Parcel(w io.Writer) (*Parcel, error) {
	checkpoints := make([]bundle.Checkpoint, len(a.Checkpoints))
	for i, c := range a.Checkpoints {
		checkpoints[i] = bundle.Checkpoint{Note: c.Note, Size: c.Size}
	}
	out, err := bundle.NewWriter(w, a.client.parts.Anchors.Origin, checkpoints)
	if err != nil {
		return nil, err
	}
	return &Parcel{audit: a, out: out}, nil
}

// Size returns how many leaves the bundle will hold.
func (p *Parcel) Size() int64 { return p.out.Size() }

// Done returns how many of them were written.
func (p *Parcel) Done() int64 { return p.out.Leaves() }

// Next asks for the next page and writes it. It returns what the service handed over, and
// io.EOF instead when the bundle is complete.
func (p *Parcel) Next(ctx context.Context) (api.AuditPage, error) {
	if p.Done() == p.Size() {
		if err := p.out.Close(); err != nil {
			return api.AuditPage{}, err
		}
		return api.AuditPage{}, io.EOF
	}
	page, err := p.audit.page(ctx, p.Done())
	if err != nil {
		return page, err
	}
	leaves := make([]bundle.Leaf, len(page.Leaves))
	for i, l := range page.Leaves {
		leaves[i] = bundle.Leaf{Index: l.Index, Commitment: l.Commitment, Salt: l.Salt, Text: l.Text}
	}
	return page, p.out.Page(bundle.Page{Leaves: leaves, Cards: page.Cards, Rosters: page.Rosters, Headers: page.Headers, Receipts: page.Receipts})
}
