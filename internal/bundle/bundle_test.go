package bundle_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

const origin = "log.varco.example"

// leaf returns a leaf whose record is of an act on something with a hash.
func leaf(t testing.TB, index int64, a act.Act, o act.Outcome, admitted string) bundle.Leaf {
	t.Helper()
	r := ledger.Record{At: cardtest.Start, Act: a, Outcome: o}
	if admitted != "" {
		r.Hash = note.Sum([]byte(admitted))
	}
	text, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	salt := bytes.Repeat([]byte{byte(index + 1)}, 32)
	return bundle.Leaf{Index: index, Commitment: ledger.Commit([32]byte(salt), text), Salt: salt, Text: text}
}

// marks are checkpoints that nobody signed: the form doesn't look at signatures.
func marks(sizes ...int64) []bundle.Checkpoint {
	var all []bundle.Checkpoint
	for _, size := range sizes {
		all = append(all, bundle.Checkpoint{Note: fmt.Sprintf("%s\n%d\nroot\n\n— %s signature\n", origin, size, origin), Size: size})
	}
	return all
}

// sample returns a bundle of six leaves, of every kind, as its lines should come back.
func sample(t testing.TB) (string, []bundle.Line) {
	t.Helper()
	leaves := []bundle.Leaf{
		leaf(t, 0, act.LedgerBegin, act.Allow, ""),
		leaf(t, 1, act.CardPut, act.Allow, "a card\n"),
		leaf(t, 2, act.RosterPut, act.Allow, "a roster\n"),
		leaf(t, 3, act.EntryAppend, act.Allow, "a \"header\" <&>\\\n"),
		{Index: 4, Commitment: note.Sum([]byte("erased"))},
		leaf(t, 5, act.ThreadRead, act.Deny, ""),
	}
	leaves[1].Card = "a card\n"
	leaves[2].Roster = "a roster\n"
	leaves[3].Header, leaves[3].Receipt = "a \"header\" <&>\\\n", "a receipt\n— it\n"
	checkpoints := marks(0, 3, 6)
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out, origin, checkpoints)
	if err != nil {
		t.Fatal(err)
	}
	lines := []bundle.Line{{Checkpoint: &checkpoints[0]}}
	for i := range leaves {
		if err := w.Leaf(leaves[i]); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bundle.Line{Leaf: &leaves[i]})
		if i == 2 {
			lines = append(lines, bundle.Line{Checkpoint: &checkpoints[1]})
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), append(lines, bundle.Line{Checkpoint: &checkpoints[2]})
}

// read reads a bundle to its end.
func read(in io.Reader) ([]bundle.Line, error) {
	r, err := bundle.NewReader(in)
	if err != nil {
		return nil, err
	}
	var lines []bundle.Line
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		lines = append(lines, line)
	}
}

