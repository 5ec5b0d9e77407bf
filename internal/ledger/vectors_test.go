package ledger_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// vectors collects those of one form, each with one section.
type vectors struct {
	section string
	all     []*vector.Vector
}

func (v *vectors) add(name, expect, says, content string, lines ...string) {
	one := vector.New(name, expect, says)
	for i := 0; i+1 < len(lines); i += 2 {
		one.Set(lines[i], lines[i+1])
	}
	v.all = append(v.all, one.Attach(v.section, []byte(content)))
}

const sampleRecord = "varco/v1 record\nat 2026-11-22T08:00:00.123Z\nact thread.read\noutcome allow\n" +
	"person p-hqft-p4ce-ddwx-w6vw\norganisation o-umzt-q7ws-9ey8-h5x6\nrole coordinator\nrole operator\n" +
	"reason answer\npolicy read-as-centre\nfrom 0\nuntil 2\nsize 4000\n"

// TestRecordVectors runs testdata/vectors/record: the section "text" is read as a record.
func TestRecordVectors(t *testing.T) {
	v := vectors{section: "text"}
	v.add("ok", vector.OK, "a reading, with what was served from where to where", sampleRecord)
	v.add("ok-least", vector.OK, "no more than when, what and how it ended", "varco/v1 record\nat 2026-11-22T08:00:00.123Z\nact ledger.heads\noutcome allow\n")
	for name, c := range map[string]struct{ class, says, old, new string }{
		"other-kind":      {"form", "another kind of form", "record\n", "receipt\n"},
		"order":           {"form", "lines in another order", "outcome allow\nperson p-hqft-p4ce-ddwx-w6vw\n", "person p-hqft-p4ce-ddwx-w6vw\noutcome allow\n"},
		"no-outcome":      {"form", "no outcome", "outcome allow\n", ""},
		"person-by-name":  {"form", "a name where a pseudonym belongs", "p-hqft-p4ce-ddwx-w6vw", "anna"},
		"roles-unsorted":  {"form", "roles in another order", "role coordinator\nrole operator\n", "role operator\nrole coordinator\n"},
		"role-twice":      {"form", "a role twice", "role operator\n", "role operator\nrole operator\n"},
		"size-zero":       {"form", "a second spelling of no size", "size 4000", "size 0"},
		"from-alone":      {"form", "from without until", "until 2\n", ""},
		"until-before":    {"form", "served from behind where it ends", "from 0\nuntil 2\n", "from 3\nuntil 2\n"},
		"extra-line":      {"form", "a line that is none", "size 4000\n", "size 4000\nname Anna\n"},
		"crlf":            {"form", "CRLF at the end of lines", "\n", "\r\n"},
		"unknown-act":     {"unknown", "an act of a newer service", "thread.read", "thread.burn"},
		"unknown-outcome": {"unknown", "an outcome of a newer service", "outcome allow", "outcome perhaps"},
		"unknown-reason":  {"unknown", "a reason of a newer service", "reason answer", "reason curiosity"},
		"too-long":        {"size", "over 4,096 bytes", "policy read-as-centre\n", strings.Repeat("policy "+strings.Repeat("a", 200)+"\n", 30)},
	} {
		v.add("refused-"+name, c.class, c.says, strings.ReplaceAll(sampleRecord, c.old, c.new))
	}
	notetest.Run(t, "record", v.all, func(one *vector.Vector) error {
		_, err := ledger.ParseRecord(string(one.Bytes("text")))
		return err
	})
}

