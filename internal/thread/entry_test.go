package thread_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// good returns an entry of each kind and side that may follow in its thread, by name, with
// the thread before it and its author.
func good(t testing.TB) map[string]sample {
	t.Helper()
	c := threadtest.NewCast(t)
	th := c.Begin(t, "good")
	th.Must(t, th.Draft("anna", thread.Rekey), "anna")
	inside := c.New("good inside")
	inside.Must(t, inside.Opening("anna", thread.Internal, "anna centre", "bruna centre"), "anna")
	request := th.Draft("anna", thread.Request)
	request.Due, request.Blobs = "2026-11-30", threadtest.Blobs("good", 3)
	resolved := th.Standing("carla", thread.PhaseResolved, act.Centre, "DONE")
	resolved.Body = threadtest.Sealed("words")
	return map[string]sample{
		"open inps": {c.New("inps"), "anna",
			c.New("inps").Opening("anna", thread.INPS, "anna centre", "bruna centre", "carla holder", "dora substitute")},
		"open internal": {c.New("internal"), "anna", c.New("internal").Opening("anna", thread.Internal, "anna centre")},
		"open partner": {c.New("partner"), "bruna",
			c.New("partner").Opening("bruna", thread.Partner, "anna centre", "bruna centre", "fulvia partner", "gina partner")},
		"message": {th.Copy(), "carla", th.Draft("carla", thread.Message)},
		"rekey":   {th.Copy(), "dora", th.Draft("dora", thread.Rekey)},
		"recuse":  {th.Copy(), "carla", th.Draft("carla", thread.Recuse)},

		"request":         {th.Copy(), "anna", request},
		"request someday": {th.Copy(), "dora", th.Draft("dora", thread.Request)},
		"members":         {th.Copy(), "anna", th.Change("anna", "anna centre", "berta centre", "dora holder")},
		"grant":           {th.Copy(), "dora", th.Grant("dora", c.People["anna"], 1, 2)},
		"grant a card":    {th.Copy(), "dora", th.Grant("dora", c.Other(t, "anna"))},
		"status":          {th.Copy(), "anna", th.Standing("anna", thread.PhaseOpen, act.INPS, "")},
		"status in words": {th.Copy(), "carla", resolved},
		"link":            {inside.Copy(), "bruna", inside.Draft("bruna", thread.Link)},
		"exclude":         {inside.Copy(), "anna", inside.Draft("anna", thread.Exclude)},
	}
}

type sample struct {
	*threadtest.Thread
	by string
	e  thread.Entry
}

func (s sample) sign(t testing.TB) []byte {
	t.Helper()
	header, err := thread.Sign(s.e, s.People[s.by].Signer)
	if err != nil {
		t.Fatal(err)
	}
	return header
}

