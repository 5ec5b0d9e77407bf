package note_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	formats "github.com/transparency-dev/formats/note"
	sumdb "golang.org/x/mod/sumdb/note"

	"varco/internal/fault"
	"varco/internal/note"
)

const checkpointText = "log.example\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

var cosignedAt = time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)

func (p person) cosigner() note.Signer {
	return note.NewCosigner(p.Name(), p.private, func() time.Time { return cosignedAt.Add(300 * time.Millisecond) })
}

func (p person) cosigns() note.Verifier { return p.public.Cosigner(p.Name()) }

// line is a cosignature line by a person.
func (p person) line(t testing.TB, text string) string {
	t.Helper()
	line, err := note.SignLine(text, p.cosigner())
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestOpenCosigned(t *testing.T) {
	log, anna, bruna, carla := newPerson("log.example"), newPerson("anna.example"), newPerson("bruna.example"), newPerson("carla.example")
	signed, err := note.Sign(checkpointText, log)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := anna.line(t, checkpointText), bruna.line(t, checkpointText), carla.line(t, checkpointText)
	known := []note.Verifier{anna.cosigns(), carla.cosigns()}
	by := func(names ...string) []note.Cosigned {
		var all []note.Cosigned
		for _, name := range names {
			all = append(all, note.Cosigned{Name: name, At: cosignedAt})
		}
		return all
	}
	many := ""
	for i := range note.MaxCosignatures + 1 {
		many += newPerson(fmt.Sprintf("w%02d.example", i)).line(t, checkpointText)
	}
	plain, err := note.SignLine(checkpointText, anna)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		msg   string
		want  []note.Cosigned
		class fault.Class
	}{
		"none":                     {string(signed), nil, ""},
		"one":                      {string(signed) + a, by("anna.example"), ""},
		"in order":                 {string(signed) + a + c, by("anna.example", "carla.example"), ""},
		"unknown between":          {string(signed) + a + b + c, by("anna.example", "carla.example"), ""},
		"out of order":             {string(signed) + c + a, nil, fault.ClassSignature},
		"unknown out of order":     {string(signed) + b + a, nil, fault.ClassSignature},
		"twice":                    {string(signed) + a + a, nil, fault.ClassSignature},
		"one name, two keys":       {string(signed) + a + newPersonAs("anna.example", "else").line(t, checkpointText), nil, fault.ClassSignature},
		"above the log's":          {checkpointText + "\n" + a + strings.TrimPrefix(string(signed), checkpointText+"\n"), nil, fault.ClassSignature},
		"log's missing":            {checkpointText + "\n" + a, nil, fault.ClassSignature},
		"of another text":          {string(signed) + anna.line(t, "log.example\n8\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), nil, fault.ClassSignature},
		"a signature of the text":  {string(signed) + plain, nil, fault.ClassSignature},
		"unknown as long as names": {string(signed) + plain + a, nil, fault.ClassSignature},
		"too many":                 {string(signed) + many, nil, fault.ClassSignature},
		"no last line end":         {strings.TrimSuffix(string(signed)+a, "\n"), nil, fault.ClassSignature},
	} {
		text, got, err := note.OpenCosigned([]byte(test.msg), log.verifier, known)
		if test.class != "" {
			if fault.ClassOf(err) != test.class {
				t.Errorf("%s: %v, want class %s", name, err, test.class)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); err != nil || text != checkpointText || diff != "" {
			t.Errorf("%s: %q, %v (-want +got):\n%s", name, text, err, diff)
		}
	}
	// Every other note has its signers and no more.
	if _, err := note.Open([]byte(string(signed)+a), log.verifier); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("Open takes a cosigned note: %v", err)
	}
	all, err := note.AddCosignatures(signed, []string{c, b, a})
	if err != nil || string(all) != string(signed)+a+b+c {
		t.Errorf("AddCosignatures = %q, %v", all, err)
	}
	if _, err := note.AddCosignatures(signed, []string{a, a}); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("AddCosignatures takes one twice: %v", err)
	}
}

// What a program by others makes, we read; what we make, it reads.
func TestCosignaturesOfOthers(t *testing.T) {
	anna := newPerson("anna.example")
	vkey := note.CosignerKey("anna.example", anna.public)
	theirs, err := formats.NewVerifierForCosignatureV1(vkey)
	if err != nil {
		t.Fatal(err)
	}
	skey := fmt.Sprintf("PRIVATE+KEY+anna.example+%08x+%s", theirs.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{4}, anna.private.Seed()...)))
	signer, err := formats.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := note.ParseCosigner(vkey)
	if err != nil || ours.KeyHash() != theirs.KeyHash() || ours.KeyHash() != anna.cosigner().KeyHash() {
		t.Fatalf("ParseCosigner: %v, key id %08x, theirs %08x", err, ours.KeyHash(), theirs.KeyHash())
	}
	msg, err := sumdb.Sign(&sumdb.Note{Text: checkpointText}, signer)
	if err != nil {
		t.Fatal(err)
	}
	line, _, err := note.FindCosignature(checkpointText, strings.TrimPrefix(string(msg), checkpointText+"\n"), ours)
	if err != nil || !strings.HasSuffix(string(msg), line) {
		t.Errorf("FindCosignature in theirs: %q, %v", line, err)
	}
	if _, err := sumdb.Open([]byte(checkpointText+"\n"+anna.line(t, checkpointText)), sumdb.VerifierList(theirs)); err != nil {
		t.Errorf("they refuse ours: %v", err)
	}
	if _, err := formats.CoSigV1Timestamp(sumdb.Signature{Base64: strings.Fields(anna.line(t, checkpointText))[2]}); err != nil {
		t.Errorf("they read no time in ours: %v", err)
	}
}