// TestReceiptVectors runs testdata/vectors/receipt: the section "note" is opened with the key in
// the line verifier.
func TestReceiptVectors(t *testing.T) {
	s, _ := key(t, origin, 1)
	other, _ := key(t, origin, 2)
	vkey := "log.varco.example+" + logKeyOf(t, 1)
	text := "varco/v1 receipt\nlog log.varco.example\nnumber " + ledger.Number(1234) + "\nthread t-8xby-uhs4-98h5-wsfv\n" +
		"entry e-2222-2222-2222-2222\nheader " + note.Sum([]byte("a header")).String() + "\nleaf 1234\nadmitted-at 2026-11-22T08:00:00.123Z\n"
	v := vectors{section: "note"}
	add := func(name, expect, says, text string, signers ...note.Signer) {
		v.add(name, expect, says, string(notetest.Sign(t, text, signers...)), "verifier", vkey)
	}
	add("ok", vector.OK, "a receipt", text, s)
	add("refused-other-key", "signature", "signed by another key under the log's name", text, other)
	add("refused-two", "signature", "two signatures", text, s, other)
	for name, c := range map[string]struct{ class, says, old, new string }{
		"other-log":    {"signature", "it names another log than the one that signs it", "log log.varco.example", "log other.example"},
		"other-number": {"receipt", "a number that is not the leaf's", ledger.Number(1234), ledger.Number(1235)},
		"zero-before":  {"form", "a leaf with a zero before", "leaf 1234", "leaf 01234"},
		"no-header":    {"form", "no hash of a header", note.Sum([]byte("a header")).String(), "-"},
		"extra-line":   {"form", "a line that is none", "leaf 1234\n", "leaf 1234\nmore 1\n"},
		"year-one":     {"receipt", "no time", "2026-11-22T08:00:00.123Z", "0001-01-01T00:00:00.000Z"},
	} {
		add("refused-"+name, c.class, c.says, strings.Replace(text, c.old, c.new, 1), s)
	}
	notetest.Run(t, "receipt", v.all, func(one *vector.Vector) error {
		verifier, err := note.ParseVerifier(one.Get("verifier"))
		if err != nil {
			return notetest.Broken(one, err)
		}
		_, err = ledger.OpenReceipt(one.Bytes("note"), verifier)
		return err
	})
}

// logKeyOf prints the hash and key of a log's verifier key.
func logKeyOf(t testing.TB, seed byte) string {
	t.Helper()
	_, vkey := cosigner(t, origin, seed)
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(vkey, "+", 3)[2])
	if err != nil {
		t.Fatal(err)
	}
	public, err := note.NewPublicKey(raw[1:])
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(note.VerifierKey(origin, public), origin+"+")
}

