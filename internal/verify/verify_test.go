package verify_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// check verifies a bundle that can be read.
func check(t testing.TB, b []byte, since *ledger.Checkpoint) verify.Report {
	t.Helper()
	report, err := verify.Verify(bytes.NewReader(b), verifytest.Trust(), since)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// want is the verdict that a test expects.
type want struct {
	result verify.Result
	class  fault.Class
	first  int64
	last   int64
}

func (w want) check(t *testing.T, r verify.Report) {
	t.Helper()
	got := want{result: r.Result}
	if r.Finding != nil {
		got = want{r.Result, r.Finding.Class, r.Finding.First, r.Finding.Last}
	}
	if got != w {
		t.Errorf("got %+v, want %+v (%+v)", got, w, r.Finding)
	}
}

func TestWhole(t *testing.T) {
	n := verifytest.Sample(t)
	got := n.Verify(nil)
	size := int64(len(n.Leaves))
	start := cardtest.Start
	want := verify.Report{
		Result: verify.Whole, Origin: verifytest.Origin, Size: size, Leaves: size,
		Acts: verify.Acts{act.LedgerBegin: {act.Allow: 1}, act.PolicyLoad: {act.Allow: 1}, act.CardPut: {act.Allow: 11},
			act.RosterPut: {act.Allow: 4}, act.SessionBegin: {act.Deny: 1}, act.CaseOpen: {act.Allow: 1},
			act.EntryAppend: {act.Allow: 5}, act.BlobPut: {act.Allow: 3}, act.BlobRead: {act.Allow: 1}, act.BlobDrop: {act.Allow: 1}, act.ThreadRead: {act.Allow: 3, act.Deny: 1}, act.CaseList: {act.Allow: 1}},
		People: 11, Threads: 1, Entries: 6, Cards: 11, Rosters: 4, Checkpoints: 3,
		First: start, Last: start.Add(time.Duration(size-1) * time.Second),
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(verify.Report{}, "Checkpoint")); diff != "" {
		t.Errorf("Verify (-want +got):\n%s", diff)
	}
	if kept := n.Checkpoint(size).Note; string(got.Checkpoint) != kept {
		t.Errorf("the checkpoint to keep is %q, want %q", got.Checkpoint, kept)
	}
}

// Whatever size the log had when the auditor kept a checkpoint, the log begins with it.
func TestSinceAnySize(t *testing.T) {
	n := verifytest.Sample(t)
	b := n.Bundle()
	for size := range int64(len(n.Leaves)) + 1 {
		r := check(t, b, n.Kept(size))
		if r.Result != verify.Whole || r.Since == nil || *r.Since != size {
			t.Errorf("since %d: %s, %v", size, r.Result, r.Finding)
		}
	}
}

func TestSinceRefuses(t *testing.T) {
	n := verifytest.Sample(t)
	size := int64(len(n.Leaves))
	fork := n.Copy(t)
	fork.Rewrite(3, func(r *ledger.Record) { r.Source = "aaaa" })
	empty := n.Kept(0)
	empty.Root[0]++
	for name, test := range map[string]struct {
		since *ledger.Checkpoint
		want  want
	}{
		"another history":           {fork.Kept(10), want{verify.Tampered, fault.ClassFork, 0, 9}},
		"another history, at a own": {fork.Kept(n.Marks[0]), want{verify.Tampered, fault.ClassFork, 0, n.Marks[0] - 1}},
		"another history, whole":    {fork.Kept(size), want{verify.Tampered, fault.ClassFork, 0, size - 1}},
		"another empty log":         {empty, want{verify.Tampered, fault.ClassFork, 0, 0}},
		"more than there is now": {&ledger.Checkpoint{Origin: verifytest.Origin, Size: size + 5},
			want{verify.Tampered, fault.ClassRollback, size, size + 4}},
	} {
		t.Run(name, func(t *testing.T) { test.want.check(t, check(t, n.Bundle(), test.since)) })
	}
}

// A leaf that was changed is named as such, and not as a second history, where the log's own
// checkpoints show it.
func TestSinceComesAfterTheLogsOwnWord(t *testing.T) {
	n := verifytest.Sample(t)
	size := int64(len(n.Leaves))
	marks := len(n.Marks)
	honest := n.Kept(size)
	changed := n.Copy(t)
	changed.Rewrite(size-1, func(r *ledger.Record) { r.Source = "aaaa" })
	b := changed.Bundle()
	signed := jsonNote(n.Checkpoint(size).Note)
	b = bytes.Replace(b, []byte(jsonNote(changed.Checkpoint(size).Note)), []byte(signed), 1)
	want{verify.Tampered, fault.ClassProof, n.Marks[marks-2], size - 1}.check(t, check(t, b, honest))
}

// jsonNote prints a note as it stands in a line.
func jsonNote(msg string) string { return strings.ReplaceAll(msg, "\n", `\n`) }

// TestBytes changes bytes of each kind of line: none of them can be changed unnoticed.
func TestBytes(t *testing.T) {
	whole := verifytest.Sample(t).Bundle()
	begin := 0
	seen := map[string]bool{}
	for line := range bytes.SplitAfterSeq(whole, []byte("\n")) {
		end := begin + len(line)
		if kind := lineKind(line); kind != "" && !seen[kind] {
			seen[kind] = true
			t.Run(kind, func(t *testing.T) { eachByte(t, whole, begin, end) })
		}
		begin = end
	}
	if len(seen) != 8 {
		t.Errorf("%d kinds of line, want 8: %v", len(seen), seen)
	}
}

// eachByte tries bytes of one line, of a long one not all: the two thousand letters of a
// recipient are alike.
func eachByte(t *testing.T, whole []byte, begin, end int) {
	changed := slices.Clone(whole)
	for i := begin; i < end; i += 1 + (end-begin)/60 {
		changed[i] ^= 1 << (i % 7)
		if r := check(t, changed, nil); r.Result == verify.Whole {
			t.Errorf("byte %d, %q to %q: whole", i-begin, whole[i], changed[i])
		}
		changed[i] = whole[i]
	}
}

func lineKind(line []byte) string {
	has := func(s string) bool { return bytes.Contains(line, []byte(s)) }
	switch {
	case len(line) == 0:
		return ""
	case has(`"format"`):
		return "manifest"
	case has(`{"checkpoint"`):
		return "checkpoint"
	case has(`steward-card\n`):
		return "steward card"
	case has(`"card"`):
		return "card"
	case has(`"roster"`):
		return "roster"
	case has("case.open"):
		return "opening"
	case has(`"header"`):
		return "entry"
	}
	return "record"
}

func TestErrors(t *testing.T) {
	b := verifytest.Sample(t).Bundle()
	trust := verifytest.Trust()
	broken := errors.New("the disk broke")
	unread := iotest.TimeoutReader(bytes.NewReader(b))
	for name, test := range map[string]func() (verify.Report, error){
		"unreadable at once": func() (verify.Report, error) {
			return verify.Verify(iotest.ErrReader(broken), trust, nil)
		},
		"unreadable later": func() (verify.Report, error) {
			return verify.Verify(iotest.OneByteReader(unread), trust, nil)
		},
		"no trust": func() (verify.Report, error) {
			return verify.Verify(bytes.NewReader(b), verify.Trust{Origin: verifytest.Origin}, nil)
		},
		"since of another log": func() (verify.Report, error) {
			return verify.Verify(bytes.NewReader(b), trust, &ledger.Checkpoint{Origin: "other.example"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := test(); err == nil || r.Result != "" {
				t.Errorf("got %q, %v, want an error and no result", r.Result, err)
			}
		})
	}
}

func TestTrust(t *testing.T) {
	n := verifytest.Sample(t)
	b := n.Bundle()
	size := int64(len(n.Leaves))
	verifier := func(name string) func(*verify.Trust) {
		return func(trust *verify.Trust) { trust.Log = cardtest.Public("another key").Verifier(name) }
	}
	for name, test := range map[string]struct {
		change func(*verify.Trust)
		want   want
	}{
		"another log": {func(trust *verify.Trust) { trust.Origin = "other.example" },
			want{verify.Tampered, fault.ClassSubstitute, 0, size - 1}},
		"another key of the log": {verifier(verifytest.Origin), want{verify.Tampered, fault.ClassSignature, 0, n.Marks[0] - 1}},
		"another root": {func(trust *verify.Trust) { trust.Root = cardtest.Public("mallory").Verifier(cardtest.RootName) },
			want{verify.Tampered, fault.ClassSignature, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			trust := verifytest.Trust()
			test.change(&trust)
			r, err := verify.Verify(bytes.NewReader(b), trust, nil)
			if err != nil {
				t.Fatal(err)
			}
			test.want.check(t, r)
		})
	}
}

func TestGaps(t *testing.T) {
	n := verifytest.NewNetwork(t)
	for _, pause := range []time.Duration{time.Minute, 59 * time.Minute, 3 * time.Hour, 90 * time.Minute} {
		n.Now = n.Now.Add(pause)
		n.Record(n.By("anna", act.CaseList, act.Allow))
		n.Mark()
	}
	r := n.Verify(nil)
	if r.Result != verify.Whole || r.Gaps != 2 || r.LongestGap != int64(3*time.Hour/time.Second)+1 {
		t.Errorf("got %s, %d gaps, longest %d s", r.Result, r.Gaps, r.LongestGap)
	}
}

// TestHeadsGaps: a log that goes on and says no more how far its threads have come is found out, also
// where its checkpoints are as they should be.
func TestHeadsGaps(t *testing.T) {
	const day = 24 * time.Hour
	// Each letter is a record: of heads, or of something else. Before it some time passes.
	goes := func(letters string, pause time.Duration) *world {
		w := &world{Network: verifytest.NewNetwork(t), t: t}
		for _, letter := range letters {
			w.Now = w.Now.Add(pause - time.Second)
			if letter == 'h' {
				w.record(int64(len(w.Leaves)), w.heads())
			} else {
				w.Record(w.By("anna", act.CaseList, act.Allow))
			}
			w.Mark()
		}
		return w
	}
	for name, test := range map[string]struct {
		log     *world
		gaps    int64
		longest time.Duration
		stops   int64 // without a checkpoint
	}{
		"as it should be":              {goes("hhhhhh", 55*time.Minute), 0, 0, 0},
		"with other records":           {goes("xxhxxhxxhx", 18*time.Minute), 0, 0, 0},
		"never, within the first hour": {goes("xxx", 15*time.Minute), 0, 0, 0},
		"never":                        {goes("xxxxxxxx", 30*time.Minute), 1, 4 * time.Hour, 0},
		"never begun for hours":        {goes("xxxxhh", 30*time.Minute), 1, 150 * time.Minute, 0},
		"no more":                      {goes("hhhxxxx", 30*time.Minute), 1, 2 * time.Hour, 0},
		"paused, twice":                {goes("hxxxhxxxxhx", 30*time.Minute), 2, 150 * time.Minute, 0},
		"the service did not run":      {goes("hh", 3*time.Hour), 2, 3 * time.Hour, 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := test.log.Verify(nil)
			// The network before the first letter takes some seconds.
			longest := (time.Duration(r.LongestHeadsGap) * time.Second).Truncate(time.Minute)
			if r.Result != verify.Whole || r.HeadsGaps != test.gaps || longest != test.longest || r.Gaps != test.stops || (r.HeadsGap == nil) != (test.gaps == 0) {
				t.Errorf("got %s, %d without heads, longest %s (%+v), %d without checkpoints; %+v", r.Result, r.HeadsGaps, longest, r.HeadsGap, r.Gaps, r.Finding)
			}
		})
	}
	// What was erased may have been heads: of the time before the record that follows nothing is said.
	old := goes("hxhxhxhxh", 30*time.Minute)
	size := int64(len(old.Leaves))
	old.Now = old.Now.Add(800 * day)
	old.record(size, old.heads())
	old.Mark()
	old.Erase(size-8, size-1)
	if r := old.Verify(nil); r.Result != verify.Whole || r.Erased != 7 || r.HeadsGaps != 1 || r.LongestHeadsGap < int64(800*day/time.Second) {
		t.Errorf("erased: %s, %d without heads, longest %d s; %+v", r.Result, r.HeadsGaps, r.LongestHeadsGap, r.Finding)
	}
}

// erasedLog returns a log that goes on long after its first records.
func erasedLog(t *testing.T, later time.Duration) *verifytest.Network {
	t.Helper()
	n := verifytest.Sample(t)
	n.Now = n.Now.Add(later)
	n.Record(ledger.Record{Act: act.PolicyLoad, Outcome: act.Allow})
	n.Record(ledger.Record{Act: act.SessionBegin, Outcome: act.Deny})
	n.Mark()
	return n
}

// Erased records are lawful after their retention, and what people signed is still checked.
func TestErased(t *testing.T) {
	const day = 24 * time.Hour
	n := erasedLog(t, 740*day)
	size := int64(len(n.Leaves))
	before := n.Verify(nil)
	n.Erase(0, size-3)
	after := n.Verify(n.Kept(size - 1))
	want{result: verify.Whole}.check(t, after)
	if after.Erased != size-3 || after.Entries != before.Entries || after.Threads != before.Threads ||
		after.Cards != before.Cards || after.Rosters != before.Rosters {
		t.Errorf("got %+v, before erasing %+v", after, before)
	}
	var headers []int64
	for i := range n.Leaves {
		if n.Leaves[i].Header != "" {
			headers = append(headers, int64(i))
		}
	}
	slices.Reverse(headers)
	header, other := headers[0], headers[1]
	for name, test := range map[string]struct {
		change func(*verifytest.Network)
		want   want
	}{
		"too early": {func(n *verifytest.Network) { *n = *erasedLog(t, 600*day); n.Erase(4, 8) },
			want{verify.Incomplete, fault.ClassMissing, 4, 7}},
		"too early, after lawful ones": {func(n *verifytest.Network) { n.Erase(size-2, size-1) },
			want{verify.Incomplete, fault.ClassMissing, size - 2, size - 2}},
		"the last": {func(n *verifytest.Network) { n.Erase(size-1, size) },
			want{verify.Incomplete, fault.ClassMissing, size - 1, size - 1}},
		"a receipt of another leaf": {func(n *verifytest.Network) { n.Leaves[header].Receipt = n.Leaves[other].Receipt },
			want{verify.Tampered, fault.ClassReceipt, header, header}},
		"with a header": {func(n *verifytest.Network) { n.Leaves[other].Header, n.Leaves[other].Receipt = "", "" },
			want{verify.Tampered, fault.ClassSequence, header, header}},
	} {
		t.Run(name, func(t *testing.T) {
			changed := *n
			changed.Log = n.Copy(t)
			test.change(&changed)
			test.want.check(t, changed.Verify(nil))
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, leaves := range []int{1000, 100_000} { // the first for a quick look
		b.Run(fmt.Sprint(leaves), func(b *testing.B) {
			file := verifytest.Busy(b, leaves).Bundle()
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if r := check(b, file, nil); r.Result != verify.Whole {
					b.Fatalf("%+v", r.Finding)
				}
			}
			b.ReportMetric(float64(leaves*b.N)/b.Elapsed().Seconds(), "leaves/s")
		})
	}
}
