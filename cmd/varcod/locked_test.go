package main

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
)

// Another program has locked the file of the database, as a copy or a tool of the administrator
// does. Who asks meanwhile waits; when it takes too long she is told that nothing was done, which
// is true; and afterwards all goes on.
func TestDatabaseIsLocked(t *testing.T) {
	t.Parallel() // it mostly waits
	n := raise(t, "")
	anna := device{}.of(t, n, "anna")
	o, err := anna.OpenCase(t.Context(), client.NewCase{With: n.Resident("olga").Organisation, Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Buongiorno."}, Inside: client.Content{Text: "Nota."},
		Colleagues: []ids.Person{n.Resident("carla").ID}, Holder: n.Resident("olga").ID})
	must(t, err)
	post := func(text string) error {
		_, err := anna.Post(t.Context(), o.Thread, client.Content{Text: text})
		return err
	}
	const short = 2 * time.Second
	release := locks(t, n.Dir+"/service/varco.db")
	begun := time.Now()
	time.AfterFunc(short, release)
	must(t, post("aspetta"))
	if waited := time.Since(begun); waited < short {
		t.Errorf("it was written after %s, while the file was locked", waited)
	}

	release = locks(t, n.Dir+"/service/varco.db")
	if err := post("mai"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("while the file is locked: %v", err)
	}
	release()
	must(t, post("dopo"))
	again, err := device{}.of(t, n, "anna").ReadThread(t.Context(), o.Thread.State.Thread, "")
	must(t, err)
	var got []string
	for _, e := range again.Entries {
		got = append(got, e.Content.Text)
	}
	if len(got) != 3 || got[1] != "aspetta" || got[2] != "dopo" {
		t.Errorf("the thread says %q", got)
	}
}

// locks holds the lock of who writes a file, as this process, until release.
func locks(t *testing.T, file string) (release func()) {
	t.Helper()
	s, err := store.Open(t.Context(), file, store.Options{Now: time.Now, Rand: rand.Reader})
	must(t, err)
	held, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Write(context.Background(), func(*store.Tx) error {
			close(held)
			<-let
			return nil
		})
	}()
	<-held
	return func() {
		close(let)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
