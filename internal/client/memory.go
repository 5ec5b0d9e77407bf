package client

import (
	"context"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
)

// Memory is what a device remembers between runs, for one person: enough to notice that the
// service shows less than before, or something else. It holds no content, no name and no
// key; but it says which threads a person has read, so it belongs where her files do.
type Memory struct {
	Origin       string           `json:"origin,omitempty"` // of the log
	Person       ids.Person       `json:"person,omitempty"`
	Organisation ids.Organisation `json:"organisation,omitempty"`
	// Root is how many roots have succeeded the first, and the last succession.
	Root Newest `json:"root,omitzero"`
	// Keyring is the newest version of her keyring.
	Keyring int64 `json:"keyring,omitempty"`
	// Rosters are the newest versions seen.
	Rosters map[ids.Organisation]Newest `json:"rosters,omitempty"`
	// Cards are the cards that she knows people by: the first seen, or accepted since.
	Cards map[ids.Person]note.Hash `json:"cards,omitempty"`
	// Threads are the ends of the chains that she has read.
	Threads map[ids.Thread]Head `json:"threads,omitempty"`
	// Checkpoint is the newest one of the log, signed and cosigned; "" if none was seen.
	Checkpoint string `json:"checkpoint,omitempty"`
}

// Newest is a version of a roster.
type Newest struct {
	Version int64     `json:"version"`
	Hash    note.Hash `json:"hash"`
}

// Head is the end of a chain.
type Head struct {
	Next int64     `json:"next"` // sequence after the last entry
	Hash note.Hash `json:"hash"` // of the last header
}

// Keeper keeps a Memory where the device keeps things. Load returns the zero Memory when
// nothing was kept; both are called often.
type Keeper interface {
	Load(ctx context.Context) (Memory, error)
	Save(ctx context.Context, m Memory) error
}

// Volatile is a Keeper that forgets when the program ends. The zero Volatile is empty.
type Volatile struct{ kept []byte }

// Load returns what was saved last.
func (v *Volatile) Load(context.Context) (Memory, error) {
	if v.kept == nil {
		return Memory{}, nil
	}
	return ParseMemory(v.kept)
}

// Save keeps m.
func (v *Volatile) Save(_ context.Context, m Memory) error {
	kept, err := m.Bytes()
	v.kept = kept
	return err
}

// ParseMemory reads what Bytes prints. It refuses (class form) anything else, also a Memory
// of a newer program: to forget in silence would hide what it is there to show.
func ParseMemory(b []byte) (Memory, error) {
	var m Memory
	if err := json.Unmarshal(b, &m, json.RejectUnknownMembers(true)); err != nil {
		return Memory{}, fault.Refuse(fault.ClassForm, "reading what this device remembers: %s", err)
	}
	return m, nil
}

// Bytes prints the Memory as JSON.
func (m Memory) Bytes() ([]byte, error) {
	b, err := json.Marshal(m, json.Deterministic(true))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "writing what this device remembers")
	}
	return b, nil
}

// remember lets fn check what was seen against the memory and change it. Nothing is kept if
// fn refuses.
func (c *Client) remember(ctx context.Context, fn func(*Memory) error) error {
	m, err := c.parts.Memory.Load(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "reading what this device remembers")
	}
	if m.Origin != "" && m.Origin != c.parts.Anchors.Origin {
		return fault.Refuse(fault.ClassSubstitute, "reading what this device remembers: it is of another network")
	}
	m.Origin = c.parts.Anchors.Origin
	if err := fn(&m); err != nil {
		return err
	}
	if err := c.parts.Memory.Save(ctx, m); err != nil {
		return fault.Wrap(fault.Unavailable, err, "keeping what this device remembers")
	}
	return nil
}

// is checks that the caller is the person whose memory it is.
func (m *Memory) is(person ids.Person, organisation ids.Organisation) error {
	if m.Person != "" && m.Person != person || m.Organisation != "" && m.Organisation != organisation {
		return fault.Refuse(fault.ClassSubstitute, "checking who is signed in: this device remembers somebody else")
	}
	m.Person, m.Organisation = person, organisation
	return nil
}

// keyring checks the version of the keyring that the service hands over.
func (m *Memory) keyring(version int64) error {
	if version < m.Keyring {
		return fault.Refuse(fault.ClassRollback, "fetching the keyring: version %d, and %d was seen", version, m.Keyring)
	}
	m.Keyring = version
	return nil
}

// root checks the successions of the root that the service shows: less of them would give a
// root its power back that has given it up.
func (m *Memory) root(successions []string) error {
	n := int64(len(successions))
	if n < m.Root.Version {
		return fault.Refuse(fault.ClassRollback, "checking the root: %d successions, and %d were seen", n, m.Root.Version)
	}
	if seen := m.Root; seen.Version > 0 && note.Sum([]byte(successions[seen.Version-1])) != seen.Hash {
		return fault.Refuse(fault.ClassFork, "checking the root: another succession %d was seen before", seen.Version)
	}
	if n > 0 {
		m.Root = Newest{n, note.Sum([]byte(successions[n-1]))}
	}
	return nil
}