func TestEntryRoundTrip(t *testing.T) {
	for name, s := range good(t) {
		t.Run(name, func(t *testing.T) {
			header := s.sign(t)
			got, err := thread.Parse(header)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s.e, *got, cmpopts.IgnoreUnexported(thread.Entry{})); diff != "" {
				t.Errorf("read (-want +got)\n%s", diff)
			}
			if got.Hash() != note.Sum(header) || !s.e.Hash().IsZero() {
				t.Error("the hash is not that of the whole header")
			}
			if err := s.Take(header, s.Now); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSaw(t *testing.T) {
	e := good(t)["message"].e
	office, centre := cardtest.Organisation(threadtest.Office), cardtest.Organisation(threadtest.Centre)
	if got := e.Saw(office); got != e.Rosters[0] {
		t.Errorf("saw %v", got)
	}
	if got := e.Saw(centre); got != (thread.Seen{Organisation: centre}) {
		t.Errorf("saw %v, which the entry does not name", got)
	}
}

// classes of edits to lines that are not of the form alone.
var classes = map[string]string{
	"two spaces in epoch-key": "key", "space after epoch-key": "key",
	// These lines may be there any number of times; what is missing is State's business.
	"missing roster": "ok", "missing grant": "ok", "missing member": "ok", "missing give": "ok", "missing blob": "ok",
}

// TestEntryLines: nothing can be done to a header's lines, even by who signs it.
func TestEntryLines(t *testing.T) {
	for name, s := range good(t) {
		text := notetest.Text(t, s.sign(t))
		for _, edit := range notetest.Edits(text) {
			t.Run(name+" "+edit.Name, func(t *testing.T) {
				want := "form"
				if class, ok := classes[edit.Name]; ok && (name != "open internal" || edit.Name != "missing member") {
					want = class
				}
				_, err := thread.Parse(notetest.Sign(t, edit.Apply(t, text), s.People[s.by].Signer))
				if notetest.Verdict(err) != want {
					t.Errorf("got %v, want %s", err, want)
				}
			})
		}
	}
}

// TestKindsToCome: what a newer program writes is not taken for something tampered with.
func TestKindsToCome(t *testing.T) {
	s := good(t)["message"]
	text := notetest.Text(t, s.sign(t))
	for _, kind := range []string{"identity", "disclosure", "approve", "withdraw", "freeze", "thaw", "appointment"} {
		changed := strings.Replace(text, "kind message", "kind "+kind, 1)
		_, err := thread.Parse(notetest.Sign(t, changed+"more lines\n", s.People[s.by].Signer))
		threadtest.Refused(t, err, fault.ClassUnknown)
	}
	for _, kind := range []string{"Message", "message2", "a b", "messageé", strings.Repeat("a", 33)} {
		changed := strings.Replace(text, "kind message", "kind "+kind, 1)
		_, err := thread.Parse([]byte(changed + "\n— x AAAAAAA=\n"))
		threadtest.Refused(t, err, fault.ClassForm)
	}
	s.e.Kind = "freeze"
	_, err := thread.Sign(s.e, s.People[s.by].Signer)
	threadtest.Refused(t, err, fault.ClassUnknown)
}

// TestSignRefuses: a device signs no header that others would refuse whatever the thread.
func TestSignRefuses(t *testing.T) {
	for _, test := range []struct {
		name, of string
		edit     func(*thread.Entry)
		want     fault.Class
	}{
		{"no thread", "message", func(e *thread.Entry) { e.Thread = "" }, fault.ClassForm},
		{"no id", "message", func(e *thread.Entry) { e.ID = "" }, fault.ClassForm},
		{"no author", "message", func(e *thread.Entry) { e.Author = "" }, fault.ClassForm},
		{"an open that follows", "open inps", func(e *thread.Entry) { e.Sequence = 1 }, fault.ClassForm},
		{"an open with predecessor", "open inps", func(e *thread.Entry) { e.Previous = note.Sum(nil) }, fault.ClassForm},
		{"a message that opens", "message", func(e *thread.Entry) { e.Sequence, e.Previous = 0, note.Hash{} }, fault.ClassForm},
		{"no predecessor", "message", func(e *thread.Entry) { e.Previous = note.Hash{} }, fault.ClassForm},
		{"a negative sequence", "message", func(e *thread.Entry) { e.Sequence = -1 }, fault.ClassForm},
		{"no epoch", "message", func(e *thread.Entry) { e.Epoch = 0 }, fault.ClassForm},
		{"over before it is written", "message", func(e *thread.Entry) { e.NotAfter = e.Time.Add(-time.Millisecond) }, fault.ClassForm},
		{"open for too long", "message", func(e *thread.Entry) { e.NotAfter = e.Time.Add(thread.MaxLife + time.Millisecond) }, fault.ClassForm},
		{"open for centuries", "message", func(e *thread.Entry) { e.NotAfter = e.Time.AddDate(5000, 0, 0) }, fault.ClassForm},
		{"the year 10000", "message", func(e *thread.Entry) {
			e.Time = e.Time.AddDate(7974, 0, 0)
			e.NotAfter = e.Time
		}, fault.ClassForm},
		{"a roster without version", "message", func(e *thread.Entry) { e.Rosters[0].Version = 0 }, fault.ClassForm},
		{"a roster twice", "message", func(e *thread.Entry) { e.Rosters = append(e.Rosters, e.Rosters[0]) }, fault.ClassForm},
		{"rosters out of order", "message", func(e *thread.Entry) { e.Rosters = rosters(3); slices.Reverse(e.Rosters) }, fault.ClassForm},
		{"nine rosters", "message", func(e *thread.Entry) { e.Rosters = rosters(9) }, fault.ClassSize},
		{"no body", "message", func(e *thread.Entry) { e.Body = nil }, fault.ClassForm},
		{"an empty body", "message", func(e *thread.Entry) { e.Body.Size = 0 }, fault.ClassForm},
		{"a body of negative size", "message", func(e *thread.Entry) { e.Body.Size = -1 }, fault.ClassForm},
		{"a rekey with a body", "rekey", func(e *thread.Entry) { e.Body = threadtest.Sealed("x") }, fault.ClassForm},
		{"a recusal with a body", "recuse", func(e *thread.Entry) { e.Body = threadtest.Sealed("x") }, fault.ClassForm},
		{"a message with a key", "message", func(e *thread.Entry) { e.Key = &thread.Key{Recipient: cardtest.Recipient("x")} }, fault.ClassForm},
		{"a message with members", "message", func(e *thread.Entry) { e.Members = []thread.Member{{}} }, fault.ClassForm},
		{"a message with an opening", "message", func(e *thread.Entry) { e.Opening = &thread.Opening{} }, fault.ClassForm},
		{"an open without opening", "open inps", func(e *thread.Entry) { e.Opening = nil }, fault.ClassForm},
		{"an open without members", "open inps", func(e *thread.Entry) { e.Members = []thread.Member{} }, fault.ClassForm},
		{"an open without key", "open inps", func(e *thread.Entry) { e.Key = nil }, fault.ClassForm},
		{"a rekey without key", "rekey", func(e *thread.Entry) { e.Key = nil }, fault.ClassForm},
		{"a classic key", "rekey", func(e *thread.Entry) { e.Key.Recipient = "age1" + strings.Repeat("q", 58) }, fault.ClassKey},
		{"no recipient", "rekey", func(e *thread.Entry) { e.Key.Recipient = "" }, fault.ClassKey},
		{"a grant twice", "rekey", func(e *thread.Entry) { e.Key.Grants[1] = e.Key.Grants[0] }, fault.ClassForm},
		{"grants out of order", "rekey", func(e *thread.Entry) { slices.Reverse(e.Key.Grants) }, fault.ClassForm},
		{"an empty grant", "rekey", func(e *thread.Entry) { e.Key.Grants[0].Sealed.Size = 0 }, fault.ClassForm},
		{"a grant for nobody", "rekey", func(e *thread.Entry) { e.Key.Grants[0].Person = "" }, fault.ClassForm},
		{"33 grants", "rekey", func(e *thread.Entry) { e.Key.Grants = make([]thread.Grant, 33) }, fault.ClassSize},
		{"33 members", "open inps", func(e *thread.Entry) { e.Members = make([]thread.Member, 33) }, fault.ClassSize},
		{"members out of order", "open inps", func(e *thread.Entry) { slices.Reverse(e.Members) }, fault.ClassForm},
		{"a member twice", "open inps", func(e *thread.Entry) { e.Members[1] = e.Members[0] }, fault.ClassForm},
		{"an unknown seat", "open inps", func(e *thread.Entry) { e.Members[0].Seat = "guest" }, fault.ClassForm},
		{"an unknown side", "open inps", func(e *thread.Entry) { e.Opening.Side = "press" }, fault.ClassForm},
		{"inps with nobody", "open inps", func(e *thread.Entry) { e.Opening.With = "" }, fault.ClassForm},
		{"inps without topic", "open inps", func(e *thread.Entry) { e.Opening.Topic = "" }, fault.ClassForm},
		{"a topic in lower case", "open inps", func(e *thread.Entry) { e.Opening.Topic = "rdl-01" }, fault.ClassForm},
		{"a topic with a line", "open inps", func(e *thread.Entry) { e.Opening.Topic = "A B\nmember x" }, fault.ClassForm},
		{"a long topic", "open inps", func(e *thread.Entry) { e.Opening.Topic = strings.Repeat("A", 17) }, fault.ClassForm},
		{"a dash for urgency", "open inps", func(e *thread.Entry) { e.Opening.Urgency = "u1" }, fault.ClassForm},
		{"partner with a topic", "open partner", func(e *thread.Entry) { e.Opening.Topic = "RDL-01" }, fault.ClassForm},
		{"partner with urgency", "open partner", func(e *thread.Entry) { e.Opening.Urgency = "U1" }, fault.ClassForm},
		{"partner with nobody", "open partner", func(e *thread.Entry) { e.Opening.With = "" }, fault.ClassForm},
		{"internal with somebody", "open internal", func(e *thread.Entry) { e.Opening.With = cardtest.Organisation("x") }, fault.ClassForm},
		{"internal with a topic", "open internal", func(e *thread.Entry) { e.Opening.Topic = "RDL-01" }, fault.ClassForm},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := good(t)[test.of]
			test.edit(&s.e)
			header, err := thread.Sign(s.e, s.People[s.by].Signer)
			threadtest.Refused(t, err, test.want)
			if header != nil {
				t.Error("signed nevertheless")
			}
		})
	}
}

func rosters(n int) []thread.Seen {
	var all []thread.Seen
	for i := range n {
		all = append(all, thread.Seen{Organisation: cardtest.Organisation(fmt.Sprint("organisation ", i)), Version: 1})
	}
	slices.SortFunc(all, func(a, b thread.Seen) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })
	return all
}

