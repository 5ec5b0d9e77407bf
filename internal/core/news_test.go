package core_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

// Whoever waits for news keeps nobody from calling, and hears that there is some.
func TestNews(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, bruna)
	mustCall[core.News](p, core.Page, "news", core.None{}) // the first says to look, whatever came before

	told := make(chan error, 1)
	go func() {
		_, err := p.Call(t.Context(), core.Page, "news", []byte("{}"), nil)
		told <- err
	}()
	mustCall[core.Me](p, core.Page, "me", core.None{})
	if _, err := n.Person(alba).OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Domanda"}, Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)}); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-told:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no news came")
	}

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	for { // one may have been waiting
		if _, err := p.Call(ctx, core.Page, "news", []byte("{}"), nil); err != nil {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			return
		}
	}
}
