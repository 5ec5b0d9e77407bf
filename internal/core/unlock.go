package core

import (
	"context"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
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

// Task is what a throwaway Worker works on a phrase for.
type Task string

// The tasks: each is also the method that takes what came of it.
const (
	TaskUnlock        Task = "unlock"        // open the keys, or make them behind the phrase
	TaskEnrolAgain    Task = "enrolAgain"    // make them anew, behind a phrase that was just drawn
	TaskChangePhrase  Task = "changePhrase"  // put them behind a phrase that was just drawn
	TaskRemovePasskey Task = "removePasskey" // put them behind the same phrase, without a passkey
	TaskPutBack       Task = "putBack"       // put former ones in place of those that are there
)

// Tasks lists every task.
var Tasks = []Task{TaskUnlock, TaskEnrolAgain, TaskChangePhrase, TaskRemovePasskey, TaskPutBack}

// OfTask names a task.
type OfTask struct {
	Task Task `json:"task"`
	// Former is the version of the former keys, with putBack.
	Former int64 `json:"former,omitempty,omitzero"`
}

// Locks are what the throwaway Worker works on.
type Locks struct {
	Task   Task       `json:"task"`
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
	// Lock is the one that was made for it, if one was.
	Lock *api.Lock `json:"lock,omitempty"`
}

// FormerKeys are those of hers in whose place others were put without her card's signature, oldest
// first.
type FormerKeys struct {
	Former []FormerKey `json:"former"`
}

// FormerKey is one of them.
type FormerKey struct {
	Version  int64  `json:"version"`
	Replaced string `json:"replaced"`
}

// PutBack puts former keys back, with what their phrase's lock held.
type PutBack struct {
	Opened
	Former int64 `json:"former"`
}

var (
	_ = method(Page, "newPhrase", "draw a phrase, to be shown once", func(c *Core, _ context.Context, _ None, _ Progress) (Phrase, error) {
		p, err := keyring.NewPhrase(c.parts.Rand)
		return Phrase{p.Reveal()}, err
	})
	_ = method(Worker, "locks", "what the throwaway Worker works on", (*Core).lockedFor)
	_ = method(Worker, "openLock", "in the throwaway Worker: open a lock, or make one", (*Core).openLock)
	_ = method(Worker, string(TaskUnlock), "open the keyring with what was inside a lock, or make it", (*Core).unlock)
	_ = method(Worker, string(TaskEnrolAgain), "make a new keyring in place of one that nobody can open any more", (*Core).enrolAgain)
	_ = method(Page, "formerKeys", "keys of hers that others have taken the place of", func(c *Core, _ context.Context, _ None, _ Progress) (FormerKeys, error) {
		all := FormerKeys{[]FormerKey{}}
		for _, f := range c.former {
			all.Former = append(all.Former, FormerKey{f.Version, stamp(f.Replaced)})
		}
		return all, nil
	})
	_ = method(Worker, string(TaskPutBack), "put former keys in place of those that are there", (*Core).putBack)
	_ = method(Worker, string(TaskChangePhrase), "put the keyring behind a new lock", (*Core).changePhrase)
)

// lockedFor asks for the locks each time: what was interrupted may have left some.
func (c *Core) lockedFor(ctx context.Context, t OfTask, _ Progress) (Locks, error) {
	if _, err := c.whoAmI(ctx, None{}, nil); err != nil {
		return Locks{}, err
	}
	locks := c.locks
	if t.Task == TaskPutBack {
		locks = nil
		for _, f := range c.former {
			if f.Version == t.Former {
				locks = f.Locks
			}
		}
		if locks == nil {
			return Locks{}, fault.New(fault.Conflict, "putting keys back: version %d is no longer kept", t.Former)
		}
	}
	return Locks{t.Task, c.me.Person, wireLocks(locks)}, nil
}

// openLock needs no service: only the phrase, and what was fetched elsewhere.
func (c *Core) openLock(_ context.Context, l LockedBy, _ Progress) (Opened, error) {
	phrase := secret.NewString(l.Phrase)
	has := len(l.Locks.Locks) > 0
	if has && (l.Task == TaskUnlock || l.Task == TaskRemovePasskey || l.Task == TaskPutBack) {
		key, err := keyring.OpenPhraseLock(readLocks(l.Locks.Locks), phrase, c.parts.Work)
		if err != nil {
			return Opened{}, err
		}
		if l.Task != TaskRemovePasskey {
			return Opened{Key: key.Reveal()}, nil
		}
	}
	key, lock, err := keyring.NewPhraseLock(l.Person, phrase, c.parts.Work)
	if err != nil {
		return Opened{}, err
	}
	made := api.Lock(lock)
	return Opened{key.Reveal(), &made}, nil
}

func (c *Core) unlock(ctx context.Context, o Opened, _ Progress) (Self, error) {
	return c.begin(ctx, o, func(signedIn *client.Client, key keyring.Key) (*client.Unlocked, error) {
		if o.Lock == nil {
			return signedIn.UnlockWith(ctx, key)
		}
		return signedIn.EnrolWith(ctx, key, keyring.Lock(*o.Lock))
	})
}

func (c *Core) enrolAgain(ctx context.Context, o Opened, _ Progress) (Self, error) {
	if o.Lock == nil {
		return Self{}, fault.New(fault.Internal, "enrolling again: no lock was made")
	}
	return c.begin(ctx, o, func(signedIn *client.Client, key keyring.Key) (*client.Unlocked, error) {
		return signedIn.EnrolAgainWith(ctx, key, keyring.Lock(*o.Lock))
	})
}

func (c *Core) putBack(ctx context.Context, p PutBack, _ Progress) (Self, error) {
	return c.begin(ctx, p.Opened, func(signedIn *client.Client, key keyring.Key) (*client.Unlocked, error) {
		return signedIn.PutBackWith(ctx, p.Former, key)
	})
}

// begin unlocks in one of the ways, and adds the passkeys that were kept for keys that are made.
func (c *Core) begin(ctx context.Context, o Opened, by func(*client.Client, keyring.Key) (*client.Unlocked, error)) (Self, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Self{}, err
	}
	key, err := keyring.ParseKey(secret.NewString(o.Key))
	if err != nil {
		return Self{}, err
	}
	u, err := by(signedIn, key)
	if err != nil {
		return Self{}, unlisted(err)
	}
	for ; len(c.kept) > 0; c.kept = c.kept[1:] {
		if _, err := u.AddPasskey(ctx, c.kept[0]); err != nil && fault.ClassOf(err) != fault.ClassDuplicate {
			return Self{}, err
		}
	}
	c.unlocked = u
	self, err := c.self(ctx)
	return self, unlisted(err)
}

