package core

import (
	"context"

	"varco/internal/ids"
)

// Glimpse is the end of a long thread, to be read while the whole is being verified: the entries
// alone, since who its members are and how it stands is not known before. There are none where
// the whole is read as fast.
type Glimpse struct {
	Thread  ids.Thread `json:"thread"`
	Entries []Entry    `json:"entries"`
	Earlier int64      `json:"earlier"` // entries before these, by the service's word
}

// glimpsed is how many entries the page shows at once.
const glimpsed = 40

var _ = method(Page, "glimpse", "the end of a thread, before it is read", (*Core).glimpse)

func (c *Core) glimpse(ctx context.Context, r ReadThread, _ Progress) (Glimpse, error) {
	none := Glimpse{Thread: r.Thread, Entries: []Entry{}}
	u, err := c.open()
	if err != nil || c.threads[r.Thread] != nil {
		return none, err
	}
	g, err := u.Glimpse(ctx, r.Thread, glimpsed, r.Reason)
	if err != nil || g == nil {
		return none, err
	}
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return none, err
	}
	seen := Glimpse{Thread: g.Thread, Entries: make([]Entry, len(g.Entries)), Earlier: g.Earlier}
	for i, e := range g.Entries {
		seen.Entries[i] = entryOf(d, u, e)
	}
	return seen, nil
}
