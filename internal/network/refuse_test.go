package network_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"varco/internal/network"
	"varco/internal/store/storetest"
)

// Where a refuge is, and where anybody lives, can't be written into a network file: no field
// takes it, whatever it is called, and a file that tries is refused whole.
func TestNoFieldForAnAddress(t *testing.T) {
	words := []string{"address", "indirizzo", "street", "via", "city", "comune", "town", "cap", "zip", "phone",
		"telefono", "mail", "email", "latitude", "coordinates", "place", "location", "ADDRESS", "Address"}
	for _, table := range []string{"[[organisation]]", "[[agreement]]", "[[agreement.term]]", "[[issuer]]", "[[invitation]]"} {
		for _, word := range words {
			text := strings.Replace(sample(), table+"\n", table+"\n"+word+" = \"CANARY\"\n", 1)
			if _, err := network.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s with %s: got %v, want that there is no such field", table, word, err)
			}
		}
	}
	if _, err := network.Parse([]byte(sample())); err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[network.File](), reflect.TypeFor[network.Organisation](),
		reflect.TypeFor[network.Agreement](), reflect.TypeFor[network.Invitation](), reflect.TypeFor[network.Term]()} {
		for i := range of.NumField() {
			for _, word := range words {
				if strings.EqualFold(of.Field(i).Name, word) {
					t.Errorf("%s has a field %s", of, of.Field(i).Name)
				}
			}
		}
	}
}

var refusals = map[string]struct{ old, new, want string }{
	"unknown field":        {`kind = "refuge"`, "kind = \"refuge\"\nnote = \"x\"", `no field "organisation.note"`},
	"unknown table":        {"[[issuer]]", "[[issuers]]", `no field "issuers"`},
	"capitals":             {`name = "CANARY-Centro"`, `Name = "CANARY-Centro"`, "lower case"},
	"no id":                {fmt.Sprintf("id = %q\nkind = \"centre\"", organisation("centre")), `kind = "centre"`, "varcod network id organisation"},
	"malformed id":         {string(agreement("framework")) + "\"\nname", "a-2222\"\nname", "identifier of a agreement"},
	"unknown kind":         {`kind = "centre"`, `kind = "office"`, "is none of"},
	"no name":              {`name = "CANARY-Centro"`, `name = ""`, "name is empty"},
	"hidden character":     {`"CANARY-Centro"`, `"CANARY\u200b"`, "do not show"},
	"province of a centre": {`name = "CANARY-Centro"`, "name = \"x\"\nprovince = \"MI\"", "and nobody else"},
	"office without":       {"province = \"MI\"\n", "", "has a province"},
	"province in full":     {`province = "MI"`, `province = "Milano"`, "two capital letters"},
	"territory":            {`["MI", "LO"]`, `["MI", "lo"]`, "two capital letters"},
	"territory twice":      {`["MI", "LO"]`, `["MI", "MI"]`, "twice"},
	"refuge without body":  {fmt.Sprintf("body = %q\n", organisation("centre")), "", "managing body"},
	"body is no centre":    {fmt.Sprintf("body = %q", organisation("centre")), fmt.Sprintf("body = %q", organisation("office")), "no centre"},
	"body unknown":         {fmt.Sprintf("body = %q", organisation("centre")), fmt.Sprintf("body = %q", organisation("else")), "no centre"},
	"party unknown":        {fmt.Sprintf("parties = [%q", organisation("centre")), fmt.Sprintf("parties = [%q", organisation("else")), "nobody knows its party"},
	"party is a refuge":    {fmt.Sprintf("parties = [%q", organisation("centre")), fmt.Sprintf("parties = [%q", organisation("refuge")), "is a refuge"},
	"one party":            {fmt.Sprintf("parties = [%q, ", organisation("centre")), "parties = [", "agrees with nobody"},
	"party twice":          {fmt.Sprintf("parties = [%q", organisation("centre")), fmt.Sprintf("parties = [%q", organisation("office")), "named twice"},
	"parent unknown":       {fmt.Sprintf("parent = %q", agreement("framework")), fmt.Sprintf("parent = %q", agreement("else")), "above it"},
	"own parent":           {fmt.Sprintf("parent = %q", agreement("framework")), fmt.Sprintf("parent = %q", agreement("local")), "own parent"},
	"three floors":         {`name = "CANARY-Quadro"`, fmt.Sprintf("name = \"x\"\nparent = %q", agreement("local")), "has one above itself"},
	"no term":              {"[[agreement.term]]\nfrom = 2025-03-27\nuntil = 2028-03-26\n", "", "no term"},
	"overlap":              {"from = 2026-03-27", "from = 2026-03-26", "overlap"},
	"backwards":            {"until = 2028-03-26", "until = 2025-03-26", "ends before"},
	"term without until":   {"until = 2028-03-26\n", "", "without from or until"},
	"date as text":         {"until = 2028-03-26", `until = "2028-03-26"`, "want a day"},
	"time of day":          {"until = 2028-03-26", "until = 2028-03-26T10:00:00Z", "want a day"},
	"issuer not https":     {"https://idp.example.org", "http://idp.example.org", "not https"},
	"issuer with query":    {"https://idp.example.org", "https://idp.example.org?x=1", "not https"},
	"issuer without rule":  {`acr = ["https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"]`, "", "nobody could sign in"},
	"acr in two lines":     {"SpidL2", `SpidL2\nx`, "printable word"},
	"no client id":         {`client_id = "varco"`, `client_id = ""`, "client id"},
	"over already":         {"until = 2026-12-31", "until = 2026-11-01", "is over"},
	"nobody's seat":        {fmt.Sprintf("organisation = %q", organisation("office")), fmt.Sprintf("organisation = %q", organisation("else")), "nobody knows its organisation"},
	"twice":                {string(organisation("office")) + "\"\nkind", string(organisation("centre")) + "\"\nkind", "in the file twice"},
	"two organisations":    {fmt.Sprintf("person = %q", person("officer")), fmt.Sprintf("person = %q", person("operator")), "by another organisation too"},
	"number for text":      {`client_id = "varco"`, `client_id = 1`, "client_id"},
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	for name, r := range refusals {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(sample(), r.old) {
				t.Fatalf("the sample has no %q", r.old)
			}
			if _, err := w.apply(t, strings.Replace(sample(), r.old, r.new, 1)); err == nil || !strings.Contains(err.Error(), r.want) {
				t.Errorf("got %v, want %q", err, r.want)
			}
		})
	}
	if records := storetest.Records(t, w.Store); len(records) != 0 {
		t.Errorf("a refused file was recorded: %v", records)
	}
}

