package httpapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"testing"

	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/secret"
	"varco/internal/store/storetest"
	"varco/internal/varcotest"
)

// attached is how large an attachment is that is measured: several parts.
const attached = 16 << 20

// BenchmarkAttach is attachments over HTTP, one at a time: sealed, sent in parts and synced, and
// fetched, opened and checked.
func BenchmarkAttach(b *testing.B) {
	s := newStack(b)
	u, v := s.writer(b)
	data := bytes.Repeat([]byte("x"), attached)
	send := func(b *testing.B) client.Attachment {
		a, err := u.Attach(b.Context(), bytes.NewReader(data), "a", client.DefaultType, attached, nil)
		check(b, err)
		return a
	}
	b.Run(fmt.Sprintf("up/%s", storetest.Current()), func(b *testing.B) {
		b.SetBytes(attached)
		for range b.N {
			a := send(b)
			b.StopTimer() // there is room for a few that no entry carries
			_, err := u.Post(b.Context(), v, client.Content{Attachments: []client.Attachment{a}})
			check(b, err)
			b.StartTimer()
		}
	})
	_, err := u.Post(b.Context(), v, client.Content{Attachments: []client.Attachment{send(b)}})
	check(b, err)
	last := v.Entries[len(v.Entries)-1].Entry.ID
	b.Run(fmt.Sprintf("down/%s", storetest.Current()), func(b *testing.B) {
		b.SetBytes(attached)
		for range b.N {
			check(b, u.Fetch(b.Context(), v, last, 0, io.Discard, nil))
		}
	})
}

// writer is a client over HTTP, with a thread of hers.
func (s *stack) writer(b *testing.B) (*client.Unlocked, *client.Conversation) {
	b.Helper()
	d := s.desks[0]
	c, err := client.New(client.Parts{Transport: reach.New(s.URL), Service: varcotest.Service, Anchors: s.network.Anchors,
		Memory: &client.Volatile{}, Now: s.network.Clock.Now, Rand: rand.Reader, Work: varcotest.Work(), Token: secret.NewString(d.token)})
	check(b, err)
	u, err := c.Unlock(b.Context(), s.network.Resident(d.author).Phrase)
	check(b, err)
	v, err := u.ReadThread(context.Background(), d.thread.Thread, "")
	check(b, err)
	return u, v
}
