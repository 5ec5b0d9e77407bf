package core_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

const carla = "carla-responsabile"

// withPhrase does a task that takes a phrase as the two Workers do it.
func withPhrase[A any](p *page, task core.Task, phrase string, params map[string]any) (A, error) {
	p.t.Helper()
	locks := mustCall[core.Locks](p, core.Worker, "locks", core.OfTask{Task: task})
	thrownAway := &page{p.t, core.New(core.Parts{Rand: rand.Reader, Work: varcotest.Work()}), nil}
	opened, err := call[core.Opened](thrownAway, core.Worker, "openLock", core.LockedBy{Locks: locks, Phrase: phrase})
	if err != nil {
		var none A
		return none, err
	}
	all := map[string]any{"key": opened.Key}
	if opened.Lock != nil {
		all["lock"] = opened.Lock
	}
	for name, value := range params {
		all[name] = value
	}
	return call[A](p, core.Worker, string(task), all)
}

func drawn(t *testing.T) []byte {
	t.Helper()
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func newPasskey(t *testing.T, name string) core.NewPasskey {
	t.Helper()
	return core.NewPasskey{Name: name, Credential: drawn(t), Salt: drawn(t), Output: drawn(t)}
}

// unlockPasskey finds the lock of a passkey as the page does, and unlocks with it.
func (p *page) unlockPasskey(n core.NewPasskey) (core.Self, error) {
	p.t.Helper()
	mustCall[core.Me](p, core.Page, "me", core.None{})
	for _, l := range mustCall[core.PasskeyLocks](p, core.Page, "passkeyLocks", core.None{}).Locks {
		if bytes.Equal(l.Credential, n.Credential) {
			return call[core.Self](p, core.Worker, "unlockPasskey", core.PasskeyAnswer{Lock: l.Lock, Output: n.Output})
		}
	}
	p.t.Fatal("there is no lock of the passkey")
	return core.Self{}, nil
}

// Somebody new has a passkey from the beginning, another one later, and takes the first off.
func TestPasskeys(t *testing.T) {
	n := varcotest.New(t)
	r := n.Invite("nuova", "aurora")
	p := newPage(t, n, "nuova")
	first, second := newPasskey(t, "il primo"), newPasskey(t, "il telefono")
	mustCall[core.Passkeys](p, core.Worker, "addPasskey", first)
	if self, err := p.unlock(r.Phrase); err != nil || self.Listed {
		t.Fatalf("enrolled: %+v, %v", self, err)
	}
	all := mustCall[core.Passkeys](p, core.Page, "passkeys", core.None{})
	if len(all.Passkeys) != 1 || all.Passkeys[0].Name != "il primo" || !all.MayAdd {
		t.Fatalf("her passkeys are %+v", all)
	}

	again := newPage(t, n, "nuova")
	if _, err := again.unlockPasskey(first); err != nil {
		t.Fatalf("unlocking with the first: %v", err)
	}
	_, err := again.unlockPasskey(core.NewPasskey{Credential: first.Credential, Output: drawn(t)})
	if f := core.FailureOf(err); f.Key != core.KeyPasskey {
		t.Errorf("what another passkey gave: %+v", f)
	}
	if _, err := again.unlockPasskey(first); err != nil {
		t.Fatal(err)
	}
	if all := mustCall[core.Passkeys](again, core.Worker, "addPasskey", second); len(all.Passkeys) != 2 {
		t.Errorf("added: %+v", all)
	}
	_, err = call[core.Passkeys](again, core.Worker, "addPasskey", second)
	if fault.ClassOf(err) != fault.ClassDuplicate {
		t.Errorf("added twice: %v", err)
	}

	off := map[string]any{"passkey": all.Passkeys[0].Lock}
	_, err = withPhrase[core.None](again, core.TaskRemovePasskey, "abaco-abaco-abaco-abaco-abaco-abaco", off)
	if f := core.FailureOf(err); f.Key != core.KeyPhrase {
		t.Errorf("removing with another phrase: %+v", f)
	}
	if _, err := withPhrase[core.None](again, core.TaskRemovePasskey, r.Phrase.Reveal(), off); err != nil {
		t.Fatalf("removing the first: %v", err)
	}
	last := newPage(t, n, "nuova")
	if _, err := last.unlockPasskey(second); err != nil {
		t.Errorf("unlocking with the second: %v", err)
	}
	locks := mustCall[core.PasskeyLocks](last, core.Page, "passkeyLocks", core.None{}).Locks
	if len(locks) != 1 || bytes.Equal(locks[0].Credential, first.Credential) {
		t.Errorf("the first is still there: %+v", locks)
	}

	// The phrase is changed; the passkey stays.
	fresh := mustCall[core.Phrase](last, core.Page, "newPhrase", core.None{}).Phrase
	if _, err := withPhrase[core.None](last, core.TaskChangePhrase, fresh, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := newPage(t, n, "nuova").unlock(r.Phrase); core.FailureOf(err).Key != core.KeyPhrase {
		t.Errorf("the old phrase: %v", err)
	}
	if _, err := newPage(t, n, "nuova").unlock(secret.NewString(fresh)); err != nil {
		t.Errorf("the new phrase: %v", err)
	}
	if _, err := newPage(t, n, "nuova").unlockPasskey(second); err != nil {
		t.Errorf("the passkey after the phrase was changed: %v", err)
	}
}

func endorse(w core.Waiting, name string, roles ...act.Role) core.RosterChange {
	return core.RosterChange{Do: core.Endorse, Person: w.Person, Words: w.Words, Name: name, Roles: roles}
}

// A coordinator compares words and signs; somebody who lost her phrase is shown with the old
// words and the new ones; who is taken off is gone.
func TestRoster(t *testing.T) {
	n := varcotest.New(t)
	hers := newPage(t, n, carla)
	if _, err := hers.unlock(n.Resident(carla).Phrase); err != nil {
		t.Fatal(err)
	}
	r := n.Invite("nuova", "aurora")
	newcomer := newPage(t, n, "nuova")
	self, err := newcomer.unlock(r.Phrase)
	if err != nil {
		t.Fatal(err)
	}
	before := mustCall[core.Network](hers, core.Page, "network", core.None{})
	if !before.Signs || before.Kind != act.Centre || len(before.Waiting) != 1 || !slices.Equal(before.Waiting[0].Words, self.Words) ||
		!slices.Contains(before.Roles, act.Operator) || len(before.Others) == 0 {
		t.Fatalf("she sees %+v", before)
	}
	waits := before.Waiting[0]

	wrong := endorse(waits, "Nuova Prova", act.Operator)
	wrong.Words = strings.Fields("abaco abaco abaco abaco abaco abaco")
	unheard := endorse(waits, "Nuova Prova", act.Operator)
	unheard.Words = nil
	for name, change := range map[string]core.RosterChange{"other words": wrong, "no words": unheard} {
		_, err := call[core.Network](hers, core.Page, "signRoster", core.SignRoster{Version: before.Version, Changes: []core.RosterChange{change}})
		if fault.ClassOf(err) != fault.ClassSubstitute {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = call[core.Network](hers, core.Page, "signRoster", core.SignRoster{Version: before.Version - 1})
	if f := core.FailureOf(err); f.Key != core.KeyConflict {
		t.Errorf("a roster that she did not see: %+v", f)
	}
	_, err = call[core.Network](newcomer, core.Page, "signRoster", core.SignRoster{Version: before.Version})
	if f := core.FailureOf(err); f.Key != core.KeyNotFound {
		t.Errorf("signed by who may not: %+v", f)
	}

	change := endorse(waits, "Nuova Prova", act.Operator)
	change.Until = n.Clock.Now().AddDate(0, 1, 0).Format(time.RFC3339Nano)
	after := mustCall[core.Network](hers, core.Page, "signRoster", core.SignRoster{Version: before.Version, Changes: []core.RosterChange{change}})
	i := slices.IndexFunc(after.People, func(c core.Colleague) bool { return c.Person == waits.Person })
	if i < 0 || after.Version != before.Version+1 || len(after.Waiting) != 0 {
		t.Fatalf("after signing: %+v", after)
	}
	if c := after.People[i]; c.Name != "Nuova Prova" || !c.Active || c.Until == "" || c.Steward || c.Changed {
		t.Errorf("her line is %+v", c)
	}
	if self, err := newPage(t, n, "nuova").unlock(r.Phrase); err != nil || !self.Listed {
		t.Errorf("the newcomer after it: %+v, %v", self, err)
	}

	// Her phrase is lost.
	lost := newPage(t, n, "nuova")
	fresh := mustCall[core.Phrase](lost, core.Page, "newPhrase", core.None{}).Phrase
	again, err := withPhrase[core.Self](lost, core.TaskEnrolAgain, fresh, nil)
	if err != nil || again.Listed || slices.Equal(again.Words, self.Words) {
		t.Fatalf("enrolled again: %+v, %v", again, err)
	}
	seen := mustCall[core.Network](hers, core.Page, "network", core.None{})
	if len(seen.Waiting) != 1 || !slices.Equal(seen.Waiting[0].Before, self.Words) || !slices.Equal(seen.Waiting[0].Words, again.Words) ||
		seen.Waiting[0].Renewal {
		t.Fatalf("a changed card is shown as %+v", seen.Waiting)
	}
	signed := mustCall[core.Network](hers, core.Page, "signRoster",
		core.SignRoster{Version: seen.Version, Changes: []core.RosterChange{endorse(seen.Waiting[0], "")}})
	if c := signed.People[i]; c.Name != "Nuova Prova" || !slices.Equal(c.Words, again.Words) || c.Changed {
		t.Errorf("the new card is on the roster as %+v", c)
	}
	gone := mustCall[core.Network](hers, core.Page, "signRoster", core.SignRoster{Version: signed.Version,
		Changes: []core.RosterChange{{Do: core.TakeOff, Person: waits.Person}}})
	if slices.ContainsFunc(gone.People, func(c core.Colleague) bool { return c.Person == waits.Person }) {
		t.Error("she is still on the roster")
	}
	out := newPage(t, n, "nuova")
	_, err = withPhrase[core.Self](out, core.TaskUnlock, fresh, nil)
	if f := core.FailureOf(err); f.Key != core.KeyUnlisted {
		t.Errorf("unlocking after she was taken off: %+v", f)
	}
	other := mustCall[core.Phrase](out, core.Page, "newPhrase", core.None{}).Phrase
	_, err = withPhrase[core.Self](out, core.TaskEnrolAgain, other, nil)
	if f := core.FailureOf(err); f.Key != core.KeyUnlisted {
		t.Errorf("enrolling again after she was taken off: %+v", f)
	}
}

// A colleague whose card changes while the page is open is shown as changed, until her words
// were compared; a thread is opened again for the card whose words those were, and no other.
func TestChangedCard(t *testing.T) {
	n := varcotest.New(t)
	hers, _, opened := asked(t, n)
	code, his := opened.Thread.State.Thread, newPage(t, n, bruna)
	mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	fresh := mustCall[core.Phrase](his, core.Page, "newPhrase", core.None{}).Phrase
	again, err := withPhrase[core.Self](his, core.TaskEnrolAgain, fresh, nil)
	if err != nil {
		t.Fatal(err)
	}
	steward := newPage(t, n, carla)
	if _, err := steward.unlock(n.Resident(carla).Phrase); err != nil {
		t.Fatal(err)
	}
	shown := mustCall[core.Network](steward, core.Page, "network", core.None{})
	mustCall[core.Network](steward, core.Page, "signRoster", core.SignRoster{Version: shown.Version,
		Changes: []core.RosterChange{endorse(shown.Waiting[0], "")}})
	find := func() core.Colleague {
		t.Helper()
		network := mustCall[core.Network](hers, core.Page, "network", core.None{})
		i := slices.IndexFunc(network.People, func(c core.Colleague) bool { return c.Person == n.ID(bruna) })
		return network.People[i]
	}
	if c := find(); !c.Changed || !slices.Equal(c.Words, again.Words) {
		t.Errorf("a changed card is %+v", c)
	}
	changed := mustCall[core.ChangedCards](hers, core.Page, "changedCards", core.None{}).Changed
	if len(changed) != 1 || changed[0].Person != n.ID(bruna) || slices.Equal(changed[0].Before, changed[0].Words) ||
		!slices.Equal(changed[0].Words, again.Words) || changed[0].Name == "" || changed[0].Place == "" {
		t.Errorf("what she is shown is %+v", changed)
	}
	compared := core.Compared{Organisation: n.Organisation("aurora"), Person: n.ID(bruna), Words: strings.Fields("a b c d e f")}
	if _, err := call[core.None](hers, core.Page, "acceptCard", compared); fault.ClassOf(err) != fault.ClassSubstitute {
		t.Errorf("other words: %v", err)
	}
	compared.Words = again.Words
	mustCall[core.None](hers, core.Page, "acceptCard", compared)
	if find().Changed || len(mustCall[core.ChangedCards](hers, core.Page, "changedCards", core.None{}).Changed) > 0 {
		t.Error("after comparing it is still changed")
	}

	mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	give := core.Again{Thread: code, Person: n.ID(bruna), Words: changed[0].Before}
	if _, err := call[core.Posted](hers, core.Page, "grantAgain", give); fault.ClassOf(err) != fault.ClassSubstitute {
		t.Errorf("opened again with the words of before: %v", err)
	}
	give.Words = again.Words
	given := mustCall[core.Posted](hers, core.Page, "grantAgain", give).Conversation
	if len(given.Entries) != 2 || given.Entries[1].Given == "" {
		t.Errorf("opened again: %+v", given.Entries)
	}
	reads := mustCall[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code})
	if reads.Entries[0].Text != "Domanda "+canary {
		t.Errorf("what she reads with her new keys is %+v", reads.Entries[0])
	}
}

// One's own sessions, and a colleague's: what is ended stops at the next request.
func TestSessions(t *testing.T) {
	n := varcotest.New(t)
	stolen, hers, colleague := newPage(t, n, alba), newPage(t, n, carla), newPage(t, n, bruna)
	for _, p := range []*page{stolen, hers, colleague} {
		mustCall[core.Me](p, core.Page, "me", core.None{})
	}
	if own := mustCall[core.Sessions](hers, core.Page, "sessions", core.OfPerson{}); len(own.Sessions) == 0 ||
		!slices.ContainsFunc(own.Sessions, func(s core.Session) bool { return s.Current }) {
		t.Errorf("her own are %+v", own)
	}
	of := core.OfPerson{Person: n.ID(alba)}
	if _, err := call[core.Sessions](colleague, core.Page, "sessions", of); core.FailureOf(err).Key != core.KeyNotFound {
		t.Errorf("a colleague's, for who is no steward: %v", err)
	}
	open := mustCall[core.Sessions](hers, core.Page, "sessions", of).Sessions
	mustCall[core.None](hers, core.Page, "endSession", core.OfSession{Session: open[0].ID})
	if revoked := mustCall[core.Revoked](hers, core.Page, "endSessions", of); int(revoked.Sessions) != len(open)-1 {
		t.Errorf("ended %d of %d", revoked.Sessions, len(open)-1)
	}
	_, err := call[core.Me](stolen, core.Page, "me", core.None{})
	if f := core.FailureOf(err); f.Key != core.KeySignedOut {
		t.Errorf("the stolen one: %+v", f)
	}
	mustCall[core.Revoked](hers, core.Page, "endPerson", core.OfPerson{Person: n.ID(bruna)})
	if _, err := call[core.Me](colleague, core.Page, "me", core.None{}); core.FailureOf(err).Key != core.KeySignedOut {
		t.Errorf("who has left: %v", err)
	}
	if _, err := call[core.Revoked](hers, core.Page, "endPerson", core.OfPerson{}); err == nil {
		t.Error("nobody was ended")
	}
}

// Her card, what expires, and where she is told.
func TestProfile(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, alba)
	if _, err := call[core.OwnCard](p, core.Page, "ownCard", core.None{}); core.FailureOf(err).Key != core.KeyLocked {
		t.Errorf("locked: %v", err)
	}
	if _, err := p.unlock(n.Resident(alba).Phrase); err != nil {
		t.Fatal(err)
	}
	if c := mustCall[core.OwnCard](p, core.Page, "ownCard", core.None{}); !c.Listed || c.Renewed || c.Steward || len(c.Words) != 6 {
		t.Errorf("her card is %+v", c)
	}
	if c := mustCall[core.OwnCard](p, core.Page, "renewCard", core.None{}); !c.Renewed || !c.Listed {
		t.Errorf("renewed: %+v", c)
	}
	if all := mustCall[core.Reminders](p, core.Page, "reminders", core.None{}); len(all.Reminders) != 1 {
		t.Errorf("reminders: %+v", all)
	}
	mustCall[core.None](p, core.Page, "putNotices", core.Notices{Address: "agenda@example.org"})
	if a := mustCall[core.Notices](p, core.Page, "notices", core.None{}); a.Address != "agenda@example.org" {
		t.Errorf("notices go to %+v", a)
	}
}

// How long a sign-in is fresh is known before anything is made, and counted by the clock here.
func TestFresh(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, quinto)
	mustCall[core.Me](p, core.Page, "me", core.None{})
	if got := mustCall[core.Fresh](p, core.Page, "fresh", core.None{}); got.Seconds < 14*60 || got.Seconds > 15*60 {
		t.Errorf("just signed in: %+v", got)
	}
	n.Clock.Advance(10 * time.Minute)
	if got := mustCall[core.Fresh](p, core.Page, "fresh", core.None{}); got.Seconds < 4*60 || got.Seconds > 5*60 {
		t.Errorf("ten minutes later: %+v", got)
	}
	n.Clock.Advance(6 * time.Minute)
	if got := mustCall[core.Fresh](p, core.Page, "fresh", core.None{}); got.Seconds != 0 {
		t.Errorf("after a quarter of an hour: %+v", got)
	}
	mustCall[core.Me](p, core.Page, "me", core.None{})
	if got := mustCall[core.Fresh](p, core.Page, "fresh", core.None{}); got.Seconds != 0 {
		t.Errorf("as the service says then: %+v", got)
	}
	// What is tried all the same is refused, and the keys are where they were.
	phrase := n.Resident(quinto).Phrase
	if _, err := p.unlock(phrase); err != nil {
		t.Fatal(err)
	}
	drawn := mustCall[core.Phrase](p, core.Page, "newPhrase", core.None{}).Phrase
	_, err := withPhrase[core.None](p, core.TaskChangePhrase, drawn, nil)
	if f := core.FailureOf(err); f.Key != core.KeyFresh {
		t.Errorf("changing the phrase then: %+v", f)
	}
	if _, err := call[core.Passkeys](p, core.Worker, "addPasskey", newPasskey(t, "il telefono")); core.FailureOf(err).Key != core.KeyFresh {
		t.Errorf("adding a passkey then: %v", err)
	}
	again := newPage(t, n, quinto)
	if _, err := again.unlock(secret.NewString(drawn)); core.FailureOf(err).Key != core.KeyPhrase {
		t.Errorf("the words that were worth nothing: %v", err)
	}
	if _, err := again.unlock(phrase); err != nil {
		t.Errorf("the phrase of before: %v", err)
	}
}