// What cards, agreements and accounts rest on never changes.
func TestWhatNeverChanges(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(t, sample()); err != nil {
		t.Fatal(err)
	}
	before := len(storetest.Records(t, w.Store))
	for name, r := range map[string]struct{ old, new, want string }{
		"kind":   {"kind = \"inps\"\nname = \"CANARY-Sede\"\nprovince = \"MI\"", "kind = \"oversight\"\nname = \"CANARY-Sede\"", "its kind was inps"},
		"body":   {`kind = "inps"`, "kind = \"inps\"", ""},
		"parent": {fmt.Sprintf("parent = %q\n", agreement("framework")), "", "above it never changes"},
		"person": {fmt.Sprintf("person = %q", person("officer")), fmt.Sprintf("person = %q", person("else")), "it was"},
		"until":  {"until = 2026-12-31", "until = 2027-12-31", "last day never changes"},
		"seat": {fmt.Sprintf("id = %q\nperson = %q\norganisation = %q", invitation("officer"), person("officer"), organisation("office")),
			fmt.Sprintf("id = %q\nperson = %q\norganisation = %q", invitation("new"), person("officer"), organisation("centre")), "of another organisation"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(sample(), r.old, r.new, 1)
			if name == "body" {
				text = strings.Replace(text, fmt.Sprintf("body = %q", organisation("centre")), fmt.Sprintf("body = %q", organisation("other")), 1) +
					fmt.Sprintf("[[organisation]]\nid = %q\nkind = \"centre\"\nname = \"x\"\n", organisation("other"))
				r.want = "managing body never changes"
			}
			if _, err := w.apply(t, text); err == nil || !strings.Contains(err.Error(), r.want) {
				t.Errorf("got %v, want %q", err, r.want)
			}
		})
	}
	if after := len(storetest.Records(t, w.Store)); after != before {
		t.Errorf("%d records, want %d", after, before)
	}
}

// A file that names only what is new may refer to what was loaded before.
func TestPartOfANetwork(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(t, sample()); err != nil {
		t.Fatal(err)
	}
	applied, err := w.apply(t, fmt.Sprintf(`
[[invitation]]
id = %q
person = %q
organisation = %q
until = 2026-11-02
`, invitation("new"), person("new"), organisation("refuge")))
	if err != nil {
		t.Fatal(err)
	}
	if len(applied.Invitations) != 1 || applied.Invitations[0].Person != person("new") {
		t.Errorf("invited %v", applied.Invitations)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample()))
	f.Add([]byte(""))
	for _, r := range refusals {
		f.Add([]byte(strings.Replace(sample(), r.old, r.new, 1)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := network.Parse(text)
		if err != nil {
			return
		}
		for _, a := range file.Agreements {
			for _, term := range a.Terms {
				if !term.From.Begin().Before(term.Until.End()) {
					t.Errorf("a term from %s until %s", term.From, term.Until)
				}
			}
		}
		for _, i := range file.Invitations {
			if i.ID == "" || i.Person == "" || i.Organisation == "" || i.Until.IsZero() {
				t.Errorf("an invitation %+v", i)
			}
		}
	})
}
