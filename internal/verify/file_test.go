package verify_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// file is a bundle in lines, which somebody without the log's key changes.
type file struct {
	t     *testing.T
	lines []string
}

// leaf returns the line of a leaf.
func (f *file) leaf(index int64) int { return f.find(fmt.Sprintf(`{"leaf":%d,`, index)) }

// checkpoint returns the line of the checkpoint of a size.
func (f *file) checkpoint(size int64) int { return f.find(fmt.Sprintf(`"size":%d}`, size)) }

func (f *file) find(part string) int {
	f.t.Helper()
	for i, line := range f.lines {
		if i > 0 && strings.Contains(line, part) {
			return i
		}
	}
	f.t.Fatalf("no line with %s", part)
	return -1
}

// swap changes old to new in one line.
func (f *file) swap(line int, old, new string) {
	f.t.Helper()
	if !strings.Contains(f.lines[line], old) || old == new {
		f.t.Fatalf("%q is not in line %d", old, line)
	}
	f.lines[line] = strings.Replace(f.lines[line], old, new, 1)
}

func TestFile(t *testing.T) {
	n := verifytest.Sample(t)
	b := n.Bundle()
	size := int64(len(n.Leaves))
	middle := n.Marks[1]
	opening := n.Find(act.CaseOpen, act.Allow, 0)
	entry := n.Find(act.EntryAppend, act.Allow, 0)
	other := n.Find(act.EntryAppend, act.Allow, 1)
	put := n.Find(act.CardPut, act.Allow, 1)
	roster := n.Find(act.RosterPut, act.Allow, 1)
	denied := n.Find(act.ThreadRead, act.Deny, 0)
	of := func(size int64) string { return fmt.Sprintf(`"size":%d`, size) }
	unlike := func(l int64) want { return want{verify.Tampered, fault.ClassProof, l, l} }
	for name, test := range map[string]struct {
		change func(*file)
		want   want
	}{
		"nothing": {func(*file) {}, want{result: verify.Whole}},

		"empty":            {func(f *file) { f.lines = nil }, want{verify.Incomplete, fault.ClassMissing, 0, 0}},
		"only a manifest":  {func(f *file) { f.lines = f.lines[:1] }, want{verify.Incomplete, fault.ClassMissing, 0, size - 1}},
		"not a bundle":     {func(f *file) { f.lines = []string{"PK\x03\x04\n"} }, want{verify.Tampered, fault.ClassForm, 0, 0}},
		"no manifest":      {func(f *file) { f.lines = f.lines[1:] }, want{verify.Tampered, fault.ClassForm, 0, 0}},
		"another format":   {func(f *file) { f.swap(0, "/v2", "/v3") }, want{verify.Tampered, fault.ClassForm, 0, 0}},
		"a larger size":    {func(f *file) { f.swap(0, of(size), of(size+1)) }, want{verify.Incomplete, fault.ClassMissing, size, size}},
		"a smaller size":   {func(f *file) { f.swap(0, of(size), of(size-1)) }, want{verify.Tampered, fault.ClassForm, size - 1, size - 1}},
		"no leaves at all": {func(f *file) { f.swap(0, of(size), of(0)) }, want{verify.Tampered, fault.ClassForm, 0, 0}},

		"leaf dropped": {func(f *file) { i := f.leaf(9); f.lines = slices.Delete(f.lines, i, i+1) },
			want{verify.Incomplete, fault.ClassMissing, 9, size - 1}},
		"last leaf dropped": {func(f *file) { i := f.leaf(size - 1); f.lines = slices.Delete(f.lines, i, i+1) },
			want{verify.Incomplete, fault.ClassMissing, size - 1, size - 1}},
		"leaves swapped": {func(f *file) { i := f.leaf(9); f.lines[i], f.lines[i+1] = f.lines[i+1], f.lines[i] },
			want{verify.Tampered, fault.ClassSequence, 9, 9}},
		"leaf twice": {func(f *file) { i := f.leaf(9); f.lines = slices.Insert(f.lines, i, f.lines[i]) },
			want{verify.Tampered, fault.ClassSequence, 10, 10}},
		"leaf far later": {func(f *file) {
			i, late := f.leaf(9), f.lines[f.leaf(9)]
			f.lines = slices.Insert(slices.Delete(f.lines, i, i+1), i+9, late)
		}, want{verify.Tampered, fault.ClassSequence, 9, 9}},
		"leaves with their numbers swapped": {func(f *file) {
			i := f.leaf(0)
			f.lines[i], f.lines[i+1] = f.lines[i+1], f.lines[i]
			f.swap(i, `:1,`, `:0,`)
			f.swap(i+1, `:0,`, `:1,`)
		}, want{verify.Tampered, fault.ClassStale, 1, 1}},

		"cut after a line": {func(f *file) { f.lines = f.lines[:f.leaf(20)] },
			want{verify.Incomplete, fault.ClassMissing, 20, size - 1}},
		"cut in a line": {func(f *file) { i := f.leaf(20); f.lines = append(f.lines[:i], f.lines[i][:40]) },
			want{verify.Incomplete, fault.ClassMissing, 20, size - 1}},
		"cut before the last checkpoint": {func(f *file) { f.lines = f.lines[:len(f.lines)-1] },
			want{verify.Incomplete, fault.ClassMissing, size, size - 1}},
		"cut in the last line end": {func(f *file) { f.lines[len(f.lines)-1] = strings.TrimSuffix(f.lines[len(f.lines)-1], "\n") },
			want{verify.Incomplete, fault.ClassMissing, size, size - 1}},
		"something after the end": {func(f *file) { f.lines = append(f.lines, "\n") },
			want{verify.Tampered, fault.ClassForm, size, size}},
		"an unended line after the end": {func(f *file) { f.lines = append(f.lines, "x") },
			want{verify.Tampered, fault.ClassForm, size, size}},
		"an endless line": {func(f *file) { f.lines[f.leaf(5)] = strings.Repeat("x", 1<<20) + "\n" },
			want{verify.Tampered, fault.ClassSize, 5, 5}},

		"salt":          {func(f *file) { f.change(f.leaf(7), `"salt":"`) }, unlike(7)},
		"commitment":    {func(f *file) { f.change(f.leaf(7), `"commitment":"`) }, unlike(7)},
		"record":        {func(f *file) { f.swap(f.leaf(denied), "outcome deny", "outcome allow") }, unlike(denied)},
		"record erased": {func(f *file) { f.erase(denied) }, want{verify.Incomplete, fault.ClassMissing, denied, denied}},
		"record and commitment": {func(f *file) {
			f.rewrite(denied, func(l *ledger.Record) { l.Outcome = act.Deny; l.Source = "aaaa" })
		}, want{verify.Tampered, fault.ClassProof, middle, size - 1}},
		"record and commitment, and its time": {func(f *file) {
			f.rewrite(denied, func(l *ledger.Record) { l.At = l.At.AddDate(0, 0, -1) })
		}, want{verify.Tampered, fault.ClassStale, denied, denied}},
		"a line unknown": {func(f *file) { f.swap(f.leaf(7), `{"leaf":7`, `{"mood":1,"leaf":7`) }, want{verify.Tampered, fault.ClassForm, 7, 7}},
		"a space":        {func(f *file) { f.swap(f.leaf(7), `,"salt"`, `, "salt"`) }, want{verify.Tampered, fault.ClassForm, 7, 7}},

		"header dropped": {func(f *file) { f.drop(f.leaf(entry), "header"); f.drop(f.leaf(entry), "receipt") },
			want{verify.Incomplete, fault.ClassMissing, entry, entry}},
		"receipt dropped": {func(f *file) { f.drop(f.leaf(entry), "receipt") }, want{verify.Tampered, fault.ClassForm, entry, entry}},
		"card dropped":    {func(f *file) { f.drop(f.leaf(put), "card") }, want{verify.Incomplete, fault.ClassMissing, put, put}},
		"roster dropped":  {func(f *file) { f.drop(f.leaf(roster), "roster") }, want{verify.Incomplete, fault.ClassMissing, roster, roster}},
		"header changed": {func(f *file) { f.swap(f.leaf(entry), `sequence 1`, `sequence 2`) },
			want{verify.Tampered, fault.ClassSubstitute, entry, entry}},
		"header of another entry": {func(f *file) { f.move("header", other, entry) },
			want{verify.Tampered, fault.ClassSubstitute, entry, entry}},
		"receipt changed": {func(f *file) { f.swap(f.leaf(entry), `\nadmitted-at 2026`, `\nadmitted-at 2027`) },
			want{verify.Tampered, fault.ClassSignature, entry, entry}},
		"receipt of another entry": {func(f *file) { f.move("receipt", opening, entry) },
			want{verify.Tampered, fault.ClassReceipt, entry, entry}},
		"card of somebody else": {func(f *file) { f.move("card", put+1, put) }, want{verify.Tampered, fault.ClassSubstitute, put, put}},
		"another roster": {func(f *file) { f.move("roster", n.Find(act.RosterPut, act.Allow, 3), roster) },
			want{verify.Tampered, fault.ClassSubstitute, roster, roster}},
		"a card where none was put": {func(f *file) { f.add(f.leaf(denied), "card", n.Leaves[put].Card) },
			want{verify.Tampered, fault.ClassSubstitute, denied, denied}},
		"a header where none was appended": {func(f *file) {
			f.add(f.leaf(denied), "header", n.Leaves[entry].Header)
			f.add(f.leaf(denied), "receipt", n.Leaves[entry].Receipt)
		}, want{verify.Tampered, fault.ClassSubstitute, denied, denied}},

		"checkpoint dropped": {func(f *file) { i := f.checkpoint(middle); f.lines = slices.Delete(f.lines, i, i+1) },
			want{result: verify.Whole}},
		"checkpoint twice": {func(f *file) { i := f.checkpoint(middle); f.lines = slices.Insert(f.lines, i, f.lines[i]) },
			want{verify.Tampered, fault.ClassSequence, middle, middle}},
		"checkpoint late": {func(f *file) { i := f.checkpoint(middle); f.lines[i], f.lines[i+1] = f.lines[i+1], f.lines[i] },
			want{verify.Tampered, fault.ClassSequence, middle + 1, middle + 1}},
		"checkpoint early": {func(f *file) { i := f.checkpoint(middle); f.lines[i], f.lines[i-1] = f.lines[i-1], f.lines[i] },
			want{verify.Tampered, fault.ClassSequence, middle - 1, middle - 1}},
		"checkpoint by another key": {func(f *file) { f.forge(middle, note.NewSigner(verifytest.Origin, cardtest.Key("mallory"))) },
			want{verify.Tampered, fault.ClassSignature, n.Marks[0], middle - 1}},
		"checkpoint of another log": {func(f *file) { f.forge(middle, note.NewSigner("other.example", cardtest.Key(verifytest.Origin))) },
			want{verify.Tampered, fault.ClassSignature, n.Marks[0], middle - 1}},
		"checkpoint of another size": {func(f *file) {
			f.lines[f.checkpoint(middle)] = fmt.Sprintf(`{"checkpoint":"%s","size":%d}`+"\n", jsonNote(n.Checkpoint(middle-1).Note), middle)
		}, want{verify.Tampered, fault.ClassSubstitute, n.Marks[0], middle - 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f := &file{t, slices.Collect(strings.SplitAfterSeq(strings.TrimSuffix(string(b), "\n"), "\n"))}
			f.lines[len(f.lines)-1] += "\n"
			test.change(f)
			test.want.check(t, check(t, []byte(strings.Join(f.lines, "")), nil))
		})
	}
}

