package ledger_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

// full is a record with every line.
func full() ledger.Record {
	src := source(1)
	return ledger.Record{
		At: admitted, Act: act.EntryAppend, Outcome: act.Refuse, Person: ids.NewPerson(src),
		Organisation: ids.NewOrganisation(src), Roles: []act.Role{act.Coordinator, act.Operator},
		Session: ids.NewSession(src), Request: ids.NewRequest(src),
		Assurance: "https://www.spid.gov.it/SpidL2", Source: "kQ3-_x8", Object: string(ids.NewThread(src)),
		Entry: ids.NewEntry(src), Reason: act.ReasonAnswer, Policies: []string{"centre-writes", "frozen"},
		PolicySet: note.Sum([]byte("set")), Size: 1024, Hash: note.Sum([]byte("entry")),
		Head: note.Sum([]byte("head")), Class: fault.ClassSequence,
	}
}

const fullText = `varco/v1 record
at 2026-11-22T08:00:00.123Z
act entry.append
outcome refuse
person p-FULL
organisation o-FULL
role coordinator
role operator
session s-FULL
request q-FULL
assurance https://www.spid.gov.it/SpidL2
source kQ3-_x8
object t-FULL
entry e-FULL
reason answer
policy centre-writes
policy frozen
policy-set SET=
size 1024
hash HASH=
head HEAD=
class sequence
`

func TestRecordText(t *testing.T) {
	r := full()
	want := strings.NewReplacer("p-FULL", string(r.Person), "o-FULL", string(r.Organisation), "s-FULL",
		string(r.Session), "q-FULL", string(r.Request), "t-FULL", r.Object, "e-FULL", string(r.Entry),
		"SET=", r.PolicySet.String(), "HASH=", r.Hash.String(), "HEAD=", r.Head.String()).Replace(fullText)
	got, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("Text (-want +got):\n%s", diff)
	}
	least := ledger.Record{At: admitted, Act: act.LedgerBegin, Outcome: act.Allow}
	want = "varco/v1 record\nat 2026-11-22T08:00:00.123Z\nact ledger.begin\noutcome allow\n"
	if got, err = least.Text(); err != nil || got != want {
		t.Fatalf("Text = %q, %v, want %q", got, err, want)
	}
}

// The order in which roles and policies come, and one that comes twice, make no
// difference; nor does what is less than a millisecond, or another zone.
func TestRecordHasOneSpelling(t *testing.T) {
	r := full()
	want, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	r.Roles = []act.Role{act.Operator, act.Coordinator, act.Operator}
	r.Policies = []string{"frozen", "centre-writes", "frozen"}
	r.At = r.At.Add(999 * time.Microsecond).In(time.FixedZone("CET", 3600))
	got, err := r.Text()
	if err != nil || got != want {
		t.Fatalf("Text = %q, %v, want %q", got, err, want)
	}
	if r.Roles[0] != act.Operator {
		t.Fatal("Text sorted the roles of its receiver")
	}
}

