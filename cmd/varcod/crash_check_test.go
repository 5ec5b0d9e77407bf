package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/thread"
)

// head is the tree as it was found at the last check.
type head struct {
	size int64
	root tlog.Hash
}

// known is what was verified at earlier checks, by its bytes: the same bytes need not be
// verified again.
type known struct {
	records  map[string]ledger.Record
	entries  map[string]*thread.Entry
	receipts map[string]ledger.Receipt
	cards    map[note.Hash]*card.Signed
}

// once verifies what is not known yet.
func once[K comparable, V any](all *map[K]V, key K, verify func() (V, error)) (V, error) {
	if v, found := (*all)[key]; found {
		return v, nil
	}
	v, err := verify()
	if err != nil {
		return v, err
	}
	if *all == nil {
		*all = map[K]V{}
	}
	(*all)[key] = v
	return v, nil
}

// copied copies what the killed service has left behind, so that looking at it recovers the
// copy, and the service itself has to recover the other. A server recovers by itself.
func (c *crash) copied() string {
	c.Helper()
	if c.server {
		return c.database
	}
	must(c, os.RemoveAll(c.scratch))
	must(c, os.Mkdir(c.scratch, 0o700))
	for _, name := range []string{"varco.db", "varco.db-wal"} {
		content, err := os.ReadFile(c.file(name))
		if errors.Is(err, os.ErrNotExist) && name != "varco.db" {
			continue // it was killed before it wrote
		}
		must(c, err)
		must(c, os.WriteFile(filepath.Join(c.scratch, name), content, 0o600))
	}
	return filepath.Join(c.scratch, "varco.db")
}

// check looks at a database that nobody serves: tree, threads, and all that was acknowledged.
func (c *crash) check(path string) {
	c.Helper()
	s, err := store.Open(c.Context(), path, store.Options{Now: time.Now, Rand: rand.Reader})
	must(c, err)
	must(c, s.Read(c.Context(), func(tx *store.Tx) error {
		k := &kept{Tx: tx, crash: c, entries: map[ids.Entry]store.Entry{}}
		for _, step := range []func() error{k.checkTree, k.checkThreads, k.checkReceipts, k.checkPages} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}))
	must(c, s.Close())
}

// kept is what a database holds.
type kept struct {
	*store.Tx
	*crash
	records []ledger.Record
	entries map[ids.Entry]store.Entry
}

// checkTree computes every leaf and every hash of the tree again and compares them with what
// is stored, with every checkpoint, and with what was found at the check before.
func (k *kept) checkTree() error {
	size, err := k.Size()
	if err != nil {
		return err
	}
	leaves, err := k.Leaves(0, size+1)
	if err != nil {
		return err
	}
	if int64(len(leaves)) != size || size < k.before.size {
		return fmt.Errorf("%d leaves, and the ledger says %d; there were %d", len(leaves), size, k.before.size)
	}
	checkpoints, err := k.Checkpoints(0, size, 1<<40)
	if err != nil {
		return err
	}
	var edge ledger.Edge
	var hashes []tlog.Hash
	for i, l := range leaves {
		if checkpoints, err = k.checkHead(&edge, checkpoints); err != nil {
			return err
		}
		computed, err := k.checkLeaf(int64(i), l, &edge, int64(len(hashes)))
		if err != nil {
			return fmt.Errorf("leaf %d: %w", i, err)
		}
		hashes = append(hashes, computed...)
	}
	if err := k.checkHashes(hashes); err != nil {
		return err
	}
	if checkpoints, err = k.checkHead(&edge, checkpoints); err != nil || len(checkpoints) > 0 {
		return fmt.Errorf("%d checkpoints are of no tree that there was: %w", len(checkpoints), err)
	}
	k.before = head{size, edge.Root()}
	return nil
}

// checkHead compares the tree so far with what was signed and found of one of its size.
func (k *kept) checkHead(edge *ledger.Edge, checkpoints []store.Checkpoint) ([]store.Checkpoint, error) {
	if edge.Size() == k.before.size && k.before.size > 0 && edge.Root() != k.before.root {
		return nil, fmt.Errorf("the first %d leaves are not those of the check before", edge.Size())
	}
	if len(checkpoints) == 0 || checkpoints[0].Size != edge.Size() {
		return checkpoints, nil
	}
	signed, err := ledger.OpenCheckpoint([]byte(checkpoints[0].Note), k.anchors.Origin, k.anchors.Log)
	if err != nil {
		return nil, err
	}
	if signed.Size != edge.Size() || signed.Root != edge.Root() {
		return nil, fmt.Errorf("the checkpoint of %d leaves is of another tree", edge.Size())
	}
	return checkpoints[1:], nil
}

