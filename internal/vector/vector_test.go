package vector_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/vector"
)

func sample(name string) *vector.Vector {
	return vector.New(name, "padding", "one byte that is not zero").
		Set("thread", "t-1").Set("empty", "").Set("thread", "t-2").
		Attach("file", bytes.Repeat([]byte("sealed "), 30)).Attach("nothing", nil)
}

func TestStoreLoad(t *testing.T) {
	folder := t.TempDir() + "/new"
	if _, err := vector.Load(folder); err == nil {
		t.Error("a folder without vectors was loaded")
	}
	if err := vector.Store(folder, []*vector.Vector{sample("gone")}); err != nil {
		t.Fatal(err)
	}
	if err := vector.Store(folder, []*vector.Vector{sample("b"), sample("a")}); err != nil {
		t.Fatal(err)
	}
	got, err := vector.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Name != "a" || got[1].Name != "b" {
		t.Fatalf("loaded %v", got)
	}
	v := got[0]
	if v.Expect != "padding" || v.Says != "one byte that is not zero" || v.Get("thread") != "t-2" ||
		v.Get("empty") != "" || !bytes.Equal(v.Bytes("file"), sample("a").Bytes("file")) || v.Bytes("other") != nil {
		t.Errorf("loaded %s", v.Format())
	}
	if diff := cmp.Diff([]string{"file", "nothing"}, v.Sections()); diff != "" {
		t.Errorf("sections (-want +got)\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	good := string(sample("x").Format())
	for name, text := range map[string]string{
		"empty":            "",
		"no expectation":   strings.Replace(good, "expect: padding\n", "", 1),
		"no line":          strings.Replace(good, "thread: t-2", "thread=t-2", 1),
		"a line twice":     strings.Replace(good, "thread: t-2", "thread: t-1\nthread: t-2", 1),
		"out of order":     "says: x\nexpect: ok\n",
		"base64":           strings.Replace(good, "c2VhbGVk", "c2V!bGVk", 1),
		"one base64 line":  strings.Replace(good, "\nc2VhbGVk", "\nc2Vh\nbGVk", 1),
		"a line end short": strings.TrimSuffix(good, "\n"),
	} {
		if text == good {
			t.Fatalf("%s: the test changes nothing", name)
		}
		if v, err := vector.Parse(name, []byte(text)); err == nil {
			t.Errorf("%s: accepted %s", name, v.Format())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample("x").Format())
	f.Add([]byte("expect: ok\nsays: nothing\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := vector.Parse("x", data)
		if err == nil && !bytes.Equal(v.Format(), data) {
			t.Fatalf("%q is printed as %q", data, v.Format())
		}
	})
}