// TestCut cuts a bundle everywhere between its lines, and in each: it is never whole.
func TestCut(t *testing.T) {
	b := verifytest.Sample(t).Bundle()
	for i, c := range b {
		for _, end := range []int{i, i + 1} {
			if c != '\n' || end == len(b) {
				continue
			}
			if r := check(t, b[:end], nil); r.Result != verify.Incomplete {
				t.Errorf("cut at %d of %d: %s, %+v", end, len(b), r.Result, r.Finding)
			}
		}
	}
}

// What is missing does not hide what is false later, and what is missing first is named.
func TestMissingHidesNothing(t *testing.T) {
	n := verifytest.Sample(t)
	entry := n.Find(act.EntryAppend, act.Allow, 0)
	list := n.Find(act.CaseList, act.Allow, 0)
	n.Leaves[entry].Header, n.Leaves[entry].Receipt = "", ""
	n.Leaves[entry+1].Header, n.Leaves[entry+1].Receipt = "", ""
	want{verify.Incomplete, fault.ClassMissing, entry, entry}.check(t, n.Verify(nil))
	n.Leaves[list].Salt = bytes.Repeat([]byte{1}, 32)
	want{verify.Tampered, fault.ClassProof, list, list}.check(t, n.Verify(nil))
}

// A record that this program is too old to read is not taken for a lie, nor its log for whole.
func TestNewer(t *testing.T) {
	n := verifytest.Sample(t)
	leaf := &n.Leaves[n.Find(act.CaseList, act.Allow, 0)]
	leaf.Text = strings.Replace(leaf.Text, "case.list", "case.sing", 1)
	leaf.Commitment = verifytest.Commit(leaf)
	want{verify.Incomplete, fault.ClassUnknown, leaf.Index, leaf.Index}.check(t, n.Verify(nil))
}