func TestVerifyRefuses(t *testing.T) {
	s := good(t)["message"]
	header := s.sign(t)
	parse := func(header []byte) *thread.Entry {
		e, err := thread.Parse(header)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	carla, dora := s.People["carla"], s.People["dora"]
	t.Run("no card", func(t *testing.T) { threadtest.Refused(t, parse(header).Verify(header, nil), fault.ClassMissing) })
	t.Run("another card", func(t *testing.T) {
		threadtest.Refused(t, parse(header).Verify(header, dora.Signed), fault.ClassMissing)
	})
	t.Run("another person's card", func(t *testing.T) {
		s.e.Card = dora.Hash
		header, err := thread.Sign(s.e, dora.Signer)
		if err != nil {
			t.Fatal(err)
		}
		threadtest.Refused(t, parse(header).Verify(header, dora.Signed), fault.ClassSubstitute)
	})
	t.Run("another header", func(t *testing.T) {
		other := good(t)["recuse"].sign(t)
		threadtest.Refused(t, parse(header).Verify(other, carla.Signed), fault.ClassSignature)
	})
	t.Run("a false signature", func(t *testing.T) {
		forged := bytes.Replace(header, []byte("sequence 2"), []byte("sequence 3"), 1)
		threadtest.Refused(t, parse(forged).Verify(forged, carla.Signed), fault.ClassSignature)
	})
	t.Run("a second signature", func(t *testing.T) {
		two, err := note.Cosign(header, dora.Signer)
		if err != nil {
			t.Fatal(err)
		}
		threadtest.Refused(t, parse(two).Verify(two, carla.Signed), fault.ClassSignature)
	})
}

// TestApplyWantsVerified: what was not verified, or was changed since, is a mistake of the
// program and is not applied.
func TestApplyWantsVerified(t *testing.T) {
	s := good(t)["open inps"]
	header := s.sign(t)
	verified := func() *thread.Entry {
		e, err := thread.Parse(header)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Verify(header, s.Cards[e.Card]); err != nil {
			t.Fatal(err)
		}
		return e
	}
	if _, err := s.State.Apply(verified(), s.Cards, s.Now); err != nil {
		t.Fatal(err)
	}
	unverified, err := thread.Parse(header)
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]*thread.Entry{"only parsed": unverified, "made by hand": &s.e}
	for name, change := range map[string]func(*thread.Entry){
		"author":  func(e *thread.Entry) { e.Author = s.People["bruna"].Person },
		"kind":    func(e *thread.Entry) { e.Kind = thread.Message },
		"members": func(e *thread.Entry) { e.Members = e.Members[1:] },
		"member":  func(e *thread.Entry) { e.Members[0].Seat = act.SeatPartner },
		"grants":  func(e *thread.Entry) { e.Key.Grants[0].Person = s.People["berta"].Person },
		"opening": func(e *thread.Entry) { e.Opening.Side = thread.Partner },
		"nothing": func(e *thread.Entry) { e.Opening, e.Key, e.Body, e.Members = nil, nil, nil, nil },
	} {
		e := verified()
		change(e)
		wrong["changed "+name] = e
	}
	for name, e := range wrong {
		t.Run(name, func(t *testing.T) {
			next, err := s.State.Apply(e, s.Cards, s.Now)
			if fault.KindOf(err) != fault.Internal {
				t.Errorf("got %v, want an internal error", err)
			}
			if diff := cmp.Diff(thread.State{}, next); diff != "" {
				t.Errorf("the state has changed (-want +got)\n%s", diff)
			}
		})
	}
	// A copy of a verified entry is verified as long as it says the same.
	same := *verified()
	if _, err := s.State.Apply(&same, s.Cards, s.Now); err != nil {
		t.Error(err)
	}
}

// FuzzParseEntry: a header that is accepted is printed again by Sign with the same text.
func FuzzParseEntry(f *testing.F) {
	anna := threadtest.NewCast(f).People["anna"]
	for i := range 3 {
		notetest.Seed(f, "entry", fmt.Sprint("entry-", i))
	}
	for _, s := range good(f) {
		f.Add(s.sign(f))
	}
	f.Fuzz(func(t *testing.T, header []byte) {
		e, err := thread.Parse(header)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Fatalf("an error without class: %v", err)
			}
			return
		}
		again, err := thread.Sign(*e, anna.Signer)
		if err != nil {
			t.Fatalf("accepted\n%s\nbut does not sign it: %v", header, err)
		}
		if want, got := notetest.Text(t, header), notetest.Text(t, again); want != got {
			t.Fatalf("accepted\n%s\nand printed\n%s", want, got)
		}
	})
}
