package client_test

import (
	"slices"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/varcotest"
)

// TestProofLies: a receipt is proven, or it is not.
func TestProofLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	old := proof(t, n, v, 0)
	other := proof(t, n, v, 1)
	for name, c := range map[string]struct {
		change func(*api.Proof)
		class  fault.Class
	}{
		"another entry's proof":      {func(p *api.Proof) { *p = other }, fault.ClassProof},
		"another leaf's record":      {func(p *api.Proof) { p.Leaf.Text, p.Leaf.Salt = other.Leaf.Text, other.Leaf.Salt }, fault.ClassProof},
		"a changed record":           {func(p *api.Proof) { p.Leaf.Text = replace(p.Leaf.Text, "outcome allow", "outcome deny") }, fault.ClassProof},
		"another leaf under its own": {func(p *api.Proof) { i := p.Leaf.Index; p.Leaf = other.Leaf; p.Leaf.Index = i }, fault.ClassProof},
		"no path":                    {func(p *api.Proof) { p.Hashes = nil }, fault.ClassProof},
		"a path changed":             {func(p *api.Proof) { p.Hashes[0][0] ^= 1 }, fault.ClassProof},
		"an erased record":           {func(p *api.Proof) { p.Leaf.Text, p.Leaf.Salt = "", nil }, fault.ClassMissing},
		"no checkpoint":              {func(p *api.Proof) { p.Checkpoint = "" }, fault.ClassForm},
		"a checkpoint unsigned": {func(p *api.Proof) {
			p.Checkpoint = replace(p.Checkpoint, varcotest.Origin+"\n", "varco.example/other\n")
		}, fault.ClassSignature},
		"an older checkpoint":  {func(p *api.Proof) { *p = old }, fault.ClassRollback},
		"no proof of growth":   {func(p *api.Proof) { p.Consistency = nil }, fault.ClassFork},
		"growth of other logs": {func(p *api.Proof) { p.Consistency[0][0] ^= 1 }, fault.ClassFork},
	} {
		d := n.NewDevice(alba)
		if c.class == fault.ClassRollback || c.class == fault.ClassFork {
			d = n.Restart(n.Resident(alba).Device)
		}
		d.Wire.Lie = lie(t, to("GET", "/proof"), c.change)
		err := deceived(t, d, func() error { _, err := d.Client.VerifyReceipt(t.Context(), v.Entries[0].Receipt); return err })
		wantClass(t, name, err, c.class)
		d.Wire.Lie = nil
	}
	r := v.Entries[0].Receipt
	r.Header = note.Sum(nil)
	_, err := n.Person(alba).VerifyReceipt(t.Context(), r)
	wantClass(t, "a receipt of another header", err, fault.ClassProof)
}