// TestCheckpointVectors runs testdata/vectors/checkpoint: the section "note" is opened as a
// checkpoint of the log of the line verifier with the witnesses of the quorum in the section
// "quorum". The line witnessed says since when the quorum has, in seconds since 1970, - if it
// has not.
func TestCheckpointVectors(t *testing.T) {
	s, _ := key(t, origin, 9)
	vkey := origin + "+" + logKeyOf(t, 9)
	w1, key1 := cosigner(t, "w1.example", 1)
	w2, key2 := cosigner(t, "w2.example", 2)
	stranger, _ := cosigner(t, "w0.example", 3)
	quorum := "witness a " + key1 + "\nwitness b " + key2 + "\ngroup both all a b\nquorum both\n"
	msg, err := ledger.SignCheckpoint(origin, 7, root(t, 7), s)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(msg), "\n\n")
	text += "\n"
	line := func(s note.Signer, text string) string {
		l, err := note.SignLine(text, s)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	v := vectors{section: "note"}
	add := func(name, expect, says, content, since string) {
		v.add(name, expect, says, content, "verifier", vkey, "witnessed", since)
		v.all[len(v.all)-1].Attach("quorum", []byte(quorum))
	}
	since := strconv.FormatInt(admitted.Add(time.Minute).Unix(), 10)
	own := string(msg)
	add("ok-alone", vector.OK, "signed by the log alone: not witnessed", own, "-")
	add("ok-one", vector.OK, "cosigned by one of two: not witnessed", own+line(w1, text), "-")
	add("ok-both", vector.OK, "cosigned by both: witnessed since the earlier of them", own+line(w1, text)+line(w2, text), since)
	add("ok-unknown", vector.OK, "a cosignature of a witness that is not known is passed over", own+line(stranger, text)+line(w1, text)+line(w2, text), since)
	add("refused-order", "signature", "cosignatures in another order", own+line(w2, text)+line(w1, text), "-")
	add("refused-twice", "signature", "a cosignature twice", own+line(w1, text)+line(w1, text), "-")
	add("refused-above", "signature", "a cosignature above the log's signature", text+"\n"+line(w1, text)+strings.TrimPrefix(own, text+"\n"), "-")
	add("refused-log-missing", "signature", "cosigned, and not signed by the log", text+"\n"+line(w1, text), "-")
	add("refused-moved", "signature", "a cosignature of another checkpoint", own+line(w1, strings.Replace(text, "\n7\n", "\n8\n", 1)), "-")
	add("refused-plain", "signature", "a plain signature where a cosignature belongs", own+line(s, text), "-")
	extended := text + "extension\n"
	add("refused-extension", "form", "an extension line", string(notetest.Sign(t, extended, s)), "-")
	add("refused-zero-before", "form", "a size with a zero before", string(notetest.Sign(t, strings.Replace(text, "\n7\n", "\n07\n", 1), s)), "-")
	add("refused-too-large", "form", "more leaves than a log can have", string(notetest.Sign(t, strings.Replace(text, "\n7\n", "\n281474976710656\n", 1), s)), "-")
	notetest.Run(t, "checkpoint", v.all, func(one *vector.Vector) error {
		verifier, err := note.ParseVerifier(one.Get("verifier"))
		if err != nil {
			return notetest.Broken(one, err)
		}
		q, err := ledger.ParseQuorum(string(one.Bytes("quorum")))
		if err != nil {
			return notetest.Broken(one, err)
		}
		_, by, err := ledger.OpenCosigned(one.Bytes("note"), verifier.Name(), verifier, q)
		if err != nil {
			return err
		}
		got := "-"
		if at, ok := q.Witnessed(by); ok {
			got = strconv.FormatInt(at.Unix(), 10)
		}
		if got != one.Get("witnessed") {
			return errors.New("witnessed since " + got)
		}
		return nil
	})
}

// TestNumberVectors runs testdata/vectors/number: the section "text" is read as the number of a
// receipt, of the leaf in the line leaf.
func TestNumberVectors(t *testing.T) {
	v := vectors{section: "text"}
	v.add("ok", vector.OK, "a number", "R-1234-82", "leaf", "1234")
	v.add("ok-first", vector.OK, "that of the first leaf", "R-0-98", "leaf", "0")
	v.add("refused-digit", "form", "a wrong digit", "R-1235-82")
	v.add("refused-swapped", "form", "two digits swapped", "R-1324-82")
	v.add("refused-zero-before", "form", "a zero before", "R-01234-82")
	v.add("refused-sign", "form", "a sign", "R--1234-82")
	v.add("refused-lower-case", "form", "another letter", "r-1234-82")
	v.add("refused-too-large", "form", "more leaves than a log can have", ledger.Number(ledger.MaxSize))
	notetest.Run(t, "number", v.all, func(one *vector.Vector) error {
		leaf, err := ledger.ParseNumber(string(one.Bytes("text")))
		if err == nil && strconv.FormatInt(leaf, 10) != one.Get("leaf") {
			err = errors.New("it is of leaf " + strconv.FormatInt(leaf, 10))
		}
		return err
	})
}