// roster checks the newest roster that the service shows.
func (m *Memory) roster(b *card.Book) error {
	seen, latest := m.Rosters[b.Organisation], b.Latest()
	if seen.Version > 0 {
		if latest == nil || latest.Version < seen.Version {
			return fault.Refuse(fault.ClassRollback, "checking a roster: version %d was seen before", seen.Version)
		}
		if b.Version(seen.Version).Hash != seen.Hash {
			return fault.Refuse(fault.ClassFork, "checking a roster: another version %d was seen before", seen.Version)
		}
	}
	if latest != nil {
		put(&m.Rosters, b.Organisation, Newest{latest.Version, latest.Hash})
	}
	return nil
}

// thread checks a chain that was read whole: at is the hash of the header with a sequence.
func (m *Memory) thread(s *thread.State, at func(sequence int64) note.Hash) error {
	if seen := m.Threads[s.Thread]; seen.Next > 0 {
		if s.Next < seen.Next {
			return fault.Refuse(fault.ClassRollback, "reading a thread: it has %d entries, and %d were seen", s.Next, seen.Next)
		}
		if at(seen.Next-1) != seen.Hash {
			return fault.Refuse(fault.ClassFork, "reading a thread: another entry %d was seen before", seen.Next-1)
		}
	}
	put(&m.Threads, s.Thread, Head{s.Next, s.Head})
	return nil
}

// seen returns the newest checkpoint that was seen, and who had cosigned it; the empty log's
// if there was none.
func (m *Memory) seen(a Anchors) (ledger.Checkpoint, []note.Cosigned, error) {
	if m.Checkpoint == "" {
		return ledger.Checkpoint{}, nil, nil
	}
	return ledger.OpenCosigned([]byte(m.Checkpoint), a.Origin, a.Log, a.Quorum)
}

// checkpoint checks a checkpoint of the log: it has only grown since the one that was seen,
// which has the size that the service was told, and the service has proven it.
func (m *Memory) checkpoint(a Anchors, told int64, msg string, consistency []note.Hash) (ledger.Checkpoint, []note.Cosigned, error) {
	now, by, err := ledger.OpenCosigned([]byte(msg), a.Origin, a.Log, a.Quorum)
	if err != nil {
		return now, nil, err
	}
	seen, before, err := m.seen(a)
	if err != nil {
		return now, nil, err
	}
	switch {
	case seen.Size != told:
		return now, nil, errMoved
	case now.Size < seen.Size:
		return now, nil, fault.Refuse(fault.ClassRollback, "checking the log: %d leaves, and %d were seen", now.Size, seen.Size)
	case now.Size == seen.Size && seen.Size > 0 && now.Root != seen.Root:
		return now, nil, fault.Refuse(fault.ClassFork, "checking the log: another tree of %d leaves was seen", seen.Size)
	case now.Size > seen.Size && seen.Size > 0:
		proof := make(tlog.TreeProof, len(consistency))
		for i, h := range consistency {
			proof[i] = tlog.Hash(h)
		}
		if ledger.CheckConsistency(proof, now.Size, now.Root, seen.Size, seen.Root) != nil {
			return now, nil, fault.Refuse(fault.ClassFork, "checking the log: its %d leaves are not proven to go on from the %d that were seen",
				now.Size, seen.Size)
		}
	}
	if now.Size > seen.Size || len(by) >= len(before) {
		m.Checkpoint = msg
	}
	return now, by, nil
}

// errMoved says that another run of this device has seen more while the service was asked.
var errMoved = errors.New("this device has seen more meanwhile")

// askLog asks the service for something with a checkpoint, tells it which one was seen, and
// lets check hold the answer against the memory. It asks again if that has moved meanwhile.
func askLog[T any](ctx context.Context, c *Client, method, path string, check func(m *Memory, answer T, told int64) error) (T, error) {
	for attempt := 1; ; attempt++ {
		var answer T // anew: what an answer leaves out must not be what the one before said
		m, err := c.parts.Memory.Load(ctx)
		if err != nil {
			return answer, fault.Wrap(fault.Unavailable, err, "reading what this device remembers")
		}
		seen, _, err := m.seen(c.parts.Anchors)
		if err != nil {
			return answer, err
		}
		if err := c.ask(ctx, method, path+"?seen="+strconv.FormatInt(seen.Size, 10), nil, &answer); err != nil {
			return answer, err
		}
		err = c.remember(ctx, func(m *Memory) error { return check(m, answer, seen.Size) })
		if !errors.Is(err, errMoved) || attempt == attempts {
			return answer, err
		}
	}
}

func put[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}
