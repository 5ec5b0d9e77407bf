package client

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Standing is how well it is known that an entry is recorded.
type Standing string

// The standings of a receipt that is proven.
const (
	// Recorded: the log has signed the tree that holds the entry. It could still show somebody
	// else another one.
	Recorded Standing = "recorded"
	// Witnessed: a quorum of witnesses has cosigned that tree too, so it is everybody's.
	Witnessed Standing = "witnessed"
)

// Proven is an entry whose record is proven to be in the log.
type Proven struct {
	Receipt    ledger.Receipt
	Record     ledger.Record
	Checkpoint ledger.Checkpoint
	By         []note.Cosigned // who of the anchors' witnesses has cosigned the checkpoint
	Standing   Standing
	// Unwitnessed: the anchors name no quorum, so no receipt of this log is ever Witnessed.
	Unwitnessed bool
	// WitnessedAt is since when the quorum has witnessed it, by the witnesses' clocks; zero
	// unless Witnessed.
	WitnessedAt time.Time
}

// OpenReceipt reads a receipt that somebody shows. It refuses (class receipt) one that the
// log has not signed.
func (c *Client) OpenReceipt(msg []byte) (ledger.Receipt, error) {
	return c.parts.Anchors.OpenReceipt(msg)
}

// VerifyReceipt asks the log to prove what a receipt says: that its leaf is in the tree of a
// signed checkpoint, and that the record in that leaf says that this very entry was
// appended then. A proof that does not hold is class proof, a checkpoint of less than was
// seen before is class rollback, one that has not grown out of that is class fork, an erased
// record is class missing. Once it is Recorded, asking again after a minute or two should
// find it Witnessed.
func (c *Client) VerifyReceipt(ctx context.Context, r ledger.Receipt) (Proven, error) {
	proven := Proven{Receipt: r, Standing: Recorded, Unwitnessed: c.parts.Anchors.Quorum.IsNone()}
	_, err := askLog(ctx, c, "GET", pathTo("/v1/entries/%s/proof", r.Entry), func(m *Memory, wire api.Proof, told int64) (err error) {
		if proven.Checkpoint, proven.By, err = m.checkpoint(c.parts.Anchors, told, wire.Checkpoint, wire.Consistency); err != nil {
			return err
		}
		if err = checkInclusion(wire, r.Leaf, proven.Checkpoint); err != nil {
			return err
		}
		if proven.Record, err = openLeaf(wire.Leaf); err != nil {
			return err
		}
		return says(proven.Record, r)
	})
	if err != nil {
		return Proven{}, err
	}
	if at, ok := c.parts.Anchors.Quorum.Witnessed(proven.By); ok {
		proven.Standing, proven.WitnessedAt = Witnessed, at
	}
	return proven, nil
}

// says checks that a record says what a receipt does.
func says(record ledger.Record, r ledger.Receipt) error {
	appends := record.Act == act.EntryAppend || record.Act == act.CaseOpen || record.Act == act.CaseExtend
	if !appends || record.Outcome != act.Allow || record.Entry != r.Entry || record.Hash != r.Header ||
		record.Object != string(r.Thread) || !record.At.Equal(r.AdmittedAt) {
		return fault.Refuse(fault.ClassProof, "verifying a receipt: the record in its leaf says something else")
	}
	return nil
}

func checkInclusion(p api.Proof, leaf int64, c ledger.Checkpoint) error {
	if p.Leaf.Index != leaf {
		return fault.Refuse(fault.ClassProof, "checking a proof: of leaf %d, not %d", p.Leaf.Index, leaf)
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		path[i] = tlog.Hash(h)
	}
	return ledger.CheckInclusion(path, c.Size, c.Root, leaf, ledger.LeafHash(p.Leaf.Commitment))
}

// openLeaf reads the record of a leaf, if salt and text are what the leaf commits to.
func openLeaf(l api.Leaf) (ledger.Record, error) {
	if l.Text == "" && len(l.Salt) == 0 {
		return ledger.Record{}, fault.Refuse(fault.ClassMissing, "opening a leaf: its record was erased")
	}
	if len(l.Salt) != len(note.Hash{}) || ledger.Commit([32]byte(l.Salt), l.Text) != l.Commitment {
		return ledger.Record{}, fault.Refuse(fault.ClassProof, "opening a leaf: it commits to another record")
	}
	return ledger.ParseRecord(l.Text)
}

// Audit is a reading of the whole log up to one checkpoint, as an auditor takes it away. It
// passes on what the service hands over: whether it is whole is for the verifier to say,
// offline, and what is wrong with it is evidence that must not be refused here.
type Audit struct {
	// Checkpoint is the one with which the reading ends, signed by the log.
	Checkpoint api.Checkpoint
	// Checkpoints are all that the log has signed so far, oldest first.
	Checkpoints []api.Checkpoint

	client *Client
}