// unlisted says of who unlocks why there is nothing for her: she was on the list, and is no longer.
func unlisted(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return unlistedError{err}
	}
	return err
}

func (c *Core) changePhrase(ctx context.Context, o Opened, _ Progress) (None, error) {
	u, err := c.open()
	if err != nil {
		return None{}, err
	}
	key, lock, err := o.parse()
	if err != nil {
		return None{}, err
	}
	return None{}, u.ChangeLock(ctx, key, lock)
}

// parse reads a key and the lock that was made for it.
func (o Opened) parse() (keyring.Key, keyring.Lock, error) {
	if o.Lock == nil {
		return keyring.Key{}, keyring.Lock{}, fault.New(fault.Internal, "changing locks: none was made")
	}
	key, err := keyring.ParseKey(secret.NewString(o.Key))
	return key, keyring.Lock(*o.Lock), err
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
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Self{}, err
	}
	p := d.Person(d.Own.ID, u.Person())
	s.Listed = p != nil && p.Card.Hash == u.Card().Hash
	return s, nil
}

func wireLocks(locks []keyring.Lock) []api.Lock {
	all := make([]api.Lock, len(locks))
	for i, l := range locks {
		all[i] = api.Lock(l)
	}
	return all
}

func readLocks(locks []api.Lock) []keyring.Lock {
	all := make([]keyring.Lock, len(locks))
	for i, l := range locks {
		all[i] = keyring.Lock(l)
	}
	return all
}