// An answer that is not what it should be is refused, and never the device's end.
func TestGarbage(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	d := n.NewDevice(alba)
	u := n.Unlock(alba, d)
	conversation, err := u.ReadThread(t.Context(), opened.Thread.State.Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, garbage := range []string{"", "null", "[]", "{", `{"thread":1}`, `{"organisations":[{"id":"o-x"}]}`, `{"receipts":["x"]}`,
		`{"a":1,"a":2}`, strings.Repeat("[", 1000), `{"entries":[{"header":"","receipt":"","body":null}],"cards":[""],"next":9223372036854775807}`} {
		for _, status := range []int{200, 204, 302, 400, 404, 418, 500} {
			d.Wire.Lie = func(string, string, int, []byte) (int, []byte) { return status, []byte(garbage) }
			for what, act := range map[string]func() error{
				"a directory": func() error { _, err := u.Directory(t.Context()); return err },
				"a thread":    func() error { _, err := u.ReadThread(t.Context(), opened.Thread.State.Thread, ""); return err },
				"a receipt": func() error {
					_, err := u.Post(t.Context(), conversation, client.Content{Text: "x"})
					return err
				},
				"a proof":   func() error { _, err := u.VerifyReceipt(t.Context(), opened.Receipts[0]); return err },
				"a keyring": func() error { _, err := d.Client.Unlock(t.Context(), n.Resident(alba).Phrase); return err },
			} {
				if err := deceived(t, d, act); err == nil {
					t.Errorf("%d %.20q: %s", status, garbage, what)
				}
			}
		}
	}
}

// A sample is what its seed chooses of what could be drawn, or it is refused.
func TestSampleLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	d := n.NewDevice(quinto)
	wanted := api.DrawSample{Act: act.PersonRead, Count: 2}
	for range 5 {
		if _, err := n.Person(alba).Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	honest, err := d.Client.DrawSample(t.Context(), wanted)
	if err != nil || len(honest.Leaves) != 2 || honest.Matching < 5 {
		t.Fatalf("%+v, %v", honest, err)
	}
	if again := must(d.Client.DrawSample(t.Context(), wanted)); again.Seed == honest.Seed || again.Leaf <= honest.Leaf {
		t.Errorf("drawn again: %+v", again)
	}
	other := must(d.Client.Records(t.Context(), api.Search{Act: string(act.KeyringPut), Limit: 1})).Leaves[0]
	for name, c := range map[string]struct {
		change func(*api.Sample)
		want   fault.Class
	}{
		"another order":       {func(s *api.Sample) { slices.Reverse(s.Leaves) }, fault.ClassProof},
		"one too few":         {func(s *api.Sample) { s.Leaves = s.Leaves[:1] }, fault.ClassProof},
		"the same twice":      {func(s *api.Sample) { s.Leaves[1] = s.Leaves[0] }, fault.ClassProof},
		"drawn after":         {func(s *api.Sample) { s.Leaf = s.Until - 1 }, fault.ClassProof},
		"of another act":      {func(s *api.Sample) { s.Leaves[0] = other }, fault.ClassSubstitute},
		"from elsewhere":      {func(s *api.Sample) { s.From = s.Until }, fault.ClassSubstitute},
		"a record changed":    {func(s *api.Sample) { s.Leaves[0].Text += "x" }, fault.ClassProof},
		"another act's count": {func(s *api.Sample) { s.Act = act.KeyringPut }, fault.ClassProof},
	} {
		d.Wire.Lie = lie(t, to("POST", "/audit/samples"), c.change)
		_, err := d.Client.DrawSample(t.Context(), wanted)
		wantClass(t, name, err, c.want)
	}
	_, err = n.Person(alba).DrawSample(t.Context(), wanted)
	wantKind(t, "an operator draws", err, fault.NotFound)
}

// An auditor is handed every leaf, or told that one is missing; nobody else is handed any.
func TestAudit(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	_, err := n.Person(alba).BeginAudit(t.Context())
	wantKind(t, "an operator audits", err, fault.NotFound)
	d := n.NewDevice(quinto)
	a, err := d.Client.BeginAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*api.AuditPage){
		"a leaf left out": func(p *api.AuditPage) { p.Leaves = slices.Delete(p.Leaves, 5, 6) },
		"no leaves":       func(p *api.AuditPage) { p.Leaves = nil },
		"leaves twice":    func(p *api.AuditPage) { p.Leaves = append(p.Leaves, p.Leaves...) },
		"another place":   func(p *api.AuditPage) { p.Leaves[0].Index = 7 },
	} {
		d.Wire.Lie = lie(t, func(_, path string) bool { return strings.Contains(path, "/audit/leaves") }, change)
		wantClass(t, name, a.Leaves(t.Context(), func(api.AuditPage) error { return nil }), fault.ClassMissing)
	}
	d.Wire.Lie = lie(t, to("POST", "/audit/checkpoint"), func(c *api.Checkpoint) { c.Note = replace(c.Note, "\n\n", "\nx\n\n") })
	_, err = d.Client.BeginAudit(t.Context())
	wantClass(t, "a checkpoint changed", err, fault.ClassSignature)
}
