package house_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/house"
)

const small = `# The house
## Floors
| floor | package | is |
|---|---|---|
| 0 | internal/ids | names |
| 1 | internal/seal | opens — CLIENT |
| 1 | internal/store | SQL |
| 2 | cmd/varcod | the service |
| 2 | dev/demo | a demo |

## Gates
| import | only by |
|---|---|
| filippo.io/age | internal/seal, dev/... |

## Links
| program | built for | links none of |
|---|---|---|
| cmd/varcod | - | CLIENT, net/http, *yaml* |
`

func plan(t *testing.T) *house.Plan {
	t.Helper()
	p, err := house.ReadPlan(small)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadPlan(t *testing.T) {
	want := &house.Plan{
		Floors: map[string]house.Floor{
			"internal/ids":   {},
			"internal/seal":  {Level: 1, Client: true},
			"internal/store": {Level: 1},
			"cmd/varcod":     {Level: 2},
			"dev/demo":       {Level: 2},
		},
		Gates: []house.Gate{{Import: "filippo.io/age", Only: []string{"internal/seal", "dev/..."}}},
		Links: []house.Link{{Program: "cmd/varcod", None: []string{"CLIENT", "net/http", "*yaml*"}}},
	}
	if diff := cmp.Diff(want, plan(t)); diff != "" {
		t.Error(diff)
	}
}

func TestReadPlanRefuses(t *testing.T) {
	for name, change := range map[string][2]string{
		"a floor that is no number":     {"| 0 | internal/ids", "| ground | internal/ids"},
		"a missing cell":                {"| 0 | internal/ids | names |", "| 0 | internal/ids |"},
		"an empty cell":                 {"| names |", "|  |"},
		"a package twice":               {"internal/store | SQL", "internal/ids | SQL"},
		"a gate for an unknown package": {"age | internal/seal", "age | internal/sael"},
		"a link of an unknown program":  {"| cmd/varcod | -", "| cmd/varcd | -"},
		"no links":                      {"| cmd/varcod | - | CLIENT, net/http, *yaml* |\n", ""},
		"a renamed section":             {"## Gates", "## Doors"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(small, change[0], change[1], 1)
			if text == small {
				t.Fatal("nothing was changed")
			}
			if _, err := house.ReadPlan(text); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		imports house.Imports
		want    []string
	}{
		"all well": {
			house.Imports{
				"internal/ids":  {"fmt"},
				"internal/seal": {"internal/ids", "filippo.io/age/armor"},
				"dev/demo":      {"filippo.io/age", "internal/seal"},
			}, nil,
		},
		"upwards": {
			house.Imports{"internal/ids": {"internal/seal"}},
			[]string{"internal/ids (floor 0) imports internal/seal (floor 1)"},
		},
		"sideways": {
			house.Imports{"internal/store": {"internal/seal"}},
			[]string{"internal/store (floor 1) imports internal/seal (floor 1)"},
		},
		"no floor": {
			house.Imports{"internal/util": {"fmt"}},
			[]string{"internal/util has no floor in docs/house.md"},
		},
		"through a gate": {
			house.Imports{"internal/store": {"filippo.io/age"}},
			[]string{"internal/store imports filippo.io/age, which is only for internal/seal, dev/..."},
		},
		"below a gate": {
			house.Imports{"internal/store": {"filippo.io/age/armor"}},
			[]string{"internal/store imports filippo.io/age/armor, which is only for internal/seal, dev/..."},
		},
		"beside a gate": {house.Imports{"internal/store": {"filippo.io/agent"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, plan(t).Check(test.imports)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForbidden(t *testing.T) {
	p := plan(t)
	linked := []string{"fmt", "internal/ids", "internal/seal", "net/http/httptrace", "net/httputil", "gopkg.in/yaml.v3"}
	want := []string{"internal/seal", "net/http/httptrace", "gopkg.in/yaml.v3"}
	if diff := cmp.Diff(want, p.Forbidden(p.Links[0], linked)); diff != "" {
		t.Error(diff)
	}
}
