package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// caller is somebody who goes on working whatever happens to the service.
type caller struct {
	*crash
	handle string
	reason act.Reason // an officer's
	device *client.Unlocked
	view   *client.Conversation
	inside *client.Conversation // of who opened the case
	texts  int
	posted map[string]bool // by text, whether a receipt came
}

func (c *crash) caller(handle string) *caller {
	c.Helper()
	// Who got no answer asks again when the service is back.
	again := func(ctx context.Context, _ int) error { return c.up.wait(ctx) }
	one := &caller{crash: c, handle: handle, device: device{Over: c.wire, Wait: again}.of(c, c.network, handle),
		posted: map[string]bool{}}
	c.wire.people[one.device.Token().Reveal()] = one.device.Person()
	return one
}

// opens lets somebody open a case that olga holds.
func (c *crash) opens(handle string) *caller {
	c.Helper()
	one := c.caller(handle)
	o, err := one.device.OpenCase(c.Context(), client.NewCase{With: c.network.Resident("olga").Organisation, Topic: "RDL-01",
		Urgency: "U2", Content: client.Content{Text: "Buongiorno."}, Inside: client.Content{Text: "Nota."},
		Colleagues: []ids.Person{c.network.Resident("carla").ID}, Holder: c.network.Resident("olga").ID})
	must(c, err)
	one.view, one.inside = o.Thread, o.Inside
	return one
}

// joins lets somebody work in the thread that another has opened.
func (c *crash) joins(handle string, with *caller, reason act.Reason) *caller {
	c.Helper()
	one := c.caller(handle)
	one.reason = reason
	var err error
	one.view, err = one.device.ReadThread(c.Context(), with.view.State.Thread, reason)
	must(c, err)
	return one
}

// work goes on until ctx ends.
func (c *caller) work(ctx context.Context) {
	for !c.Failed() {
		if c.up.wait(ctx) != nil || ctx.Err() != nil {
			return
		}
		if err := c.something(c.Context()); err != nil && !lawful(err) {
			c.Errorf("%s: %v", c.handle, err)
		}
	}
}

// lawful reports whether an error is what may come of a crash or of two who write at once: no
// answer in spite of trying again, or somebody who was faster again and again. What the device
// has found out about the service never is, nor what the service answers.
func lawful(err error) bool {
	var answered *client.ServiceError
	kind := fault.KindOf(err)
	return (kind == fault.NotKnown || kind == fault.Conflict) && !errors.As(err, &answered)
}

// something is one thing out of what people do: mostly to write and to read on.
func (c *caller) something(ctx context.Context) error {
	switch n := c.number(20); {
	case n < 10:
		return c.post(ctx, c.view)
	case n < 12 && c.inside != nil:
		return c.post(ctx, c.inside)
	case n < 17:
		return c.device.ReadOn(ctx, c.view, c.reason)
	case n < 18:
		_, err := c.device.Cases(ctx)
		return err
	case n < 19:
		last := c.view.Entries[len(c.view.Entries)-1]
		_, err := c.device.VerifyReceipt(ctx, last.Receipt)
		return err
	default:
		_, err := c.device.ReadThread(ctx, c.view.State.Thread, c.reason)
		return err
	}
}

func (c *caller) post(ctx context.Context, v *client.Conversation) error {
	c.texts++
	text := fmt.Sprintf("%s, testo %d in %s", c.handle, c.texts, v.State.Thread)
	c.posted[text] = false
	_, err := c.device.Post(ctx, v, client.Content{Text: text})
	if err == nil {
		c.posted[text] = true
	}
	return err
}

// checkTexts reads all threads on devices that remember nothing. What somebody posted is there
// once when she got a receipt, and once at most when she did not.
func (c *crash) checkTexts() {
	c.Helper()
	times := map[string]int{}
	for _, one := range c.opened {
		fresh := device{}.of(c, c.network, one.handle)
		for _, v := range []*client.Conversation{one.view, one.inside} {
			again, err := fresh.ReadThread(c.Context(), v.State.Thread, "")
			must(c, err)
			for _, e := range again.Entries {
				if e.Unreadable != nil {
					c.Errorf("entry %d of %s: %v", e.Entry.Sequence, again.State.Thread, e.Unreadable)
				}
				times[e.Content.Text]++
			}
		}
	}
	for _, one := range append(c.joined, c.opened...) {
		for text, receipt := range one.posted {
			if n := times[text]; n > 1 || receipt && n != 1 {
				c.Errorf("%q is there %d times; its author got a receipt: %v", text, n, receipt)
			}
		}
	}
}

// checkRetries sends the last appends of all once more: the answers are the first ones.
func (c *crash) checkRetries() {
	c.Helper()
	c.wire.mu.Lock()
	var again []acknowledged
	for _, id := range c.wire.order[max(0, len(c.wire.order)-20):] {
		again = append(again, c.wire.receipts[id])
	}
	c.wire.mu.Unlock()
	for _, a := range again {
		status, answer, err := c.wire.next.Do(c.Context(), a.token, "POST", a.path, a.body)
		if err != nil || status != 201 || !bytes.Equal(answer, a.answer) {
			c.Errorf("%s again: %d %s, %v; the first answer was %s", a.entry.ID, status, answer, err, a.answer)
		}
	}
}
