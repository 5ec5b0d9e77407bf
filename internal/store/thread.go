package store

import (
	"encoding/json"
	"fmt"
	"time"

	strict "github.com/go-json-experiment/json"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/thread"
)

// Case is a folder of threads.
type Case struct {
	ID     ids.Case         `db:"id"`
	Centre ids.Organisation `db:"centre"`
}

// Case returns a case and whether there is one.
func (t *Tx) Case(id ids.Case) (Case, bool, error) {
	var c Case
	found, err := t.get(&c, "SELECT id, centre FROM cases WHERE id = ?", id)
	return c, found, err
}

// PutCase adds a case.
func (t *Tx) PutCase(c Case) error {
	return t.exec("INSERT INTO cases (id, centre, since_at_ms) VALUES (?, ?, ?)", c.ID, c.Centre, ms(t.Now))
}

// Thread is a thread as its entries left it.
type Thread struct {
	ID       ids.Thread
	Case     ids.Case
	State    thread.State
	OpenedAt time.Time
	LastAt   time.Time
	LastSeat act.Seat // of the author of the last entry
	// TurnAt is when the side of the last entry, the centre or the other, began to be the last.
	TurnAt time.Time
}

type threadRow struct {
	ID        ids.Thread `db:"id"`
	Case      ids.Case   `db:"case_id"`
	State     string     `db:"state"`
	SinceAtMS int64      `db:"since_at_ms"`
	LastAtMS  int64      `db:"last_at_ms"`
	LastSeat  act.Seat   `db:"last_seat"`
	TurnAtMS  int64      `db:"turn_at_ms"`
}

const threadColumns = "th.id, th.case_id, th.state, th.since_at_ms, th.last_at_ms, th.last_seat, th.turn_at_ms"

func (r threadRow) thread() (Thread, error) {
	th := Thread{ID: r.ID, Case: r.Case, OpenedAt: fromMS(r.SinceAtMS), LastAt: fromMS(r.LastAtMS), LastSeat: r.LastSeat,
		TurnAt: fromMS(r.TurnAtMS)}
	if err := strict.Unmarshal([]byte(r.State), &th.State); err != nil {
		return th, fmt.Errorf("reading the state of a thread: %w", err)
	}
	return th, nil
}

// Thread returns a thread and whether there is one.
func (t *Tx) Thread(id ids.Thread) (Thread, bool, error) {
	var r threadRow
	found, err := t.get(&r, "SELECT "+threadColumns+" FROM threads th WHERE th.id = ?", id)
	if err != nil || !found {
		return Thread{}, false, err
	}
	th, err := r.thread()
	return th, true, err
}

// ThreadsIn returns the threads of a case, in order of their codes.
func (t *Tx) ThreadsIn(id ids.Case) ([]Thread, error) {
	var rows []threadRow
	if err := t.all(&rows, "SELECT "+threadColumns+" FROM threads th WHERE th.case_id = ? ORDER BY th.id", id); err != nil {
		return nil, err
	}
	return threadsOf(rows)
}

// ThreadsOf returns the threads of which a person is a member now, the one with the newest
// entry first.
func (t *Tx) ThreadsOf(person ids.Person) ([]Thread, error) {
	var rows []threadRow
	if err := t.all(&rows, "SELECT "+threadColumns+` FROM threads th JOIN members m ON m.thread = th.id
		WHERE m.person = ? ORDER BY th.last_at_ms DESC, th.id`, person); err != nil {
		return nil, err
	}
	return threadsOf(rows)
}

