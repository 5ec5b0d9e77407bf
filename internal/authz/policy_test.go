package authz_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/policies"
)

func load(t testing.TB) *authz.Policies {
	t.Helper()
	p, err := authz.Load(policies.Rules())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPolicies runs the policies' own tests: each says which policies decide it, and each
// policy must decide at least one.
func TestPolicies(t *testing.T) {
	p := load(t)
	files, err := filepath.Glob("../../policies/tests/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no policy tests", err)
	}
	idle := map[string]bool{}
	for _, id := range p.IDs() {
		idle[id] = true
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(archive.Files) == 0 {
			t.Errorf("%s holds no test", file)
		}
		names := map[string]bool{}
		for _, test := range archive.Files {
			if names[test.Name] {
				t.Errorf("%s: two tests are called %q", file, test.Name)
			}
			names[test.Name] = true
			t.Run(filepath.Base(file)+"/"+test.Name, func(t *testing.T) {
				facts, want, err := parseTest(string(test.Data))
				if err != nil {
					t.Fatal(err)
				}
				got := p.Decide(facts)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("decision (-want +got):\n%s", diff)
				}
				for _, id := range got.Policies {
					delete(idle, id)
				}
			})
		}
	}
	for id := range idle {
		t.Errorf("the policy %s decides no test", id)
	}
}

// Who asks in the policies' tests, and who else there is.
const (
	self    = ids.Person("p-self")
	another = ids.Person("p-another")
	ours    = ids.Organisation("o-ours")
	theirs  = ids.Organisation("o-theirs")
)

// parseTest reads the lines that policies/tests/cases.txtar explains.
func parseTest(text string) (authz.Facts, authz.Decision, error) {
	f := authz.Facts{Person: self, Organisation: ours}
	var d authz.Decision
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || seen[key] {
			return f, d, fmt.Errorf("the line %q has no value or repeats", line)
		}
		seen[key] = true
		if err := setFact(&f, &d, key, value); err != nil {
			return f, d, err
		}
	}
	if !seen["act"] || !seen["kind"] || !seen["decision"] {
		return f, d, fmt.Errorf("a test needs act, kind and decision")
	}
	if f.ThreadKind != "" {
		f.Thread = "t-one"
	}
	if !d.Allow && d.Answer == "" {
		d.Answer = fault.NotFound
	}
	return f, d, nil
}

func setFact(f *authz.Facts, d *authz.Decision, key, value string) error {
	flags := map[string]*bool{"enrolled": &f.Enrolled, "steward": &f.Steward, "invited": &f.Invited, "fresh": &f.Fresh,
		"holder-gone": &f.HolderGone, "substitutes": &f.Substitutes, "own-case": &f.OwnCase,
		"agreement": &f.AgreementInForce, "brings": &f.Brings}
	if flag, ok := flags[key]; ok {
		*flag = true
		return choice(value, "yes")
	}
	switch key {
	case "act":
		f.Act = act.Act(value)
	case "kind":
		f.Kind = act.Kind(value)
	case "roles":
		for role := range strings.SplitSeq(value, " ") {
			f.Roles = append(f.Roles, act.Role(role))
		}
	case "thread":
		f.ThreadKind = value
	case "seat":
		f.Seat = act.Seat(value)
	case "reason":
		f.Reason = act.Reason(value)
	case "entry":
		f.EntryKind = value
	case "closed-days":
		var err error
		f.ClosedDays, err = strconv.ParseInt(value, 10, 64)
		return err
	case "subject":
		f.Subject = map[string]ids.Person{"self": self, "colleague": another, "another": another}[value]
		f.SubjectOrganisation = map[string]ids.Organisation{"colleague": ours, "another": theirs}[value]
		return choice(value, "self", "colleague", "another")
	case "target":
		f.Target = map[string]ids.Organisation{"own": ours, "another": theirs}[value]
		return choice(value, "own", "another")
	case "target-kind":
		f.TargetKind = act.Kind(value)
	case "decision":
		d.Allow = value == "allow"
		return choice(value, "allow", "deny")
	case "by":
		d.Policies = strings.Split(value, " ")
	case "answer":
		d.Answer = fault.Kind(value)
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

func choice(value string, among ...string) error {
	for _, one := range among {
		if value == one {
			return nil
		}
	}
	return fmt.Errorf("%q is none of %q", value, among)
}
