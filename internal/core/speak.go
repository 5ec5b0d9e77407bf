package core

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// Post is something to be said in a thread that was read.
type Post struct {
	Thread ids.Thread `json:"thread"`
	Text   string     `json:"text"`
	// Reference is the number under which the institute has registered it.
	Reference   string     `json:"reference,omitempty"`
	Attachments []ids.Blob `json:"attachments,omitempty"` // that attach has uploaded
	// Despite names members to whom nothing may be sealed today, and who read this all the same.
	Despite []ids.Person `json:"despite,omitempty"`
}

// Ask asks for something, one by one.
type Ask struct {
	Thread      ids.Thread   `json:"thread"`
	Text        string       `json:"text"`
	Items       []string     `json:"items"`
	Due         thread.Day   `json:"due,omitempty"` // as 2026-11-30
	Attachments []ids.Blob   `json:"attachments,omitempty"`
	Despite     []ids.Person `json:"despite,omitempty"`
}

// State says how a thread stands, with words or without.
type State struct {
	Thread    ids.Thread   `json:"thread"`
	Phase     thread.Phase `json:"phase"`
	Waits     act.Kind     `json:"waits,omitempty"`
	Outcome   string       `json:"outcome,omitempty"`
	Text      string       `json:"text"`
	Reference string       `json:"reference,omitempty"`
	Despite   []ids.Person `json:"despite,omitempty"`
}

var (
	_ = method(Page, "post", "say something in a thread", (*Core).post)
	_ = method(Page, "ask", "ask for documents or answers, one by one", (*Core).request)
	_ = method(Page, "state", "say how a thread stands", (*Core).state)
	_ = method(Page, "recuse", "leave a thread at once, without a reason", (*Core).recuse)
)

// reading returns a conversation that was read.
func (c *Core) reading(id ids.Thread) (*client.Unlocked, *client.Conversation, error) {
	u, err := c.open()
	if err != nil {
		return nil, nil, err
	}
	v := c.threads[id]
	if v == nil {
		return nil, nil, fault.New(fault.Internal, "speaking in a thread: it was not read")
	}
	return u, v, nil
}

// posted is the answer after something was said.
func posted(ctx context.Context, u *client.Unlocked, v *client.Conversation, r ledger.Receipt) (Posted, error) {
	shown, err := show(ctx, u, v)
	return Posted{r.Number(), shown}, err
}

// barred refuses while there are members to whom nothing may be sealed, but those whom she knows of.
func barred(v *client.Conversation, despite []ids.Person) error {
	for _, b := range v.Barred {
		if !slices.Contains(despite, b.Member.Person) {
			return barredError{b.Why}
		}
	}
	return nil
}

// carried are attachments that were uploaded before.
func (c *Core) carried(blobs []ids.Blob) ([]client.Attachment, error) {
	var all []client.Attachment
	for _, id := range blobs {
		a, ok := c.attached[id]
		if !ok {
			return nil, fault.New(fault.Internal, "speaking in a thread: an attachment was not uploaded")
		}
		all = append(all, a)
	}
	return all, nil
}

// sent forgets attachments that an entry carries now.
func (c *Core) sent(blobs []ids.Blob) {
	for _, id := range blobs {
		delete(c.attached, id)
	}
}

func (c *Core) post(ctx context.Context, p Post, _ Progress) (Posted, error) {
	u, v, err := c.reading(p.Thread)
	if err == nil {
		err = barred(v, p.Despite)
	}
	if err != nil {
		return Posted{}, err
	}
	files, err := c.carried(p.Attachments)
	if err != nil {
		return Posted{}, err
	}
	receipt, err := u.Post(ctx, v, client.Content{Text: p.Text, Reference: p.Reference, Attachments: files}, p.Despite...)
	if err != nil {
		return Posted{}, err
	}
	c.sent(p.Attachments)
	return posted(ctx, u, v, receipt)
}

func (c *Core) request(ctx context.Context, a Ask, _ Progress) (Posted, error) {
	u, v, err := c.reading(a.Thread)
	if err == nil {
		err = barred(v, a.Despite)
	}
	if err != nil {
		return Posted{}, err
	}
	files, err := c.carried(a.Attachments)
	if err != nil {
		return Posted{}, err
	}
	receipt, err := u.Request(ctx, v, client.Content{Text: a.Text, Items: a.Items, Attachments: files}, a.Due, a.Despite...)
	if err != nil {
		return Posted{}, err
	}
	c.sent(a.Attachments)
	return posted(ctx, u, v, receipt)
}

func (c *Core) state(ctx context.Context, s State, _ Progress) (Posted, error) {
	u, v, err := c.reading(s.Thread)
	if err == nil && s.Text+s.Reference != "" {
		err = barred(v, s.Despite)
	}
	if err != nil {
		return Posted{}, err
	}
	receipt, err := u.SetStatus(ctx, v, thread.Status{Phase: s.Phase, Waits: s.Waits, Outcome: s.Outcome},
		client.Content{Text: s.Text, Reference: s.Reference}, s.Despite...)
	if err != nil {
		return Posted{}, err
	}
	return posted(ctx, u, v, receipt)
}

// recuse leaves a thread, whether it was read or not.
func (c *Core) recuse(ctx context.Context, t OfThread, _ Progress) (Left, error) {
	u, err := c.open()
	if err != nil {
		return Left{}, err
	}
	receipt, err := u.RecuseUnread(ctx, t.Thread)
	if err != nil {
		return Left{}, err
	}
	delete(c.threads, t.Thread)
	return Left{receipt.Number()}, nil
}

// Left is the receipt of a recusal.
type Left struct {
	Receipt string `json:"receipt"`
}