// TestSampleVectors runs testdata/vectors/sample: the section "drawn" holds the leaves that the seed in
// the line seed draws of the leaves in the line leaves, as many as the line count says; otherwise the
// verdict is proof.
func TestSampleVectors(t *testing.T) {
	seed, leaves := note.Sum([]byte("a seed")), []int64{0, 3, 4, 17, 1234, 5678}
	said := func(all []int64) string { return strings.Trim(fmt.Sprint(all), "[]") }
	v := vectors{section: "drawn"}
	add := func(name, expect, says, drawn, of string, count int64) {
		v.add(name, expect, says, drawn, "seed", seed.String(), "leaves", of, "count", strconv.FormatInt(count, 10))
	}
	three := ledger.Sample(seed, leaves, 3)
	add("ok", vector.OK, "three of six", said(three), said(leaves), 3)
	add("ok-all", vector.OK, "fewer than were asked for", said(ledger.Sample(seed, leaves, 6)), said(leaves), 200)
	add("ok-none", vector.OK, "none that could be drawn", "", "", 2)
	add("refused-order", "proof", "another order", said([]int64{three[1], three[0], three[2]}), said(leaves), 3)
	add("refused-fewer", "proof", "one left out", said(three[:2]), said(leaves), 3)
	add("refused-seed", "proof", "drawn by another seed", said(ledger.Sample(note.Sum([]byte("b")), leaves, 3)), said(leaves), 3)
	notetest.Run(t, "sample", v.all, func(one *vector.Vector) error {
		seed, err := base64.StdEncoding.DecodeString(one.Get("seed"))
		if err != nil || len(seed) != len(note.Hash{}) {
			return notetest.Broken(one, errors.New("no seed"))
		}
		count, err := strconv.ParseInt(one.Get("count"), 10, 64)
		if err != nil {
			return notetest.Broken(one, err)
		}
		var of []int64
		for _, field := range strings.Fields(one.Get("leaves")) {
			leaf, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return notetest.Broken(one, err)
			}
			of = append(of, leaf)
		}
		if said(ledger.Sample(note.Hash(seed), of, count)) != string(one.Bytes("drawn")) {
			return fault.Refuse(fault.ClassProof, "not what the seed draws")
		}
		return nil
	})
}

// TestLeafVectors runs testdata/vectors/leaf: a leaf with the salt and the record of the sections
// "salt" and "text" commits to the hash in the line commitment, and its hash in the tree is that
// in the line hash; otherwise the verdict is proof.
func TestLeafVectors(t *testing.T) {
	salt := [32]byte(note.Sum([]byte("a salt")))
	text := "varco/v1 record\nat 2026-11-22T08:00:00.123Z\nact ledger.heads\noutcome " + string(act.Allow) + "\n"
	c := ledger.Commit(salt, text)
	hash := note.Hash(ledger.LeafHash(c)).String()
	v := vectors{section: "text"}
	add := func(name, expect, says, text string, salt [32]byte, commitment string) {
		v.add(name, expect, says, text, "commitment", commitment, "hash", hash)
		v.all[len(v.all)-1].Attach("salt", salt[:])
	}
	add("ok", vector.OK, "a leaf", text, salt, c.String())
	add("refused-record", "proof", "another record", strings.Replace(text, "allow", "deny", 1), salt, c.String())
	add("refused-salt", "proof", "another salt", text, [32]byte{}, c.String())
	add("refused-plain", "proof", "a commitment without the label", text, salt, note.Sum(append(salt[:], text...)).String())
	notetest.Run(t, "leaf", v.all, func(one *vector.Vector) error {
		want, err := note.ParseHash(one.Get("commitment"))
		if err != nil {
			return notetest.Broken(one, err)
		}
		got := ledger.Commit([32]byte(one.Bytes("salt")), string(one.Bytes("text")))
		if got != want || note.Hash(ledger.LeafHash(got)).String() != one.Get("hash") {
			return fault.Refuse(fault.ClassProof, "the leaf commits to something else")
		}
		return nil
	})
}

