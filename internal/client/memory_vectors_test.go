package client_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/vector"
)

// vectorLog signs receipts and checkpoints of the vectors.
const vectorLog = "log.example/vectors"

// TestVectorsOfMemory runs testdata/vectors/memory: what a device is shown of something that it may
// have seen before. The line "of" says of what.
//
//   - thread: the sections entry-0, receipt-0, entry-1, … are what is served of a thread that is read
//     whole, with the sections card-…; receipts are signed by the log in the line log. The lines
//     seen-next and seen-hash, if they are there, are how many entries it had and the hash of the last.
//   - roster: the sections steward-… and roster-1, roster-2, … are what is served of an organisation, under
//     the root in the line root; seen-next and seen-hash are the newest version that was seen, and its hash.
//   - root: the sections succession-1, … are what is served; seen-next and seen-hash are how many there were
//     and the hash of the last.
//   - keyring: next is the version that is served, seen-next the one that was seen.
//   - log: the section checkpoint was signed by the log in the line log, and seen, if it is there, was seen; the
//     hashes in the section consistency prove that the log has grown from the one to the other.
//
// It runs natively alone, as TestVectorsOfContent does.
func TestVectorsOfMemory(t *testing.T) {
	m := memories{t: t, Cast: threadtest.NewCast(t)}
	m.threads()
	m.rosters()
	m.roots()
	m.keyrings()
	m.checkpoints()
	notetest.Run(t, "memory", m.all, readMemory)
}

func readMemory(v *vector.Vector) error {
	var m client.Memory
	next, hash := int64(0), note.Hash{}
	if text := v.Get("seen-next"); text != "" {
		var err error
		if next, err = strconv.ParseInt(text, 10, 64); err != nil {
			return notetest.Broken(v, err)
		}
	}
	if text := v.Get("seen-hash"); text != "" {
		var err error
		if hash, err = note.ParseHash(text); err != nil {
			return notetest.Broken(v, err)
		}
	}
	switch v.Get("of") {
	case "thread":
		return readMemoryOfThread(v, &m, client.Head{Next: next, Hash: hash})
	case "roster":
		return readMemoryOfRoster(v, &m, client.Newest{Version: next, Hash: hash})
	case "root":
		m.Root = client.Newest{Version: next, Hash: hash}
		var successions []string
		for _, s := range numbered(v, "succession-") {
			successions = append(successions, string(s))
		}
		return m.SeesRoots(successions)
	case "keyring":
		m.Keyring = next
		version, err := strconv.ParseInt(v.Get("next"), 10, 64)
		if err != nil {
			return notetest.Broken(v, err)
		}
		return m.SeesKeyring(version)
	case "log":
		return readMemoryOfLog(v, &m)
	}
	return notetest.Broken(v, errors.New("of nothing"))
}

