package httpapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"testing"

	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/store/storetest"
	"varco/internal/varcotest"
)

// attached is how large an attachment is that is measured: several parts.
const attached = 16 << 20

// BenchmarkAttach is attachments over HTTP, each client to a thread of her own: sealed, sent in
// parts, synced and posted, and fetched, opened and checked.
func BenchmarkAttach(b *testing.B) {
	s := newStack(b)
	data := bytes.Repeat([]byte("x"), attached)
	writers := make([]*writer, slices.Max(atOnce))
	for i := range writers {
		writers[i] = s.writer(b, s.desks[i])
	}
	for _, way := range []struct {
		name string
		do   func(w *writer) error
	}{{"up", func(w *writer) error { return w.attach(b.Context(), data) }}, {"down", func(w *writer) error { return w.fetch(b.Context()) }}} {
		for _, clients := range atOnce {
			b.Run(fmt.Sprintf("%s/%s/clients=%d", way.name, storetest.Current(), clients), func(b *testing.B) {
				for _, w := range writers[:clients] { // what each of them fetches
					if w.last == "" {
						check(b, w.attach(b.Context(), data))
					}
				}
				b.SetBytes(attached)
				together(b, clients, func(i, _ int) error { return way.do(writers[i]) })
			})
		}
	}
}

// writer is a client over HTTP, with a thread of hers.
type writer struct {
	client *client.Unlocked
	thread *client.Conversation
	last   ids.Entry // that carries an attachment
}

func (s *stack) writer(b *testing.B, d *desk) *writer {
	b.Helper()
	c, err := client.New(client.Parts{Transport: reach.New(s.url), Service: varcotest.Service, Anchors: s.network.Anchors,
		Memory: &client.Volatile{}, Now: s.network.Clock.Now, Rand: rand.Reader, Work: varcotest.Work(), Token: secret.NewString(d.token)})
	check(b, err)
	u, err := c.Unlock(b.Context(), s.network.Resident(d.author).Phrase)
	check(b, err)
	v, err := u.ReadThread(b.Context(), d.thread.Thread, "")
	check(b, err)
	return &writer{client: u, thread: v}
}

// attach also posts: there is room for a few attachments that no entry carries.
func (w *writer) attach(ctx context.Context, data []byte) error {
	a, err := w.client.Attach(ctx, bytes.NewReader(data), "a", client.DefaultType, attached, nil)
	if err != nil {
		return err
	}
	if _, err := w.client.Post(ctx, w.thread, client.Content{Attachments: []client.Attachment{a}}); err != nil {
		return err
	}
	w.last = w.thread.Entries[len(w.thread.Entries)-1].Entry.ID
	return nil
}

func (w *writer) fetch(ctx context.Context) error {
	return w.client.Fetch(ctx, w.thread, w.last, 0, io.Discard, nil)
}