func TestWriteAndRead(t *testing.T) {
	file, want := sample(t)
	for name, in := range map[string]io.Reader{"whole": strings.NewReader(file),
		"in pieces": iotest.OneByteReader(strings.NewReader(file))} {
		got, err := read(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if first, _, _ := strings.Cut(file, "\n"); first != `{"format":"varco-bundle/v2","origin":"log.varco.example","size":6}` {
		t.Errorf("the manifest is %s", first)
	}
	r, err := bundle.NewReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bundle.Manifest{Format: bundle.Format, Origin: origin, Size: 6}, r.Manifest()); diff != "" {
		t.Errorf("Manifest (-want +got):\n%s", diff)
	}
}

func TestReaderRefuses(t *testing.T) {
	file, _ := sample(t)
	lines := strings.SplitAfter(strings.TrimSuffix(file, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	// The manifest is line 0, leaf 0 is line 2, the checkpoint of size 3 is line 5, leaf 3 is line 6.
	without := func(from, until int) string { return strings.Join(lines[:from], "") + strings.Join(lines[until:], "") }
	swap := func(line int, old, new string) string {
		if !strings.Contains(lines[line], old) {
			t.Fatalf("%s is not in line %d: %s", old, line, lines[line])
		}
		return strings.Join(lines[:line], "") + strings.Replace(lines[line], old, new, 1) + strings.Join(lines[line+1:], "")
	}
	switched := func(i, j int) string {
		all := append([]string(nil), lines...)
		all[i], all[j] = all[j], all[i]
		return strings.Join(all, "")
	}
	const value = `"erased"}` + "\n"
	for name, test := range map[string]struct {
		file string
		want fault.Class
	}{
		"nothing":               {"", fault.ClassMissing},
		"manifest unended":      {strings.TrimSuffix(lines[0], "\n"), fault.ClassMissing},
		"manifest only":         {lines[0], fault.ClassMissing},
		"no manifest":           {without(0, 1), fault.ClassForm},
		"two manifests":         {lines[0] + file, fault.ClassForm},
		"another format":        {swap(0, "v2", "v3"), fault.ClassForm},
		"no origin":             {swap(0, origin, ""), fault.ClassForm},
		"origin with a space":   {swap(0, origin, "a b"), fault.ClassForm},
		"no size":               {swap(0, `,"size":6`, ``), fault.ClassForm},
		"size zero":             {swap(0, `:6`, `:0`), fault.ClassForm},
		"size negative":         {swap(0, `:6`, `:-6`), fault.ClassForm},
		"size with fraction":    {swap(0, `:6`, `:6.0`), fault.ClassForm},
		"size over the limit":   {swap(0, `:6`, `:281474976710656`), fault.ClassForm},
		"size greater":          {swap(0, `:6`, `:7`), fault.ClassMissing},
		"size smaller":          {swap(0, `:6`, `:5`), fault.ClassForm},
		"not JSON":              {swap(2, `{"leaf"`, `<leaf`), fault.ClassForm},
		"an array":              {lines[0] + "[]\n", fault.ClassForm},
		"null":                  {lines[0] + "null\n", fault.ClassForm},
		"two values":            {swap(2, "}\n", "}{}\n"), fault.ClassForm},
		"an empty line":         {without(0, 0)[:len(lines[0])] + "\n" + strings.Join(lines[1:], ""), fault.ClassForm},
		"CRLF":                  {swap(2, "\n", "\r\n"), fault.ClassForm},
		"unknown name":          {swap(2, `{"leaf"`, `{"name":"x","leaf"`), fault.ClassForm},
		"name in another case":  {swap(2, `"salt"`, `"Salt"`), fault.ClassForm},
		"name twice":            {swap(2, `{"leaf":0`, `{"leaf":0,"leaf":0`), fault.ClassForm},
		"names reordered":       {swap(6, `"header"`, `"receipt":"","header"`), fault.ClassForm},
		"spaces":                {swap(2, `:0,`, `: 0,`), fault.ClassForm},
		"escaped otherwise":     {swap(6, `<`, `\u003c`), fault.ClassForm},
		"not UTF-8":             {swap(6, `<`, "\xff"), fault.ClassForm},
		"empty text":            {swap(7, `"}`, `","text":""}`), fault.ClassForm},
		"salt alone":            {swap(7, `"}`, `","salt":"AAAA"}`), fault.ClassForm},
		"text alone":            {swap(7, `"}`, `","text":"x"}`), fault.ClassForm},
		"short salt":            {swap(7, `"}`, `","salt":"AAAA","text":"x"}`), fault.ClassForm},
		"header alone":          {swap(6, `,"receipt":"a receipt\n— it\n"`, ``), fault.ClassForm},
		"receipt alone":         {swap(7, `"}`, `","receipt":"x"}`), fault.ClassForm},
		"two notes":             {swap(3, `,"card"`, `,"roster":"x","card"`), fault.ClassForm},
		"two notes, in order":   {swap(3, `"}`, `","roster":"x"}`), fault.ClassForm},
		"hash not canonical":    {swap(7, `="`, `"`), fault.ClassForm},
		"negative leaf":         {swap(2, `:0,`, `:-1,`), fault.ClassSequence},
		"leaf twice":            {without(3, 3)[:0] + strings.Join(lines[:4], "") + strings.Join(lines[3:], ""), fault.ClassSequence},
		"leaf left out":         {without(3, 4), fault.ClassMissing},
		"last leaf left out":    {without(8, 9), fault.ClassMissing},
		"leaves switched":       {switched(2, 3), fault.ClassSequence},
		"leaf over the size":    {swap(8, `:5,`, `:6,`), fault.ClassForm},
		"checkpoint too early":  {switched(4, 5), fault.ClassSequence},
		"checkpoint too late":   {switched(5, 6), fault.ClassSequence},
		"checkpoint twice":      {strings.Join(lines[:6], "") + strings.Join(lines[5:], ""), fault.ClassSequence},
		"checkpoint empty":      {swap(5, lines[5], `{"checkpoint":"","size":3}`+"\n"), fault.ClassForm},
		"checkpoint of less":    {swap(5, `:3}`, `:2}`), fault.ClassSequence},
		"checkpoint of more":    {swap(5, `:3}`, `:4}`), fault.ClassSequence},
		"checkpoint over size":  {swap(5, `:3}`, `:9}`), fault.ClassForm},
		"checkpoint negative":   {swap(1, `:0}`, `:-1}`), fault.ClassForm},
		"no last checkpoint":    {without(9, 10), fault.ClassMissing},
		"last checkpoint cut":   {strings.TrimSuffix(file, "\n"), fault.ClassMissing},
		"more after the end":    {file + lines[9], fault.ClassForm},
		"a byte after the end":  {file + "x", fault.ClassForm},
		"an endless line":       {lines[0] + strings.Repeat(" ", bundle.MaxLineBytes), fault.ClassSize},
		"a line over the limit": {swap(7, value[8:], strings.Repeat(" ", bundle.MaxLineBytes)+value[8:]), fault.ClassSize},
	} {
		t.Run(name, func(t *testing.T) {
			if test.file == file {
				t.Fatal("nothing was changed")
			}
			_, err := read(strings.NewReader(test.file))
			wantClass(t, err, test.want)
		})
	}
}

func wantClass(t *testing.T, err error, want fault.Class) {
	t.Helper()
	if err == nil || fault.ClassOf(err) != want || fault.KindOf(err) != fault.Refused {
		t.Errorf("got class %q, kind %q (%v), want class %q", fault.ClassOf(err), fault.KindOf(err), err, want)
	}
}

// What can't be read is not what is wrong.
func TestReaderUnreadable(t *testing.T) {
	file, _ := sample(t)
	broken := errors.New("the disk broke")
	for cut := range len(file) {
		_, err := read(io.MultiReader(strings.NewReader(file[:cut]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("broken after %d bytes: %v", cut, err)
		}
	}
}

// After an error a Reader stays there.
func TestReaderStays(t *testing.T) {
	file, _ := sample(t)
	r, err := bundle.NewReader(strings.NewReader(strings.Replace(file, `{"leaf":1,`, `{"leaf":7,`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if _, again := r.Next(); again != err { //nolint:errorlint // the same error, not one like it
		t.Errorf("got %v, then %v", err, again)
	}
	if r.Leaves() != 1 {
		t.Errorf("%d leaves, want 1", r.Leaves())
	}
}

func FuzzReader(f *testing.F) {
	file, _ := sample(f)
	f.Add([]byte(file))
	for line := range strings.SplitAfterSeq(file, "\n") {
		f.Add([]byte(`{"format":"varco-bundle/v2","origin":"x","size":1}` + "\n" + line))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := bundle.NewReader(bytes.NewReader(b))
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Fatalf("refused without a class: %v", err)
			}
			return
		}
		var leaves []bundle.Leaf
		var checkpoints []bundle.Checkpoint
		for {
			line, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				if fault.ClassOf(err) == "" {
					t.Fatalf("refused without a class: %v", err)
				}
				return
			}
			if line.Leaf != nil {
				leaves = append(leaves, *line.Leaf)
			} else {
				checkpoints = append(checkpoints, *line.Checkpoint)
			}
		}
		// What was read to its end is what a Writer writes.
		var out bytes.Buffer
		w, err := bundle.NewWriter(&out, r.Manifest().Origin, checkpoints)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range leaves {
			if err := w.Leaf(l); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || !bytes.Equal(out.Bytes(), b) {
			t.Fatalf("%q comes back as %q, %v", b, out.Bytes(), err)
		}
	})
}
