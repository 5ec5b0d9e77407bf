package core

import "context"

// News is what a poke says: that it is worth to look again, and nothing of what has come.
type News struct {
	Over bool `json:"over"` // the session has ended: nothing more will come
}

var _ = aside(Page, "news", "wait until it is worth to look again", (*Core).news)

// news listens from the first time that it is asked until the core ends, so that nothing is
// missed between two questions.
func (c *Core) news(ctx context.Context, _ None, _ Progress) (News, error) {
	pokes, err := c.listen(ctx)
	if err != nil {
		return News{}, err
	}
	select {
	case _, more := <-pokes:
		return News{Over: !more}, nil
	case <-ctx.Done():
		return News{}, ctx.Err()
	}
}

func (c *Core) listen(ctx context.Context) (<-chan struct{}, error) {
	if err := c.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer c.giveTurn()
	if c.pokes == nil {
		listener, err := c.ready(ctx)
		if err != nil {
			return nil, err
		}
		c.pokes = listener.Pokes(context.WithoutCancel(ctx), c.parts.Pokes)
	}
	return c.pokes, nil
}