func TestRandomRecordsComeBack(t *testing.T) {
	src := source(2)
	rng := rand.New(src)
	for range 2000 {
		want := random(rng, src)
		text, err := want.Text()
		if err != nil {
			t.Fatalf("Text of %+v: %v", want, err)
		}
		got, err := ledger.ParseRecord(text)
		if err != nil {
			t.Fatalf("ParseRecord(%q): %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("ParseRecord (-want +got):\n%s", diff)
		}
	}
}

// random draws a record in which each line is there or not.
func random(rng *rand.Rand, src *rand.ChaCha8) ledger.Record {
	r := full()
	r.At = time.UnixMilli(rng.Int64N(4e12)).UTC()
	r.Act, r.Outcome = act.Acts[rng.IntN(len(act.Acts))], act.Outcomes[rng.IntN(len(act.Outcomes))]
	r.Size = rng.Int64()
	r.Reason = act.Reasons[rng.IntN(len(act.Reasons))]
	objects := []string{string(ids.NewPerson(src)), string(ids.NewOrganisation(src)), string(ids.NewCase(src)),
		string(ids.NewThread(src)), string(ids.NewEntry(src)), string(ids.NewSession(src)), string(ids.NewLock(src)),
		string(ids.NewAgreement(src)), string(ids.NewInvitation(src)), string(ids.NewBlob(src))}
	r.Object = objects[rng.IntN(len(objects))]
	r.Roles = nil
	for _, role := range slices.Sorted(slices.Values(act.Roles)) {
		if rng.IntN(2) == 0 {
			r.Roles = append(r.Roles, role)
		}
	}
	for _, drop := range []func(){
		func() { r.Person = "" }, func() { r.Organisation = "" }, func() { r.Session = "" },
		func() { r.Request = "" }, func() { r.Assurance = "" }, func() { r.Source = "" },
		func() { r.Object = "" }, func() { r.Entry = "" }, func() { r.Reason = "" },
		func() { r.Policies = nil }, func() { r.PolicySet = note.Hash{} }, func() { r.Size = 0 },
		func() { r.Hash = note.Hash{} }, func() { r.Head = note.Hash{} }, func() { r.Class = "" },
	} {
		if rng.IntN(2) == 0 {
			drop()
		}
	}
	return r
}

func TestTextRefuses(t *testing.T) {
	many := make([]string, 65)
	for i := range many {
		many[i] = "policy-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	long := strings.Repeat("x", 200)
	for name, test := range map[string]struct {
		change func(*ledger.Record)
		want   fault.Class
	}{
		"no time":              {func(r *ledger.Record) { r.At = time.Time{} }, fault.ClassForm},
		"year 10000":           {func(r *ledger.Record) { r.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, fault.ClassForm},
		"year before one":      {func(r *ledger.Record) { r.At = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) }, fault.ClassForm},
		"no act":               {func(r *ledger.Record) { r.Act = "" }, fault.ClassForm},
		"unknown act":          {func(r *ledger.Record) { r.Act = "entry.steal" }, fault.ClassUnknown},
		"no outcome":           {func(r *ledger.Record) { r.Outcome = "" }, fault.ClassForm},
		"unknown outcome":      {func(r *ledger.Record) { r.Outcome = "perhaps" }, fault.ClassUnknown},
		"unknown role":         {func(r *ledger.Record) { r.Roles = []act.Role{"queen"} }, fault.ClassUnknown},
		"unknown reason":       {func(r *ledger.Record) { r.Reason = "curious" }, fault.ClassUnknown},
		"a name as person":     {func(r *ledger.Record) { r.Person = "Rossi" }, fault.ClassForm},
		"organisation":         {func(r *ledger.Record) { r.Organisation = ids.Organisation(r.Person) }, fault.ClassForm},
		"session":              {func(r *ledger.Record) { r.Session = "token" }, fault.ClassForm},
		"request":              {func(r *ledger.Record) { r.Request = "q-1\nact x" }, fault.ClassForm},
		"entry":                {func(r *ledger.Record) { r.Entry = "e-" }, fault.ClassForm},
		"a mail address":       {func(r *ledger.Record) { r.Object = "anna@example.org" }, fault.ClassForm},
		"a request as object":  {func(r *ledger.Record) { r.Object = string(r.Request) }, fault.ClassForm},
		"an IPv4 address":      {func(r *ledger.Record) { r.Source = "192.0.2.7" }, fault.ClassForm},
		"an IPv6 address":      {func(r *ledger.Record) { r.Source = "2001:db8::7" }, fault.ClassForm},
		"assurance of two":     {func(r *ledger.Record) { r.Assurance = "pwd otp" }, fault.ClassForm},
		"assurance with line":  {func(r *ledger.Record) { r.Assurance = "x\noutcome allow" }, fault.ClassForm},
		"assurance not ASCII":  {func(r *ledger.Record) { r.Assurance = "è" }, fault.ClassForm},
		"assurance not UTF-8":  {func(r *ledger.Record) { r.Assurance = "\xff" }, fault.ClassForm},
		"long assurance":       {func(r *ledger.Record) { r.Assurance = long + long }, fault.ClassForm},
		"policy with a space":  {func(r *ledger.Record) { r.Policies = []string{"a b"} }, fault.ClassForm},
		"empty policy":         {func(r *ledger.Record) { r.Policies = []string{""} }, fault.ClassForm},
		"too many policies":    {func(r *ledger.Record) { r.Policies = many }, fault.ClassForm},
		"too long altogether":  {func(r *ledger.Record) { r.Policies = lengthen(many[:30], long) }, fault.ClassSize},
		"negative size":        {func(r *ledger.Record) { r.Size = -1 }, fault.ClassForm},
		"class that is a text": {func(r *ledger.Record) { r.Class = "not next" }, fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			r := full()
			test.change(&r)
			_, err := r.Text()
			wantClass(t, err, test.want)
		})
	}
}

func lengthen(words []string, by string) []string {
	longer := make([]string, len(words))
	for i, word := range words {
		longer[i] = word + by
	}
	return longer
}

// An error never repeats a value: it may be what must not be written down.
func TestRefusalKeepsTheValueToItself(t *testing.T) {
	r := full()
	r.Object = "CANARY@example.org"
	if _, err := r.Text(); err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Fatalf("Text: %v", err)
	}
}

