package core

import (
	"bytes"
	"context"
	"errors"
	"io"

	"varco/internal/client"
)

// TakeAway asks for a piece of the bundle, the file that varco-verify reads without a service.
type TakeAway struct {
	Begin bool `json:"begin"` // with the first piece; else the next
}

// Piece is a piece of a file, in order.
type Piece struct {
	Text string `json:"text"`
	Done int64  `json:"done"` // leaves so far
	Size int64  `json:"size"`
	Last bool   `json:"last"`
}

// parcel is a bundle on its way to the page.
type parcel struct {
	*client.Parcel
	text *bytes.Buffer
}

var _ = method(Page, "takeAway", "the log as a file for the verifier, piece by piece", (*Core).takeAway)

// takeAway holds one piece at a time: the log may be longer than a Worker's memory.
func (c *Core) takeAway(ctx context.Context, t TakeAway, _ Progress) (Piece, error) {
	auditor, err := c.ready(ctx)
	if err != nil {
		return Piece{}, err
	}
	if t.Begin || c.parcel == nil {
		audit, err := auditor.BeginAudit(ctx)
		if err != nil {
			return Piece{}, err
		}
		text := new(bytes.Buffer)
		p, err := audit.Parcel(text)
		if err != nil {
			return Piece{}, err
		}
		c.parcel = &parcel{p, text}
	}
	p := c.parcel
	_, err = p.Next(ctx)
	last := errors.Is(err, io.EOF)
	if err != nil && !last {
		c.parcel = nil
		return Piece{}, err
	}
	piece := Piece{Text: p.text.String(), Done: p.Done(), Size: p.Size(), Last: last}
	p.text.Reset()
	if last {
		c.parcel = nil
	}
	return piece, nil
}
