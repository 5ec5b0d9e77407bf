package authz_test

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/policies"
)

// folder is a copy of the network's policies that a test may change.
func folder(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	entries, err := fs.ReadDir(policies.Rules(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := fs.ReadFile(policies.Rules(), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		m[e.Name()] = &fstest.MapFile{Data: b}
	}
	return m
}

func TestLoadRefuses(t *testing.T) {
	const nothing = "@id(\"nothing\") forbid (principal, action, resource) when { false };\n"
	policy := func(text string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m["more.cedar"] = &fstest.MapFile{Data: []byte(text)} }
	}
	file := func(name string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m[name] = &fstest.MapFile{Data: []byte(nothing)} }
	}
	inSchema := func(old, changed string) func(fstest.MapFS) {
		return func(m fstest.MapFS) {
			text := string(m["schema.cedarschema"].Data)
			if !strings.Contains(text, old) {
				t.Fatalf("the schema has no %q", old)
			}
			m["schema.cedarschema"] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, changed, 1))}
		}
	}
	for _, test := range []struct {
		name   string
		change func(fstest.MapFS)
		want   string // "" loads
	}{
		{"one more policy is loaded", policy(nothing), ""},
		{"no schema", func(m fstest.MapFS) { delete(m, "schema.cedarschema") }, "policy schema"},
		{"no policy", func(m fstest.MapFS) {
			maps.DeleteFunc(m, func(name string, _ *fstest.MapFile) bool { return strings.HasSuffix(name, ".cedar") })
		}, "holds no policy"},
		{"another file", file("README.md"), "README.md: not a file that belongs"},
		{"an editor's copy", file("threads.cedar~"), "not a file that belongs"},
		{"a second schema", file("more.cedarschema"), "not a file that belongs"},
		{"upper case", file("More.cedar"), "not a file that belongs"},
		{"a folder", file("more/more.cedar"), "not a file that belongs"},
		{"a folder called like a file", file("more.cedar/more.cedar"), "not a file that belongs"},
		{"an empty file", policy("// nothing\n"), "holds no policy"},
		{"not Cedar", policy("allow all"), "more.cedar"},
		{"no id", policy("forbid (principal, action, resource);"), "needs an @id"},
		{"an id with a space", policy(strings.Replace(nothing, "nothing", "not hing", 1)), "needs an @id"},
		{"an id that exists", policy(strings.Replace(nothing, "nothing", "recuse", 1)), `second policy with the @id "recuse"`},
		{"two of an id in a file", policy(nothing + nothing), "second policy"},
		{"an unknown annotation", policy("@note(\"x\")\n" + nothing), "unknown annotation @note"},
		{"an answer that would tell", policy("@answer(\"conflict\")\n" + nothing), "can't have @answer"},
		{"an answer on a permit", policy("@answer(\"reason-required\")\n" + strings.Replace(nothing, "forbid", "permit", 1)),
			"can't have @answer"},
		{"an act that is not decided", policy(`@id("x") permit (principal, action == Action::"network.apply", resource);`),
			"unrecognized action"},
		{"an attribute that the schema does not have",
			policy(`@id("x") permit (principal, action, resource) when { principal.name == "Anna" };`), "name"},
		{"an optional attribute without has",
			policy(`@id("x") forbid (principal, action == Action::"thread.read", resource) when { context.reason == Reason::"new" };`), "reason"},
		{"a comparison of two types",
			policy(`@id("x") permit (principal, action, resource) when { principal.enrolled == "yes" };`), "not compatible"},
		{"a role that is misspelt",
			policy(`@id("x") permit (principal, action, resource) when { principal.roles.contains(Role::"oficer") };`),
			`no word Role::"oficer"`},
		{"one person's rule", policy(`@id("x") permit (principal == Person::"p-self", action, resource);`), `no word Person::"p-self"`},
		{"one organisation's rule",
			policy(`@id("x") permit (principal, action, resource) when { principal.organisation == Organisation::"o-ours" };`),
			`no word Organisation::"o-ours"`},
		{"a schema that is not one", inSchema("entity Thread", "entitle Thread"), "policy schema"},
		{"a schema with an act that the door does not know", inSchema(`action "audit.read"`, `action "audit.write"`), "no act"},
		{"a schema with an act that has no question", inSchema(`action "audit.read"`, `action "audit.read", "session.begin"`), "no question"},
		{"a schema without a fact that is stated", inSchema("steward: Bool,", ""), "Person"},
		{"a schema with a fact that is not stated", inSchema("steward: Bool,", "steward: Bool, age: Long,"), "Person"},
		{"a schema without a word that is stated", inSchema(`enum ["ledger"]`, `enum ["log"]`), `no Ledger "ledger"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := folder(t)
			test.change(m)
			_, err := authz.Load(m)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("error %v", err)
			case test.want != "" && err == nil:
				t.Error("was loaded")
			case test.want != "" && !strings.Contains(err.Error(), test.want):
				t.Errorf("error %q, want %q in it", err, test.want)
			}
		})
	}
}

func TestHash(t *testing.T) {
	first := load(t).Hash()
	if again := load(t).Hash(); again != first {
		t.Error("the same folder has two hashes")
	}
	var files []string
	for name := range folder(t) {
		files = append(files, name)
	}
	slices.Sort(files)
	text := "varco/v1 policy-set\n"
	for _, name := range files {
		b, err := fs.ReadFile(policies.Rules(), name)
		if err != nil {
			t.Fatal(err)
		}
		text += "file " + name + " " + note.Sum(b).String() + "\n"
	}
	if want := note.Sum([]byte(text)); first != want {
		t.Errorf("hash %v, want that of\n%s", first, text)
	}
	for name, change := range map[string]func(fstest.MapFS){
		"a comment":        func(m fstest.MapFS) { m["audit.cedar"].Data = append(m["audit.cedar"].Data, "// x\n"...) },
		"a schema comment": func(m fstest.MapFS) { m["schema.cedarschema"].Data = append(m["schema.cedarschema"].Data, "// x\n"...) },
		"another name":     func(m fstest.MapFS) { m["ledger.cedar"] = m["audit.cedar"]; delete(m, "audit.cedar") },
	} {
		m := folder(t)
		change(m)
		changed, err := authz.Load(m)
		if err != nil {
			t.Fatal(err)
		}
		if changed.Hash() == first {
			t.Errorf("%s: the same hash", name)
		}
	}
}

// TestErrorDenies: Cedar skips a policy that fails, so a forbid that fails would let through.
func TestErrorDenies(t *testing.T) {
	m := folder(t)
	m["broken.cedar"] = &fstest.MapFile{Data: []byte(`@id("broken")
forbid (principal, action == Action::"thread.read", resource)
when { resource.ownCase && 9223372036854775807 + 1 == 0 };`)}
	p, err := authz.Load(m)
	if err != nil {
		t.Fatal(err)
	}
	operator := authz.Facts{Act: act.ThreadRead, Person: self, Organisation: ours, Kind: act.Centre,
		Roles: []act.Role{act.Operator}, Enrolled: true, Thread: "t-one", ThreadKind: "inps", Seat: act.SeatCentre}
	if got := p.Decide(operator); !got.Allow || got.Errors != nil {
		t.Errorf("where it does not fail: %+v", got)
	}
	operator.OwnCase = true
	got := p.Decide(operator)
	if len(got.Errors) != 1 || !strings.Contains(got.Errors[0], "broken") {
		t.Errorf("errors %q", got.Errors)
	}
	got.Errors = nil
	if diff := cmp.Diff(authz.Decision{Policies: []string{"broken"}, Answer: fault.NotFound}, got); diff != "" {
		t.Errorf("decision (-want +got):\n%s", diff)
	}
	officer := authz.Facts{Act: act.ThreadRead, Person: self, Organisation: ours, Kind: act.INPS, OwnCase: true}
	got = p.Decide(officer)
	got.Errors = nil
	want := authz.Decision{Policies: []string{"broken", "reason-before-reading"}, Answer: fault.ReasonRequired}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decision beside a forbid (-want +got):\n%s", diff)
	}
}

func TestUnknownFactDenies(t *testing.T) {
	p := load(t)
	good := authz.Facts{Act: act.ThreadRead, Person: self, Organisation: ours, Kind: act.INPS,
		Roles: []act.Role{act.Officer}, Enrolled: true, Thread: "t-one", ThreadKind: "inps", Seat: act.SeatHolder,
		Reason: act.ReasonNew}
	if got := p.Decide(good); !got.Allow {
		t.Fatalf("%+v", got)
	}
	for name, change := range map[string]func(*authz.Facts){
		"no act":          func(f *authz.Facts) { f.Act = "" },
		"unknown act":     func(f *authz.Facts) { f.Act = "thread.burn" },
		"undecided act":   func(f *authz.Facts) { f.Act = act.SessionBegin },
		"nobody":          func(f *authz.Facts) { f.Person = "" },
		"no organisation": func(f *authz.Facts) { f.Organisation = "" },
		"kind":            func(f *authz.Facts) { f.Kind = "bank" },
		"role":            func(f *authz.Facts) { f.Roles = append(f.Roles, "director") },
		"empty role":      func(f *authz.Facts) { f.Roles = []act.Role{act.Officer, ""} },
		"thread kind":     func(f *authz.Facts) { f.ThreadKind = "public" },
		"seat":            func(f *authz.Facts) { f.Seat = "guest" },
		"reason":          func(f *authz.Facts) { f.Reason = "curious" },
		"entry kind":      func(f *authz.Facts) { f.Act = act.EntryAppend; f.EntryKind = "seal" },
		"no entry kind":   func(f *authz.Facts) { f.Act = act.EntryAppend },
		"target kind":     func(f *authz.Facts) { f.Act = act.CaseOpen; f.TargetKind = "bank" },
	} {
		f := good
		f.Roles = slices.Clone(good.Roles)
		change(&f)
		got := p.Decide(f)
		if got.Allow || got.Answer != fault.NotFound || len(got.Errors) != 1 || got.Policies != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestDecided: an act is either decided by policies or recorded by the service itself.
func TestDecided(t *testing.T) {
	p := load(t)
	var got []act.Act
	for _, a := range act.Acts {
		if !p.Decides(a) {
			got = append(got, a)
		}
	}
	want := []act.Act{act.SessionBegin, act.SessionUse, act.SessionLogout, act.NetworkApply, act.LedgerBegin, act.PolicyLoad, act.InvitationUse, act.RequestLimit,
		act.Heads}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("acts that no policy decides (-want +got):\n%s", diff)
	}
}

// TestWords: the schema's words are those of the vocabulary.
func TestWords(t *testing.T) {
	text, err := fs.ReadFile(policies.Rules(), "schema.cedarschema")
	if err != nil {
		t.Fatal(err)
	}
	var s schema.Schema
	if err := s.UnmarshalCedar(text); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for name, enum := range r.Enums {
		for _, uid := range enum.Values {
			got[string(name)] = append(got[string(name)], string(uid.ID))
		}
	}
	want := map[string][]string{
		"Role": texts(act.Roles), "Reason": texts(act.Reasons),
		"Kind": append(texts(act.Kinds), "none"), "Seat": append(texts(act.Seats), "none"),
		"ThreadKind": {"inps", "internal", "partner", "none"}, "EntryKind": texts(thread.Kinds),
		"Directory": {"network"}, "Ledger": {"ledger"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	reasons, err := policies.Reasons()
	if err != nil {
		t.Fatal(err)
	}
	var labelled []string
	for _, reason := range reasons {
		labelled = append(labelled, reason.Code)
	}
	if diff := cmp.Diff(texts(act.Reasons), labelled); diff != "" {
		t.Errorf("labelled reasons (-want +got):\n%s", diff)
	}
}

func texts[T ~string](all []T) []string {
	var s []string
	for _, one := range all {
		s = append(s, string(one))
	}
	return s
}

// FuzzLoad: whatever a file of policies holds, loading refuses it or decides by it, and
// never takes away a denial of somebody who isn't there.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"audit.cedar", "cases.cedar", "keys.cedar", "network.cedar", "threads.cedar"} {
		b, err := os.ReadFile("../../policies/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`@id("x") forbid (principal, action, resource) when { 9223372036854775807 + 1 == 0 };`))
	text, err := fs.ReadFile(policies.Rules(), "schema.cedarschema")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := fstest.MapFS{"schema.cedarschema": &fstest.MapFile{Data: text}, "fuzz.cedar": &fstest.MapFile{Data: b}}
		p, err := authz.Load(m)
		if err != nil {
			return
		}
		for _, a := range act.Acts {
			facts := authz.Facts{Act: a, Person: self, Organisation: ours, EntryKind: "message"}
			d := p.Decide(facts)
			if d.Allow == (d.Answer != "") || d.Allow && len(d.Errors) > 0 || d.Allow && len(d.Policies) == 0 {
				t.Errorf("%s: %+v", a, d)
			}
		}
		if d := p.Decide(authz.Facts{Act: act.AuditRead}); d.Allow {
			t.Error("nobody was allowed")
		}
	})
}
