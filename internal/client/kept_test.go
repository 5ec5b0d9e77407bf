package client_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/seal"
	"varco/internal/varcotest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	openCase(t, n)
	m, err := n.Resident(alba).Device.Memory.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m.Person != n.ID(alba) || m.Keyring != 1 || len(m.Threads) != 2 || len(m.Rosters) != 4 || len(m.Cards) == 0 {
		t.Fatalf("what Alba's device remembers: %+v", m)
	}
	kept, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.ParseMemory(kept)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, again); diff != "" {
		t.Errorf("after a restart (-kept +read):\n%s", diff)
	}
	for _, text := range []string{"", "null ", "[]", `{"newer":1}`, `{"keyring":"1"}`, `{"threads":{"x":{"next":1,"hash":""}}}`} {
		if _, err := client.ParseMemory([]byte(text)); fault.ClassOf(err) != fault.ClassForm && text != "null " {
			t.Errorf("ParseMemory(%q): %v", text, err)
		}
	}

	// A device is one person's in one network.
	d := n.Resident(alba).Device
	d.Memory, d.Wire = n.Resident(bruna).Device.Memory, n.Wire(alba)
	_, err = n.Restart(d).Client.Me(t.Context())
	wantClass(t, "Alba on Bruna's device", err, fault.ClassSubstitute)
	m.Origin = "other.example"
	if err := d.Memory.Save(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	_, err = n.Restart(d).Client.Me(t.Context())
	wantClass(t, "a device of another network", err, fault.ClassSubstitute)
}

func FuzzParseMemory(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"origin":"log.example","person":"p-xb28-vtqc-b6zj-w9de","keyring":1,"rosters":{},"checkpoint":"x"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := client.ParseMemory(b)
		if err != nil {
			return
		}
		kept, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := client.ParseMemory(kept)
		if err != nil || cmp.Diff(m.Threads, again.Threads) != "" || m.Person != again.Person {
			t.Fatalf("%q is read back as another memory: %v", b, err)
		}
	})
}

func TestContent(t *testing.T) {
	for text, want := range map[string]fault.Class{
		`{"text":"ciao"}`:                     "",
		`{"text":""}`:                         "",
		`{}`:                                  "",
		`{"text":"ciao","blobs":[]}`:          fault.ClassUnknown,
		`{"text":"","exclude":[{"why":"x"}]}`: fault.ClassUnknown,
		`{"Text":"ciao"}`:                     fault.ClassUnknown,
		`{"text":"ciao","text":"addio"}`:      fault.ClassForm,
		`{"text":1}`:                          fault.ClassForm,
		`{"text":"ciao"} `:                    "",
		`{"text":"ciao"}{}`:                   fault.ClassForm,
		"{\"text\":\"\xff\"}":                 fault.ClassForm,
		`"ciao"`:                              fault.ClassForm,
		``:                                    fault.ClassForm,
	} {
		if _, err := client.ParseContent([]byte(text)); fault.ClassOf(err) != want {
			t.Errorf("ParseContent(%q): got %v, want class %q", text, err, want)
		}
	}
	b, err := client.Content{Text: "più «forte» \u2028"}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := client.ParseContent(b); err != nil || c.Text != "più «forte» \u2028" {
		t.Errorf("a content is read back as %q, %v", c.Text, err)
	}
	if _, err := (client.Content{Text: "\xff"}).Bytes(); err == nil {
		t.Error("a text that is not UTF-8 was written")
	}
}

func FuzzParseContent(f *testing.F) {
	f.Add([]byte(`{"text":"ciao"}`))
	f.Add([]byte(`{"text":"ciao","blobs":[]}`))
	f.Add([]byte(`{"text":"","items":["un documento"],"reference":"INPS.1","exclude":[{"organisation":"o-1","lift":true}]}`))
	f.Add([]byte(`{"text":"","exclude":[{}]}`))
	f.Add([]byte(`{"text":"","attachments":[{}]}`))
	key, err := seal.NewBlobKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"text":"","attachments":[{"blob":"` + string(ids.NewBlob(rng("blob"))) + `","identity":"` + key.Reveal() +
		`","name":"a.pdf","type":"application/pdf","size":3}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := client.ParseContent(b)
		if err != nil {
			return
		}
		again, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		d, err := client.ParseContent(again)
		if err != nil || bytes.Contains(again, []byte("\n")) {
			t.Fatalf("%q is printed as %q, %v", b, again, err)
		}
		if twice, err := d.Bytes(); err != nil || !bytes.Equal(twice, again) {
			t.Fatalf("%q is printed as %q and then as %q, %v", b, again, twice, err)
		}
	})
}