func threadsOf(rows []threadRow) ([]Thread, error) {
	all := make([]Thread, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.thread(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// PutThread keeps what a thread's entries add up to, after an entry by somebody with a seat.
func (t *Tx) PutThread(cs ids.Case, s thread.State, last act.Seat) error {
	state, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("writing the state of a thread: %w", err)
	}
	return t.exec(`INSERT INTO threads (id, case_id, state, next, since_at_ms, last_at_ms, last_seat, turn_at_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, next = excluded.next,
		last_at_ms = excluded.last_at_ms, last_seat = excluded.last_seat,
		turn_at_ms = CASE WHEN (threads.last_seat = 'centre') = (excluded.last_seat = 'centre')
			THEN threads.turn_at_ms ELSE excluded.turn_at_ms END`,
		s.Thread, cs, string(state), s.Next, ms(t.Now), ms(t.Now), last, ms(t.Now))
}

// PutMembers replaces the members of a thread.
func (t *Tx) PutMembers(id ids.Thread, members []thread.Member) error {
	if err := t.exec("DELETE FROM members WHERE thread = ?", id); err != nil {
		return err
	}
	for _, m := range members {
		if err := t.exec("INSERT INTO members (thread, person, seat) VALUES (?, ?, ?)", id, m.Person, m.Seat); err != nil {
			return err
		}
	}
	return nil
}

// Entry is an entry as it was admitted.
type Entry struct {
	ID       ids.Entry  `db:"id"`
	Thread   ids.Thread `db:"thread"`
	Sequence int64      `db:"sequence"`
	Author   ids.Person `db:"author"`
	Header   string     `db:"header"`
	Hash     []byte     `db:"hash"`
	Cards    []byte     `db:"cards"` // hashes of those that the header names, one after the other
	Body     []byte     `db:"body"`
	Size     int64      `db:"size"`
	Receipt  string     `db:"receipt"`
	Leaf     int64      `db:"leaf"`
	AtMS     int64      `db:"admitted_at_ms"`
}

const entryColumns = "id, thread, sequence, author, header, hash, cards, body, size, receipt, leaf, admitted_at_ms"

// Grant is a grant as it was admitted.
type Grant struct {
	Entry  ids.Entry  `db:"entry"`
	Person ids.Person `db:"person"`
	Epoch  int64      `db:"epoch"`
	Sealed []byte     `db:"sealed"`
}

// PutEntry adds an entry with its grants.
func (t *Tx) PutEntry(e Entry, grants []Grant) error {
	if err := t.exec("INSERT INTO entries ("+entryColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e.ID, e.Thread, e.Sequence, e.Author, e.Header, e.Hash, e.Cards, e.Body, e.Size, e.Receipt, e.Leaf, e.AtMS); err != nil {
		return err
	}
	for _, g := range grants {
		if err := t.exec("INSERT INTO grants (entry, person, epoch, sealed) VALUES (?, ?, ?, ?)", e.ID, g.Person, g.Epoch, g.Sealed); err != nil {
			return err
		}
	}
	return nil
}

// Receipt returns the thread, author and receipt of an entry, and whether there is one.
func (t *Tx) Receipt(id ids.Entry) (Entry, bool, error) {
	var e Entry
	found, err := t.get(&e, "SELECT id, thread, author, hash, receipt, leaf FROM entries WHERE id = ?", id)
	return e, found, err
}

// Entries returns the entries of a thread with sequence from ≤ sequence < until.
func (t *Tx) Entries(id ids.Thread, from, until int64) ([]Entry, error) {
	var all []Entry
	err := t.all(&all, "SELECT "+entryColumns+` FROM entries
		WHERE thread = ? AND sequence >= ? AND sequence < ? ORDER BY sequence`, id, from, until)
	return all, err
}

// Span says what a page of a thread holds without reading it.
type Span struct {
	Count int64  // of entries
	Size  int64  // bytes
	Head  []byte // hash of the last header in it
}

// Span returns the span of the entries with sequence from ≤ sequence < until, as far as they have at
// most so many bytes together; it holds one however large that is.
func (t *Tx) Span(id ids.Thread, from, until, most int64) (Span, error) {
	var rows []struct {
		Size int64  `db:"size"`
		Hash []byte `db:"hash"`
	}
	var s Span
	err := t.all(&rows, "SELECT size, hash FROM entries WHERE thread = ? AND sequence >= ? AND sequence < ? ORDER BY sequence",
		id, from, until)
	for i, r := range rows {
		if i > 0 && r.Size > most-s.Size {
			break
		}
		s = Span{s.Count + 1, s.Size + r.Size, r.Hash}
	}
	return s, err
}

// GrantsTo returns the grants to a person in the entries with sequence from ≤ sequence < until,
// in order of entry and epoch.
func (t *Tx) GrantsTo(person ids.Person, id ids.Thread, from, until int64) ([]Grant, error) {
	var all []Grant
	err := t.all(&all, `SELECT g.entry, g.person, g.epoch, g.sealed FROM grants g JOIN entries e ON e.id = g.entry
		WHERE e.thread = ? AND e.sequence >= ? AND e.sequence < ? AND g.person = ? ORDER BY e.sequence, g.epoch`, id, from, until, person)
	return all, err
}

// Admitted says where an entry stands in the ledger, by the hash of its header.
type Admitted struct {
	Header  string `db:"header"`
	Receipt string `db:"receipt"`
}

// AdmittedAt returns the header and receipt that were recorded at a leaf, and whether one was.
func (t *Tx) AdmittedAt(leaf int64) (Admitted, bool, error) {
	var a Admitted
	found, err := t.get(&a, "SELECT header, receipt FROM entries WHERE leaf = ?", leaf)
	return a, found, err
}