// change changes the first character of a base64 value.
func (f *file) change(line int, key string) {
	f.t.Helper()
	i := strings.Index(f.lines[line], key) + len(key)
	to := "A"
	if f.lines[line][i] == 'A' {
		to = "B"
	}
	f.lines[line] = f.lines[line][:i] + to + f.lines[line][i+1:]
}

// value returns where the value of a key stands in a line, quotes included.
func (f *file) value(line int, key string) (begin, end int) {
	f.t.Helper()
	begin = strings.Index(f.lines[line], `"`+key+`":`)
	if begin < 0 {
		f.t.Fatalf("line %d has no %s", line, key)
	}
	begin += len(key) + 3
	return begin, begin + 2 + strings.Index(f.lines[line][begin+1:], `"`)
}

// drop takes a value out of a line.
func (f *file) drop(line int, key string) {
	begin, end := f.value(line, key)
	f.lines[line] = f.lines[line][:begin-len(key)-4] + f.lines[line][end:]
}

// add adds a value to the end of a line.
func (f *file) add(line int, key, value string) {
	f.lines[line] = strings.TrimSuffix(f.lines[line], "}\n") + `,"` + key + `":"` + jsonNote(value) + "\"}\n"
}

// move puts the value of one leaf in the place of another's.
func (f *file) move(key string, from, to int64) {
	begin, end := f.value(f.leaf(from), key)
	value := f.lines[f.leaf(from)][begin:end]
	line := f.leaf(to)
	begin, end = f.value(line, key)
	f.lines[line] = f.lines[line][:begin] + value + f.lines[line][end:]
}

// erase removes salt and record of a leaf.
func (f *file) erase(leaf int64) {
	f.drop(f.leaf(leaf), "salt")
	f.drop(f.leaf(leaf), "text")
}

// rewrite changes the record of a leaf together with its commitment, as whoever lacks the
// log's key can.
func (f *file) rewrite(leaf int64, change func(*ledger.Record)) {
	n := verifytest.Sample(f.t)
	n.Rewrite(leaf, change)
	changed := &file{f.t, strings.SplitAfter(string(n.Bundle()), "\n")}
	f.lines[f.leaf(leaf)] = changed.lines[changed.leaf(leaf)]
}

// forge signs the checkpoint of a size by somebody else.
func (f *file) forge(size int64, by note.Signer) {
	kept := verifytest.Sample(f.t).Kept(size)
	msg, err := ledger.SignCheckpoint(by.Name(), size, kept.Root, by)
	if err != nil {
		f.t.Fatal(err)
	}
	f.lines[f.checkpoint(size)] = fmt.Sprintf(`{"checkpoint":"%s","size":%d}`+"\n", jsonNote(string(msg)), size)
}
