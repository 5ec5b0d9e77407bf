package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/httpapi"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

const documentFile = "../../docs/openapi.json"

func TestDocumentIsInTheTree(t *testing.T) {
	want, err := httpapi.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(documentFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/openapi.json is stale: go test ./internal/httpapi -run Document -update (-tree +routes):\n%s",
			cmp.Diff(strings.Split(string(got), "\n"), strings.Split(string(want), "\n")))
	}
}

type described struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
		Responses   map[string]any        `json:"responses"`
		Parameters  []struct{ In, Name string }
	} `json:"paths"`
}

func describe(t *testing.T) described {
	t.Helper()
	text, err := httpapi.Document()
	if err != nil {
		t.Fatal(err)
	}
	var d described
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// What stands in a path is read by its operation.
func TestPathsAreRead(t *testing.T) {
	inBraces := regexp.MustCompile(`\{(\w+)\}`)
	for path, methods := range describe(t).Paths {
		for method, op := range methods {
			var want, got []string
			for _, m := range inBraces.FindAllStringSubmatch(path, -1) {
				want = append(want, m[1])
			}
			for _, p := range op.Parameters {
				if p.In == "path" {
					got = append(got, p.Name)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-path +read):\n%s", method, path, diff)
			}
		}
	}
}

// Who has no session gets no further than these.
func TestOpenOperations(t *testing.T) {
	d := describe(t)
	if d.OpenAPI != "3.1.0" {
		t.Errorf("the document is of OpenAPI %s", d.OpenAPI)
	}
	var open []string
	for path, methods := range d.Paths {
		for method, op := range methods {
			if len(op.Security) == 0 {
				open = append(open, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(open)
	want := []string{"GET /healthz", "GET /problems/{kind}", "GET /readyz", "GET /v1/login", "GET /v1/login/callback", "GET /v1/login/page", "GET /v1/openapi.json",
		"GET /v1/service", "POST /v1/login/invitation", "POST /v1/login/logout", "POST /v1/session"}
	if diff := cmp.Diff(want, open); diff != "" {
		t.Errorf("open to everybody (-want +got):\n%s", diff)
	}
}