// checkLeaf returns the hashes that a leaf adds to the tree, which come after so many.
func (k *kept) checkLeaf(i int64, l store.Leaf, edge *ledger.Edge, after int64) ([]tlog.Hash, error) {
	if l.Index != i || l.Text == nil || ledger.Commit([32]byte(l.Salt), *l.Text) != l.Hash() {
		return nil, errors.New("it is not in its place, or does not commit to its record")
	}
	record, err := once(&k.known.records, *l.Text, func() (ledger.Record, error) { return ledger.ParseRecord(*l.Text) })
	if err != nil {
		return nil, err
	}
	if i > 0 && record.At.Before(k.records[i-1].At) {
		return nil, errors.New("it is older than the one before")
	}
	k.records = append(k.records, record)
	_, computed, first, err := edge.Append(l.Hash())
	if err == nil && first != after {
		err = fmt.Errorf("its hashes are stored from %d on, after %d", first, after)
	}
	return computed, err
}

// checkHashes compares all hashes of the tree with what is stored.
func (k *kept) checkHashes(computed []tlog.Hash) error {
	places := make([]int64, len(computed))
	for i := range places {
		places[i] = int64(i)
	}
	stored, err := k.Hashes().ReadHashes(places)
	if err != nil {
		return err
	}
	if !slices.Equal(computed, stored) {
		return errors.New("the stored hashes are not those of the tree")
	}
	return nil
}

// checkThreads replays every thread that a record says was opened, and compares what its
// entries add up to with what is kept beside them.
func (k *kept) checkThreads() error {
	appended := 0
	for _, r := range k.records {
		if r.Outcome != act.Allow || r.Act != act.CaseOpen && r.Act != act.EntryAppend {
			continue
		}
		appended++
		if r.Act != act.CaseOpen {
			continue
		}
		if err := k.checkThread(ids.Thread(r.Object)); err != nil {
			return fmt.Errorf("thread %s: %w", r.Object, err)
		}
	}
	if appended != len(k.entries) {
		return fmt.Errorf("%d records of entries, and %d entries", appended, len(k.entries))
	}
	return nil
}

func (k *kept) checkThread(id ids.Thread) error {
	th, found, err := k.Thread(id)
	if err != nil || !found {
		return fmt.Errorf("it is recorded and not kept: %w", err)
	}
	entries, err := k.Entries(id, 0, 1<<30)
	if err != nil {
		return err
	}
	var state thread.State
	for _, e := range entries {
		if state, err = k.replay(state, e); err != nil {
			return fmt.Errorf("entry %d: %w", e.Sequence, err)
		}
		k.entries[e.ID] = e
	}
	if diff := cmp.Diff(state, th.State); diff != "" {
		return fmt.Errorf("its state is not what its entries add up to (-entries +state):\n%s", diff)
	}
	for _, m := range state.Members {
		listed, err := k.ThreadsOf(m.Person)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(listed, func(th store.Thread) bool { return th.ID == id }) {
			return fmt.Errorf("its member %s does not have it", m.Person)
		}
	}
	return nil
}

// replay checks one entry with its receipt and its record, and applies it.
func (k *kept) replay(s thread.State, kept store.Entry) (thread.State, error) {
	e, err := once(&k.known.entries, kept.Header, func() (*thread.Entry, error) { return k.verified(kept.Header) })
	if err != nil {
		return s, err
	}
	cards := thread.Cards{}
	for _, hash := range append([]note.Hash{e.Card}, hashesOf(e.Members)...) {
		if cards[hash], err = k.cardOf(hash); err != nil {
			return s, err
		}
	}
	r, err := once(&k.known.receipts, kept.Receipt, func() (ledger.Receipt, error) {
		return ledger.OpenReceipt([]byte(kept.Receipt), k.anchors.Log)
	})
	if err != nil {
		return s, err
	}
	if r.Entry != e.ID || r.Header != e.Hash() || r.Leaf != kept.Leaf || r.Leaf >= int64(len(k.records)) {
		return s, errors.New("its receipt is another one's")
	}
	record := k.records[r.Leaf]
	if record.Entry != e.ID || record.Hash != e.Hash() || record.Outcome != act.Allow || !record.At.Equal(r.AdmittedAt) {
		return s, fmt.Errorf("its record says %+v", record)
	}
	return s.Apply(e, cards, r.AdmittedAt)
}