// BeginAudit asks for a checkpoint that holds the record of this very audit, and for all
// earlier ones. It refuses one that the log has not signed, or of less than was seen before.
func (c *Client) BeginAudit(ctx context.Context) (*Audit, error) {
	var signed ledger.Checkpoint
	last, err := askLog(ctx, c, "POST", "/v1/audit/checkpoint", func(m *Memory, answer api.Checkpoint, told int64) (err error) {
		signed, _, err = m.checkpoint(c.parts.Anchors, told, answer.Note, answer.Consistency)
		return err
	})
	if err != nil {
		return nil, err
	}
	last.Size = signed.Size
	a := &Audit{Checkpoint: last, client: c}
	for after := int64(0); after < a.Checkpoint.Size; {
		var page []api.Checkpoint
		path := pathTo("/v1/audit/checkpoints?after=%d&size=%d&limit=%d", after, a.Checkpoint.Size, api.MaxCheckpoints)
		if err := c.ask(ctx, "GET", path, nil, &page); err != nil {
			return nil, err
		}
		if len(page) == 0 || page[len(page)-1].Size <= after {
			return nil, fault.Refuse(fault.ClassMissing, "reading the log: no checkpoint after %d leaves", after)
		}
		a.Checkpoints = append(a.Checkpoints, page...)
		after = page[len(page)-1].Size
	}
	return a, nil
}

// Records asks for the records that a search chooses, newest first. They are the service's
// word: it could leave some out, which only a bundle shows. That each is what its leaf
// commits to is checked.
func (c *Client) Records(ctx context.Context, s api.Search) (api.Records, error) {
	q := url.Values{}
	for key, value := range map[string]string{"person": s.Person, "object": s.Object, "act": s.Act, "outcome": s.Outcome} {
		if value != "" {
			q.Set(key, value)
		}
	}
	for key, at := range map[string]time.Time{"from": s.From, "until": s.Until} {
		if !at.IsZero() {
			q.Set(key, at.UTC().Format(time.RFC3339Nano))
		}
	}
	q.Set("limit", strconv.FormatInt(s.Limit, 10))
	if s.Before > 0 {
		q.Set("before", strconv.FormatInt(s.Before, 10))
	}
	var found api.Records
	if err := c.ask(ctx, "GET", "/v1/audit/records?"+q.Encode(), nil, &found); err != nil {
		return found, err
	}
	for _, l := range found.Leaves {
		if _, err := openLeaf(l); err != nil && fault.ClassOf(err) != fault.ClassMissing {
			return found, err
		}
	}
	return found, nil
}

// DrawSample draws records of an act by chance. That they are those which the seed chooses is checked
// as far as can be seen here: each may be drawn, and none is out of order. That none was left out, and
// that the seed is in the log, a bundle shows.
func (c *Client) DrawSample(ctx context.Context, req api.DrawSample) (api.Sample, error) {
	var s api.Sample
	if err := c.ask(ctx, "POST", "/v1/audit/samples", req, &s); err != nil {
		return s, err
	}
	drawn := make([]int64, len(s.Leaves))
	for i, l := range s.Leaves {
		drawn[i] = l.Index
		record, err := openLeaf(l)
		if fault.ClassOf(err) == fault.ClassMissing {
			continue
		}
		if err == nil && (record.Act != req.Act || record.Outcome != act.Allow || l.Index < s.From || l.Index >= s.Until) {
			err = fault.Refuse(fault.ClassSubstitute, "drawing a sample: leaf %d can't have been drawn", l.Index)
		}
		if err != nil {
			return s, err
		}
	}
	if s.Act != req.Act || s.Count != req.Count || s.Until > s.Leaf || int64(len(drawn)) != min(s.Count, s.Matching) ||
		len(slices.Compact(slices.Sorted(slices.Values(drawn)))) != len(drawn) || !slices.Equal(ledger.Sample(s.Seed, drawn, s.Count), drawn) {
		return s, fault.Refuse(fault.ClassProof, "drawing a sample: not what its seed chooses")
	}
	return s, nil
}

// Leaves hands every leaf before the checkpoint to yield, in pages, in order and without
// gaps, with the notes that the records name. It ends at the first error.
func (a *Audit) Leaves(ctx context.Context, yield func(api.AuditPage) error) error {
	for from := int64(0); from < a.Checkpoint.Size; {
		page, err := a.page(ctx, from)
		if err != nil {
			return err
		}
		if err := yield(page); err != nil {
			return err
		}
		from += int64(len(page.Leaves))
	}
	return nil
}

// page asks for the leaves from a place on, in order and without gaps, with the notes that
// their records name.
func (a *Audit) page(ctx context.Context, from int64) (api.AuditPage, error) {
	limit := min(api.MaxLeaves, a.Checkpoint.Size-from)
	var page api.AuditPage
	if err := a.client.ask(ctx, "GET", pathTo("/v1/audit/leaves?from=%d&limit=%d", from, limit), nil, &page); err != nil {
		return page, err
	}
	if len(page.Leaves) == 0 || int64(len(page.Leaves)) > limit {
		return page, fault.Refuse(fault.ClassMissing, "reading the log: %d leaves after %d", len(page.Leaves), from)
	}
	for i, l := range page.Leaves {
		if l.Index != from+int64(i) {
			return page, fault.Refuse(fault.ClassMissing, "reading the log: leaf %d in place of %d", l.Index, from+int64(i))
		}
	}
	return page, nil
}
