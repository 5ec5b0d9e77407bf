package gate_test

import (
	"crypto/rand"
	"slices"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// Entries that were chosen by another thread are appended only while that ends where their author has
// read it to. What is not hers, or is not there, is to her as what has moved: the answer, the record and
// the statements are the same.
func TestAppendedWhile(t *testing.T) {
	n, o := opened(t)
	theirs, err := n.Person("dina-operatrice").OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01",
		Urgency: "U2", Content: client.Content{Text: "Buongiorno."}, Alone: true})
	must(t, err)
	h := everybody(t, n, o, o.Thread.State)
	p := h.parcel("alba-operatrice", thread.Message, func(*thread.Entry) {})
	alba := callerOf(t, n, "alba-operatrice")
	inside := o.Inside.State
	var as []string // the statements for what has moved
	for _, c := range []struct {
		name  string
		while *api.End
		want  fault.Kind // "" when it is appended
	}{
		{"moved", &api.End{Thread: inside.Thread, Head: note.Sum(nil)}, fault.Conflict},
		{"not hers", &api.End{Thread: theirs.Inside.State.Thread, Head: theirs.Inside.State.Head}, fault.Conflict},
		{"not there", &api.End{Thread: ids.NewThread(rand.Reader), Head: inside.Head}, fault.Conflict},
		{"not there, and without an end", &api.End{Thread: ids.NewThread(rand.Reader)}, fault.Conflict},
		{"where she has read it to", &api.End{Thread: inside.Thread, Head: inside.Head}, ""},
	} {
		var err error
		did := besides(n.Statements(func() {
			_, err = n.Gate.AppendEntry(t.Context(), alba, api.Append{Parcels: []api.Parcel{p}, While: c.while})
		}))
		last := records(t, n, 1)[0]
		if c.want == "" {
			if err != nil || last.Outcome != act.Allow {
				t.Errorf("%s: %v, recorded %+v", c.name, err, last)
			}
			continue
		}
		if as == nil {
			as = did
		}
		if fault.KindOf(err) != c.want || !slices.Equal(did, as) {
			t.Errorf("%s: %v, by the statements %q, want those of what has moved: %q", c.name, err, did, as)
		}
		if last.Act != act.EntryAppend || last.Outcome != act.Refuse || last.Class != fault.ClassFork || last.Person != alba.Person ||
			last.Object != string(o.Thread.State.Thread) {
			t.Errorf("%s: recorded %+v", c.name, last)
		}
	}
}