// TestProofVectors runs testdata/vectors/proof. The section "path" holds hashes of 32 bytes one
// after the other. With proves: inclusion, the tree of size leaves and the root holds at the
// place leaf the hash in the line hash. With proves: consistency, it begins with old leaves
// whose root is in the line hash.
func TestProofVectors(t *testing.T) {
	var edge ledger.Edge
	tr := new(tree)
	tr.grow(t, &edge, 11)
	eleven := note.Hash(edge.Root()).String()
	inclusion, err := ledger.ProveInclusion(11, 5, tr)
	if err != nil {
		t.Fatal(err)
	}
	growth, err := ledger.ProveConsistency(11, 6, tr)
	if err != nil {
		t.Fatal(err)
	}
	leaf, six := note.Hash(ledger.LeafHash(commitment(5))).String(), note.Hash(root(t, 6)).String()
	path := func(hashes []tlog.Hash) string {
		var b strings.Builder
		for _, h := range hashes {
			b.Write(h[:])
		}
		return b.String()
	}
	v := vectors{section: "path"}
	add := func(name, expect, says, proves, at, size, hash string, hashes []tlog.Hash) {
		v.add(name, expect, says, path(hashes), "proves", proves, "at", at, "size", size, "root", eleven, "hash", hash)
	}
	add("ok-inclusion", vector.OK, "a leaf is in the tree", "inclusion", "5", "11", leaf, inclusion)
	add("ok-consistency", vector.OK, "the tree has only grown", "consistency", "6", "11", six, growth)
	add("ok-from-nothing", vector.OK, "every tree has grown out of none", "consistency", "0", "11", note.Hash(root(t, 0)).String(), nil)
	add("refused-place", "proof", "the leaf is at another place", "inclusion", "4", "11", leaf, inclusion)
	add("refused-beyond", "proof", "a leaf behind the last", "inclusion", "11", "11", leaf, inclusion)
	add("refused-leaf", "proof", "another leaf", "inclusion", "5", "11", six, inclusion)
	add("refused-size", "proof", "a tree of a size in which the path has another shape", "inclusion", "5", "6", leaf, inclusion)
	add("refused-short", "proof", "a path that lacks its end", "inclusion", "5", "11", leaf, inclusion[:len(inclusion)-1])
	add("refused-long", "proof", "a path that goes on", "inclusion", "5", "11", leaf, append(inclusion[:len(inclusion):len(inclusion)], inclusion[0]))
	add("refused-fork", "proof", "the old tree was another", "consistency", "6", "11", leaf, growth)
	add("refused-rollback", "proof", "the old tree was larger", "consistency", "12", "11", six, growth)
	add("refused-no-growth", "proof", "no path where there must be one", "consistency", "6", "11", six, nil)
	notetest.Run(t, "proof", v.all, checkProof)
}

func checkProof(one *vector.Vector) error {
	at, err1 := strconv.ParseInt(one.Get("at"), 10, 64)
	size, err2 := strconv.ParseInt(one.Get("size"), 10, 64)
	all, err3 := note.ParseHash(one.Get("root"))
	hash, err4 := note.ParseHash(one.Get("hash"))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return notetest.Broken(one, err)
	}
	var path []tlog.Hash
	for b := one.Bytes("path"); len(b) >= tlog.HashSize; b = b[tlog.HashSize:] {
		path = append(path, tlog.Hash(b[:tlog.HashSize]))
	}
	if one.Get("proves") == "inclusion" {
		return ledger.CheckInclusion(path, size, tlog.Hash(all), at, tlog.Hash(hash))
	}
	return ledger.CheckConsistency(path, size, tlog.Hash(all), at, tlog.Hash(hash))
}

// TestQuorumVectors runs testdata/vectors/quorum: the section "text" is read as a quorum.
func TestQuorumVectors(t *testing.T) {
	_, one := cosigner(t, "w1.example", 1)
	_, two := cosigner(t, "w2.example", 2)
	witnesses := "witness a " + one + "\nwitness b " + two + "\n"
	v := vectors{section: "text"}
	v.add("ok", vector.OK, "any of two witnesses", witnesses+"group one 1 a b\nquorum one\n")
	v.add("ok-all", vector.OK, "both, with a comment and a place to ask", "# the network's witnesses\n\nlog log.varco.example+"+logKeyOf(t, 1)+"\n"+
		"witness a "+one+" https://w1.example\nwitness b "+two+"\ngroup both all a b\nquorum both\n")
	v.add("ok-none", vector.OK, "no witness is needed", "quorum none\n")
	for name, c := range map[string]struct{ class, says, text string }{
		"no-quorum":   {"form", "nothing says who is enough", witnesses},
		"two-quorums": {"form", "two lines say who is enough", witnesses + "quorum a\nquorum b\n"},
		"stranger":    {"form", "a name that stands for nobody", witnesses + "quorum c\n"},
		"too-many":    {"form", "more than there are", witnesses + "group g 3 a b\nquorum g\n"},
		"twice":       {"duplicate", "one key under two names", "witness a " + one + "\nwitness b " + one + "\nquorum a\n"},
		"name-twice":  {"duplicate", "one name for two keys", "witness a " + one + "\nwitness a " + two + "\nquorum a\n"},
		"no-end":      {"form", "no end of line", "quorum none"},
		"key-changed": {"key", "a key that its hash does not fit", strings.Replace(witnesses, one[len(one)-6:], "AAAAAA", 1) + "quorum a\n"},
		"log-key":     {"key", "the key of a log where that of a witness belongs", "witness a log.varco.example+" + logKeyOf(t, 1) + "\nquorum a\n"},
	} {
		v.add("refused-"+name, c.class, c.says, c.text)
	}
	notetest.Run(t, "quorum", v.all, func(one *vector.Vector) error {
		_, err := ledger.ParseQuorum(string(one.Bytes("text")))
		return err
	})
}