func readMemoryOfThread(v *vector.Vector, m *client.Memory, seen client.Head) error {
	log, err := note.ParseVerifier(v.Get("log"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	cards := thread.Cards{}
	for _, name := range v.Sections() {
		if strings.HasPrefix(name, "card-") {
			c, err := card.Parse(v.Bytes(name), nil)
			if err != nil {
				return notetest.Broken(v, err)
			}
			cards[c.Hash] = c
		}
	}
	headers, receipts := numbered(v, "entry-"), numbered(v, "receipt-")
	served := make([]api.Served, len(headers))
	for i := range served {
		served[i] = api.Served{Header: string(headers[i]), Receipt: string(receipts[i])}
	}
	first, err := thread.Parse(headers[0])
	if err != nil {
		return notetest.Broken(v, err)
	}
	if seen.Next > 0 {
		m.Threads = map[ids.Thread]client.Head{first.Thread: seen}
	}
	return m.SeesThread(client.Anchors{Origin: log.Name(), Log: log}, first.Thread, cards, served)
}

func readMemoryOfRoster(v *vector.Vector, m *client.Memory, seen client.Newest) error {
	root, err := note.ParseVerifier(v.Get("root"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	steward, err := card.ParseSteward(v.Bytes("steward"), root, nil)
	if err != nil {
		return notetest.Broken(v, err)
	}
	book := card.NewBook(steward.Organisation, root)
	if _, err := book.Endorse(v.Bytes("steward")); err != nil {
		return notetest.Broken(v, err)
	}
	for _, msg := range numbered(v, "roster-") {
		if _, err := book.Add(msg); err != nil {
			return notetest.Broken(v, err)
		}
	}
	m.Rosters = map[ids.Organisation]client.Newest{steward.Organisation: seen}
	return m.SeesRosters(book)
}

func readMemoryOfLog(v *vector.Vector, m *client.Memory) error {
	log, err := note.ParseVerifier(v.Get("log"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	told := int64(0)
	if m.Checkpoint = string(v.Bytes("seen")); m.Checkpoint != "" {
		c, err := ledger.OpenCheckpoint([]byte(m.Checkpoint), log.Name(), log)
		if err != nil {
			return notetest.Broken(v, err)
		}
		told = c.Size
	}
	var proof []note.Hash
	for path := v.Bytes("consistency"); len(path) >= 32; path = path[32:] {
		proof = append(proof, note.Hash(path[:32]))
	}
	return m.SeesCheckpoint(client.Anchors{Origin: log.Name(), Log: log}, told, string(v.Bytes("checkpoint")), proof)
}

// numbered are the sections with a name and a number, in order.
func numbered(v *vector.Vector, prefix string) (all [][]byte) {
	for _, name := range v.Sections() {
		if strings.HasPrefix(name, prefix) {
			all = append(all, v.Bytes(name))
		}
	}
	return all
}

// memories makes the vectors.
type memories struct {
	*threadtest.Cast
	t   *testing.T
	all []*vector.Vector
}

func (m *memories) add(name, expect, says, of string) *vector.Vector {
	v := vector.New(of+"-"+name, expect, says).Set("of", of)
	m.all = append(m.all, v)
	return v
}

func (m *memories) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func logSigner() (note.Signer, string) {
	return note.NewSigner(vectorLog, cardtest.Key(vectorLog)), note.VerifierKey(vectorLog, cardtest.Public(vectorLog))
}

// admission is an entry as it is served.
type admission struct {
	header  []byte
	receipt ledger.Receipt
}

func (m *memories) threads() {
	log, key := logSigner()
	th := m.Begin(m.t, "a thread that was seen")
	for range 3 {
		th.Must(m.t, th.Draft("carla", thread.Message), "carla")
	}
	served := func(th *threadtest.Thread) []admission {
		all := make([]admission, len(th.Headers))
		for i, header := range th.Headers {
			e, err := thread.Parse(header)
			m.must(err)
			all[i] = admission{header, ledger.Receipt{Log: vectorLog, Thread: e.Thread, Entry: e.ID, Header: e.Hash(),
				Leaf: int64(100 + 10*i), AdmittedAt: th.Admitted[i]}}
		}
		return all
	}
	add := func(name, expect, says string, seen client.Head, all []admission) {
		v := m.add(name, expect, says, "thread").Set("log", key)
		if seen.Next > 0 {
			v.Set("seen-next", strconv.FormatInt(seen.Next, 10)).Set("seen-hash", seen.Hash.String())
		}
		for _, name := range []string{"anna", "bruna", "carla", "dora"} {
			v.Attach("card-"+name, m.People[name].Note())
		}
		for i, a := range all {
			msg, err := a.receipt.Sign(log)
			m.must(err)
			v.Attach(fmt.Sprint("entry-", i), a.header).Attach(fmt.Sprint("receipt-", i), msg)
		}
	}
	whole := client.Head{Next: th.State.Next, Hash: th.State.Head}
	none := client.Head{}
	add("ok", vector.OK, "a thread that was never seen", none, served(th))
	add("ok-same", vector.OK, "a thread to the end that was seen", whole, served(th))
	add("ok-more", vector.OK, "a thread that has grown since it was seen", client.Head{Next: 2, Hash: note.Sum(th.Headers[1])}, served(th))
	add("rollback", "rollback", "a thread that is cut before the end that was seen", whole, served(th)[:3])
	add("fork", "fork", "a thread of which another entry was seen", client.Head{Next: 2, Hash: note.Sum([]byte("another"))}, served(th))
	add("rollback-and-fork", "rollback", "a shorter thread that goes elsewhere", client.Head{Next: 9, Hash: note.Sum([]byte("another"))}, served(th))

	twice := th.Copy()
	again := twice.Draft("carla", thread.Message)
	before, err := thread.Parse(th.Headers[1])
	m.must(err)
	again.ID = before.ID
	twice.Must(m.t, again, "carla")
	add("entry-twice", "duplicate", "an entry whose id was there before, and that follows in everything else", none, served(twice))

	change := func(i int, how func(*ledger.Receipt)) []admission {
		all := served(th)
		how(&all[i].receipt)
		return all
	}
	add("receipt-of-another", "receipt", "the receipt of another entry", none, change(2, func(r *ledger.Receipt) { *r = served(th)[1].receipt }))
	add("receipt-of-another-header", "receipt", "a receipt of the entry, for another header", none, change(2, func(r *ledger.Receipt) { r.Header = note.Sum(nil) }))
	add("receipt-out-of-order", "receipt", "a receipt whose leaf comes before that of the entry before", none, change(2, func(r *ledger.Receipt) { r.Leaf = 105 }))
	add("receipt-same-leaf", "receipt", "two entries in one leaf", none, change(2, func(r *ledger.Receipt) { r.Leaf = 110 }))
	add("receipt-back-in-time", "receipt", "a receipt from before that of the entry before", none,
		change(2, func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(-2 * time.Minute) }))
	add("kept-back", "late", "an entry that was kept back and admitted after its time", none,
		change(3, func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(time.Hour) }))
	add("dropped", "sequence", "an entry left out", none, append(served(th)[:2:2], served(th)[3]))
}

func (m *memories) rosters() {
	steward := m.Stewards[threadtest.Office]
	book := m.Rosters[threadtest.Office]
	steward.Next(m.t, book, m.People["carla"].Seat(act.Officer))
	steward.Next(m.t, book, m.People["carla"].Seat(act.Officer), m.People["elsa"].Seat(act.Officer))
	add := func(name, expect, says string, seen int64, hash note.Hash, versions int64) {
		v := m.add(name, expect, says, "roster").Set("root", note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName))).
			Set("seen-next", strconv.FormatInt(seen, 10)).Set("seen-hash", hash.String()).Attach("steward", steward.Note())
		for i := int64(1); i <= versions; i++ {
			v.Attach(fmt.Sprint("roster-", i), book.Version(i).Note())
		}
	}
	add("ok", vector.OK, "the newest roster that was seen", 3, book.Version(3).Hash, 3)
	add("ok-newer", vector.OK, "a newer roster", 1, book.Version(1).Hash, 3)
	add("rollback", "rollback", "an older roster than was seen", 3, book.Version(3).Hash, 2)
	add("rollback-none", "rollback", "no roster, and one was seen", 1, book.Version(1).Hash, 0)
	add("fork", "fork", "another roster of the version that was seen", 2, note.Sum([]byte("another")), 3)
}

func (m *memories) roots() {
	name := func(i int) string { return fmt.Sprintf("root%d.example", i) }
	var chain [][]byte
	for i := range 2 {
		from, to := note.NewSigner(name(i), cardtest.Key(name(i))), note.NewSigner(name(i+1), cardtest.Key(name(i+1)))
		at := cardtest.Start.AddDate(0, i, 0)
		msg, err := card.SignSuccession(card.Succession{Old: note.VerifierKey(name(i), cardtest.Public(name(i))),
			New: note.VerifierKey(name(i+1), cardtest.Public(name(i+1))), Issued: at, Ends: at.AddDate(0, 6, 0)}, from, to)
		m.must(err)
		chain = append(chain, msg)
	}
	add := func(name, expect, says string, seen int, hash note.Hash, shown int) {
		v := m.add(name, expect, says, "root").Set("seen-next", strconv.Itoa(seen)).Set("seen-hash", hash.String())
		for i, msg := range chain[:shown] {
			v.Attach(fmt.Sprint("succession-", i+1), msg)
		}
	}
	add("ok", vector.OK, "the successions that were seen", 2, note.Sum(chain[1]), 2)
	add("ok-newer", vector.OK, "another root has succeeded since", 1, note.Sum(chain[0]), 2)
	add("rollback", "rollback", "a succession that was seen is left out", 2, note.Sum(chain[1]), 1)
	add("fork", "fork", "another succession in its place", 1, note.Sum([]byte("another")), 2)
}

func (m *memories) keyrings() {
	add := func(name, expect, says, seen, shown string) {
		m.add(name, expect, says, "keyring").Set("seen-next", seen).Set("next", shown)
	}
	add("ok", vector.OK, "the keyring that was seen", "4", "4")
	add("ok-newer", vector.OK, "a newer keyring, by another device of hers", "4", "6")
	add("rollback", "rollback", "an older keyring than was seen", "4", "3")
}

func (m *memories) checkpoints() {
	log, key := logSigner()
	var stored storedHashes
	grow := func(until int) {
		for i := len(stored.sizes); i < until; i++ {
			hashes, err := tlog.StoredHashes(int64(i), fmt.Append(nil, "leaf ", i), &stored)
			m.must(err)
			stored.hashes, stored.sizes = append(stored.hashes, hashes...), append(stored.sizes, i)
		}
	}
	grow(9)
	at := func(size int64) string {
		root, err := tlog.TreeHash(size, &stored)
		m.must(err)
		msg, err := ledger.SignCheckpoint(vectorLog, size, root, log)
		m.must(err)
		return string(msg)
	}
	add := func(name, expect, says, seen, shown string, proof []note.Hash) {
		v := m.add(name, expect, says, "log").Set("log", key).Attach("checkpoint", []byte(shown))
		if seen != "" {
			v.Attach("seen", []byte(seen))
		}
		var path []byte
		for _, h := range proof {
			path = append(path, h[:]...)
		}
		if len(path) > 0 {
			v.Attach("consistency", path)
		}
	}
	five, nine := at(5), at(9)
	proven, err := tlog.ProveTree(9, 5, &stored)
	m.must(err)
	var proof []note.Hash
	for _, h := range proven {
		proof = append(proof, note.Hash(h))
	}
	other, err := ledger.SignCheckpoint(vectorLog, 5, tlog.Hash(note.Sum([]byte("another"))), log)
	m.must(err)
	add("ok", vector.OK, "the first checkpoint that a device sees", "", five, nil)
	add("ok-same", vector.OK, "the one that was seen", five, five, nil)
	add("ok-grown", vector.OK, "a log that has grown, and proves it", five, nine, proof)
	add("rollback", "rollback", "fewer leaves than were seen", nine, five, nil)
	add("fork-same-size", "fork", "another tree of the size that was seen", five, string(other), nil)
	add("fork-unproven", "fork", "a greater log that proves nothing", five, nine, nil)
	add("fork", "fork", "a greater log that has not grown out of the one that was seen", string(other), nine, proof)
	add("another-key", "signature", "a checkpoint of another log under the name", five, strings.Replace(nine, "\n9\n", "\n8\n", 1), proof)
}

// storedHashes are those of a tree in memory.
type storedHashes struct {
	hashes []tlog.Hash
	sizes  []int // a place for each leaf
}

// ReadHashes reads them for tlog.
func (s *storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		all[i] = s.hashes[at]
	}
	return all, nil
}