// verified reads a header that its author has signed.
func (k *kept) verified(header string) (*thread.Entry, error) {
	e, err := thread.Parse([]byte(header))
	if err != nil {
		return nil, err
	}
	c, err := k.cardOf(e.Card)
	if err != nil {
		return nil, err
	}
	return e, e.Verify([]byte(header), c)
}

// cardOf reads a card.
func (k *kept) cardOf(hash note.Hash) (*card.Signed, error) {
	return once(&k.known.cards, hash, func() (*card.Signed, error) {
		c, found, err := k.Card(hash)
		if err != nil || !found {
			return nil, fmt.Errorf("a card is not there: %w", err)
		}
		return card.Read([]byte(c.Note), k.anchors.Root, func(before note.Hash) *card.Signed {
			previous, _ := k.cardOf(before) // one that is not there is refused as left out
			return previous
		})
	})
}

func hashesOf(members []thread.Member) []note.Hash {
	var all []note.Hash
	for _, m := range members {
		all = append(all, m.Card)
	}
	return all
}

// checkReceipts finds every acknowledged entry as it was acknowledged, and counts what became
// of those that were under way.
func (k *kept) checkReceipts() error {
	k.wire.mu.Lock()
	defer k.wire.mu.Unlock()
	for id, a := range k.wire.receipts {
		e, found := k.entries[id]
		if !found {
			return fmt.Errorf("entry %s was acknowledged and is lost", id)
		}
		if e.Header != a.parcel.Header || e.Receipt != a.receipt || !bytes.Equal(e.Body, a.parcel.Body) {
			return fmt.Errorf("entry %s is not what was acknowledged", id)
		}
	}
	for _, id := range k.wire.atStake {
		if _, found := k.entries[id]; found {
			k.wire.recorded++
		} else {
			k.wire.undone++
		}
	}
	k.wire.atStake = nil
	return nil
}

// checkPages finds a record for every page that was served.
func (k *kept) checkPages() error {
	recorded := map[reading]int{}
	for _, r := range k.records {
		if r.Act == act.ThreadRead && r.Outcome == act.Allow {
			recorded[reading{r.Person, ids.Thread(r.Object), r.Head}]++
		}
	}
	k.wire.mu.Lock()
	defer k.wire.mu.Unlock()
	for page, served := range k.wire.pages {
		if recorded[page] < served {
			return fmt.Errorf("a page was served %d times and is recorded %d times: %+v", served, recorded[page], page)
		}
	}
	return nil
}

// checkServed reads threads over HTTP, and finds in them every acknowledged entry in the same
// bytes.
func (c *crash) checkServed(opened ...*caller) {
	c.Helper()
	for _, one := range opened {
		id := one.view.State.Thread
		before := c.wire.acknowledgedIn(id)
		served := map[ids.Entry]api.Served{}
		for from, next := int64(0), int64(1); from < next; from = int64(len(served)) {
			page, err := one.page(id, from)
			must(c, err)
			for _, s := range page.Entries {
				e, err := thread.Parse([]byte(s.Header))
				must(c, err)
				served[e.ID] = s
			}
			next = page.Next
		}
		for _, a := range before {
			s := served[a.entry.ID]
			if s.Header != a.parcel.Header || s.Receipt != a.receipt || !bytes.Equal(s.Body, a.parcel.Body) {
				c.Errorf("entry %s is not served as it was acknowledged", a.entry.ID)
			}
		}
	}
}

// page reads a page of a thread without believing or verifying anything.
func (c *caller) page(id ids.Thread, from int64) (page api.Page, err error) {
	body, err := json.Marshal(api.Read{From: from, Limit: api.MaxPage})
	if err != nil {
		return page, err
	}
	status, answer, err := c.wire.Do(c.Context(), c.device.Token(), "POST", "/v1/threads/"+string(id)+"/readings", body)
	if err != nil || status != 200 {
		return page, fmt.Errorf("reading a page: %d %s %w", status, answer, err)
	}
	return page, json.Unmarshal(answer, &page)
}

// checkLog reads what the service has said about itself.
func (c *crash) checkLog() {
	c.Helper()
	log, err := os.ReadFile(c.file("varcod.log"))
	must(c, err)
	for line := range strings.Lines(string(log)) {
		for _, word := range []string{`"level":"ERROR"`, `"level":"WARN"`, "panic", "DATA RACE"} {
			if strings.Contains(line, word) && !strings.Contains(line, "this is a demonstration") &&
				!strings.Contains(line, "no witness cosigns this log") {
				c.Errorf("the service's log: %s", line)
			}
		}
	}
}