func TestParseRecordRefuses(t *testing.T) {
	good, err := full().Text()
	if err != nil {
		t.Fatal(err)
	}
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the record", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	zero := note.Hash{}.String()
	for name, test := range map[string]struct {
		text string
		want fault.Class
	}{
		"empty":             {"", fault.ClassForm},
		"another kind":      {swap("v1 record", "v1 receipt"), fault.ClassForm},
		"no last line end":  {strings.TrimSuffix(good, "\n"), fault.ClassForm},
		"second line end":   {good + "\n", fault.ClassForm},
		"CRLF":              {strings.ReplaceAll(good, "\n", "\r\n"), fault.ClassForm},
		"unknown line":      {good + "mood good\n", fault.ClassForm},
		"line twice":        {swap("act entry.append\n", "act entry.append\nact entry.append\n"), fault.ClassForm},
		"reordered":         {swap("size 1024\n", "") + "size 1024\n", fault.ClassForm},
		"roles unsorted":    {swap("role coordinator\nrole operator\n", "role operator\nrole coordinator\n"), fault.ClassForm},
		"role twice":        {swap("role operator\n", "role operator\nrole operator\n"), fault.ClassForm},
		"two roles a line":  {swap("role operator\n", "role operator partner\n"), fault.ClassForm},
		"two spaces":        {swap("act entry", "act  entry"), fault.ClassForm},
		"space at the end":  {swap("size 1024\n", "size 1024 \n"), fault.ClassForm},
		"empty value":       {swap("size 1024\n", "size \n"), fault.ClassForm},
		"size zero":         {swap("size 1024\n", "size 0\n"), fault.ClassForm},
		"size +":            {swap("size 1024\n", "size +1024\n"), fault.ClassForm},
		"size 01024":        {swap("size 1024\n", "size 01024\n"), fault.ClassForm},
		"zero hash":         {swap("hash "+full().Hash.String(), "hash "+zero), fault.ClassForm},
		"short hash":        {swap("hash "+full().Hash.String(), "hash AA=="), fault.ClassForm},
		"time without ms":   {swap(".123Z", "Z"), fault.ClassForm},
		"time in a zone":    {swap(".123Z", ".123+00:00"), fault.ClassForm},
		"no act":            {swap("act entry.append\n", ""), fault.ClassForm},
		"newer act":         {swap("act entry.append", "act entry.sing"), fault.ClassUnknown},
		"newer role":        {swap("role operator", "role overseer"), fault.ClassUnknown},
		"newer reason":      {swap("reason answer", "reason audit"), fault.ClassUnknown},
		"newer outcome":     {swap("outcome refuse", "outcome defer"), fault.ClassUnknown},
		"over the limit":    {swap("SpidL2", strings.Repeat("x", ledger.MaxRecordBytes)), fault.ClassSize},
		"mistyped person":   {swap("person "+string(full().Person), "person p-2222-2222-2222-2223"), fault.ClassForm},
		"policies over max": {swap("policy frozen\n", strings.Repeat("policy frozen\n", 65)), fault.ClassSize},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ledger.ParseRecord(test.text)
			wantClass(t, err, test.want)
		})
	}
}

func FuzzParseRecord(f *testing.F) {
	src := source(3)
	rng := rand.New(src)
	for range 20 {
		text, err := random(rng, src).Text()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ledger.ParseRecord(text)
		if err != nil {
			if fault.KindOf(err) != fault.Refused || fault.ClassOf(err) == "" {
				t.Fatalf("refused without a class: %v", err)
			}
			return
		}
		if again, err := r.Text(); err != nil || again != text {
			t.Fatalf("%q comes back as %q, %v", text, again, err)
		}
	})
}

func BenchmarkRecordText(b *testing.B) {
	r := full()
	for b.Loop() {
		if _, err := r.Text(); err != nil {
			b.Fatal(err)
		}
	}
}