func TestFindCosignature(t *testing.T) {
	anna, bruna := newPerson("anna.example"), newPerson("bruna.example")
	a, b := anna.line(t, checkpointText), bruna.line(t, checkpointText)
	for name, test := range map[string]struct {
		lines string
		class fault.Class
	}{
		"alone":       {a, ""},
		"after":       {b + a, ""},
		"before":      {a + "— what\n", ""},
		"none":        {b, fault.ClassSignature},
		"nothing":     {"", fault.ClassSignature},
		"another's":   {anna.line(t, "log.example\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), fault.ClassSignature},
		"not a line":  {"7\n" + a, fault.ClassSignature},
		"no line end": {strings.TrimSuffix(a, "\n"), fault.ClassSignature},
	} {
		line, by, err := note.FindCosignature(checkpointText, test.lines, anna.cosigns())
		if fault.ClassOf(err) != test.class || test.class == "" && (line != a || !by.At.Equal(cosignedAt)) {
			t.Errorf("%s: %q, %v, %v", name, line, by, err)
		}
	}
}

func TestParseCosigner(t *testing.T) {
	anna := newPerson("anna.example")
	good := note.CosignerKey("anna.example", anna.public)
	for name, vkey := range map[string]string{
		"a log's":       anna.vkey(),
		"nothing":       "",
		"no name":       strings.TrimPrefix(good, "anna.example"),
		"space":         strings.Replace(good, "anna.", "anna ", 1),
		"other hash":    strings.Replace(good, "+", "+0", 1),
		"with newline":  good + "\n",
		"other name":    strings.Replace(good, "anna", "anne", 1),
		"more":          good + "+1",
		"not printable": strings.Replace(good, "anna", "ann\x01", 1),
	} {
		if _, err := note.ParseCosigner(vkey); fault.ClassOf(err) != fault.ClassKey {
			t.Errorf("%s: %v, want class key", name, err)
		}
	}
}

func FuzzParseCosigner(f *testing.F) {
	f.Add(note.CosignerKey("anna.example", newPerson("anna.example").public))
	f.Add(newPerson("anna.example").vkey())
	f.Fuzz(func(t *testing.T, vkey string) {
		v, err := note.ParseCosigner(vkey)
		if err != nil {
			if fault.ClassOf(err) != fault.ClassKey {
				t.Errorf("class %q", fault.ClassOf(err))
			}
			return
		}
		if _, err := formats.NewVerifierForCosignatureV1(vkey); err != nil || v.Name() == "" {
			t.Errorf("others refuse %q: %v", vkey, err)
		}
	})
}

func FuzzOpenCosigned(f *testing.F) {
	log, anna := newPerson("log.example"), newPerson("anna.example")
	signed, err := note.Sign(checkpointText, log)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add([]byte(string(signed) + anna.line(f, checkpointText)))
	f.Add([]byte(string(signed) + anna.line(f, checkpointText) + newPerson("bruna.example").line(f, checkpointText)))
	known := []note.Verifier{anna.cosigns()}
	f.Fuzz(func(t *testing.T, msg []byte) {
		text, by, err := note.OpenCosigned(msg, log.verifier, known)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Errorf("no class: %v", err)
			}
			return
		}
		if text != checkpointText || len(by) > 1 {
			t.Errorf("opened %q, by %v", text, by)
		}
	})
}