// TestHeadVectors runs testdata/vectors/head: the head of the lines object, next and hash is at the
// place of the line position, in a tree of heads of the size and root in the lines of these names,
// by the path in the section "path".
func TestHeadVectors(t *testing.T) {
	heads := []ledger.Head{
		{Object: "o-8xby-uhs4-98h5-wsfv", Next: 2, Hash: note.Sum([]byte("a roster"))},
		{Object: "t-8xby-uhs4-98h5-wsfv", Next: 1, Hash: note.Sum([]byte("a header"))},
		{Object: "t-8xby-uhs4-98h5-wsfw", Next: 15, Hash: note.Sum([]byte("another header"))},
	}
	tree, err := ledger.NewHeads(heads)
	if err != nil {
		t.Fatal(err)
	}
	root, err := tree.Root()
	if err != nil {
		t.Fatal(err)
	}
	placed, found, err := tree.Of(heads[1].Object)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	var all []*vector.Vector
	add := func(name, expect, says string, change func(*ledger.Placed)) {
		p := placed
		change(&p)
		var path []byte
		for _, h := range p.Path {
			path = append(path, h[:]...)
		}
		all = append(all, vector.New(name, expect, says).Set("object", p.Object).Set("next", strconv.FormatInt(p.Next, 10)).
			Set("hash", p.Hash.String()).Set("position", strconv.FormatInt(p.Position, 10)).Set("size", strconv.FormatInt(p.Size, 10)).
			Set("root", root.String()).Attach("path", path))
	}
	add("ok", vector.OK, "the end of a thread", func(*ledger.Placed) {})
	add("refused-older", "proof", "fewer entries than were recorded", func(p *ledger.Placed) { p.Next, p.Hash = 0, note.Sum(nil) })
	add("refused-other-object", "proof", "another thread's end", func(p *ledger.Placed) { p.Object = heads[2].Object })
	add("refused-other-place", "proof", "another place", func(p *ledger.Placed) { p.Position = 2 })
	add("refused-outside", "proof", "a place behind the last", func(p *ledger.Placed) { p.Position = 3 })
	add("refused-cut", "proof", "a path that is cut", func(p *ledger.Placed) { p.Path = p.Path[1:] })
	notetest.Run(t, "head", all, func(v *vector.Vector) error {
		var p ledger.Placed
		p.Object = v.Get("object")
		var err error
		for key, to := range map[string]*int64{"next": &p.Next, "position": &p.Position, "size": &p.Size} {
			if *to, err = strconv.ParseInt(v.Get(key), 10, 64); err != nil {
				return notetest.Broken(v, err)
			}
		}
		if p.Hash, err = note.ParseHash(v.Get("hash")); err != nil {
			return notetest.Broken(v, err)
		}
		claimed, err := note.ParseHash(v.Get("root"))
		if err != nil {
			return notetest.Broken(v, err)
		}
		for path := v.Bytes("path"); len(path) >= 32; path = path[32:] {
			p.Path = append(p.Path, note.Hash(path[:32]))
		}
		return p.Check(claimed)
	})
}
