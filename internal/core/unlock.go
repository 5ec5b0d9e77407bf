package core

import (
	"context"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// Phrase is a phrase that was drawn for a person.
type Phrase struct {
	Phrase string `json:"phrase"`
}

// Self is who has unlocked, as her own card and the rosters say.
type Self struct {
	Person  ids.Person `json:"person"`
	Words   []string   `json:"words"`   // the six verification words of her card
	Listed  bool       `json:"listed"`  // a steward has put this card on the roster
	Steward bool       `json:"steward"` // holds a steward card
}

// Locks are what the throwaway Worker opens with the phrase. Without any it makes the first.
type Locks struct {
	Person ids.Person `json:"person"`
	Locks  []api.Lock `json:"locks"`
}

// LockedBy is Locks with the phrase.
type LockedBy struct {
	Locks
	Phrase string `json:"phrase"`
}

// Opened is what was inside a lock. It goes from Worker to Worker.
type Opened struct {
	Key string `json:"key"` // see keyring.Key
	// Lock is the one that was made for it, when there was none.
	Lock *api.Lock `json:"lock,omitempty"`
}

var (
	_ = method(Page, "newPhrase", "draw a phrase, to be shown once", func(c *Core, _ context.Context, _ None, _ Progress) (Phrase, error) {
		p, err := keyring.NewPhrase(c.parts.Rand)
		return Phrase{p.Reveal()}, err
	})
	_ = method(Worker, "locks", "what the throwaway Worker opens", func(c *Core, ctx context.Context, _ None, _ Progress) (Locks, error) {
		if c.me.Person == "" {
			if _, err := c.whoAmI(ctx, None{}, nil); err != nil {
				return Locks{}, err
			}
		}
		l := Locks{c.me.Person, []api.Lock{}}
		for _, lock := range c.locks {
			l.Locks = append(l.Locks, api.Lock(lock))
		}
		return l, nil
	})
	_ = method(Worker, "openLock", "in the throwaway Worker: open a lock, or make the first", (*Core).openLock)
	_ = method(Worker, "unlock", "open the keyring with what was inside a lock, or make it", (*Core).unlock)
)

// openLock needs no service: only the phrase, and what was fetched elsewhere.
func (c *Core) openLock(_ context.Context, l LockedBy, _ Progress) (Opened, error) {
	phrase := secret.NewString(l.Phrase)
	if len(l.Locks.Locks) > 0 {
		var locks []keyring.Lock
		for _, lock := range l.Locks.Locks {
			locks = append(locks, keyring.Lock(lock))
		}
		key, err := keyring.OpenPhraseLock(locks, phrase, c.parts.Work)
		if err != nil {
			return Opened{}, err
		}
		return Opened{Key: key.Reveal()}, nil
	}
	key, lock, err := keyring.NewPhraseLock(l.Person, phrase, c.parts.Work)
	if err != nil {
		return Opened{}, err
	}
	made := api.Lock(lock)
	return Opened{key.Reveal(), &made}, nil
}

func (c *Core) unlock(ctx context.Context, o Opened, _ Progress) (Self, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Self{}, err
	}
	key, err := keyring.ParseKey(secret.NewString(o.Key))
	if err != nil {
		return Self{}, err
	}
	if o.Lock == nil {
		c.unlocked, err = signedIn.UnlockWith(ctx, key)
	} else {
		c.unlocked, err = signedIn.EnrolWith(ctx, key, keyring.Lock(*o.Lock))
	}
	if err != nil {
		c.unlocked = nil
		return Self{}, err
	}
	return c.self(ctx)
}

// self says who has unlocked.
func (c *Core) self(ctx context.Context) (Self, error) {
	u, err := c.open()
	if err != nil {
		return Self{}, err
	}
	s := Self{Person: u.Person(), Words: []string{}, Steward: u.Steward()}
	if u.Card() == nil {
		return s, nil
	}
	words := client.Words(u.Card())
	s.Words = words[:]
	d, err := u.Directory(ctx)
	if err != nil {
		return Self{}, err
	}
	p := d.Person(d.Own.ID, u.Person())
	s.Listed = p != nil && p.Card.Hash == u.Card().Hash
	return s, nil
}
