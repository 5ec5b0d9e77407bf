package core_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// A case that is opened by alba for bruna and franca, and the pages of the first and the last.
func asked(t *testing.T, n *varcotest.Network) (hers, his *page, opened *client.Opened) {
	t.Helper()
	opened, err := n.Person(alba).OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Domanda " + canary}, Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)})
	if err != nil {
		t.Fatal(err)
	}
	return unlocked(t, n, alba), unlocked(t, n, franca), opened
}

// The officer asks for a document, gets it whole, answers with a number and an outcome, and closes.
func TestSpeak(t *testing.T) {
	n := varcotest.New(t)
	hers, his, opened := asked(t, n)
	code := opened.Thread.State.Thread
	mustCall[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code, Reason: act.ReasonNew})
	items := []string{"certificato di presa in carico", "permesso"}
	wanted := mustCall[core.Posted](his, core.Page, "ask", core.Ask{Thread: code, Text: "Servono", Items: items, Due: "2026-11-30"})
	if last := wanted.Conversation.Entries[1]; !slices.Equal(last.Items, items) || last.Due != "2026-11-30" ||
		wanted.Conversation.Waiting != act.Centre || wanted.Conversation.DueAt != "2026-11-30" {
		t.Errorf("asked: %+v", wanted.Conversation)
	}

	mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	file := bytes.Repeat([]byte(canary), 10_000)
	hers.browser.files[1] = bytes.NewBuffer(file)
	up := mustCall[core.Uploaded](hers, core.Page, "attach", core.Attach{File: 1, Name: "C:\\docs\\foto-1.jpg", Type: "image/jpeg"})
	sent := mustCall[core.Posted](hers, core.Page, "post", core.Post{Thread: code, Text: "Ecco", Attachments: []ids.Blob{up.Blob}})
	last := sent.Conversation.Entries[2]
	if want := []core.Attached{{Name: "foto-1.jpg", Type: "image/jpeg", Size: int64(len(file))}}; !slices.Equal(last.Attachments, want) {
		t.Errorf("attached: %+v", last.Attachments)
	}
	if _, err := call[core.Posted](hers, core.Page, "post", core.Post{Thread: code, Attachments: []ids.Blob{up.Blob}}); fault.KindOf(err) != fault.Internal {
		t.Errorf("the same file again: %v", err)
	}

	mustCall[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code})
	mustCall[core.None](his, core.Page, "fetch", core.Fetch{Thread: code, Entry: last.ID, File: 7})
	if !bytes.Equal(his.browser.files[7].Bytes(), file) {
		t.Error("he got another file")
	}
	if _, err := call[core.None](his, core.Page, "fetch", core.Fetch{Thread: code, Entry: last.ID, Number: 1, File: 8}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a second attachment: %v", err)
	}
	closed := mustCall[core.Posted](his, core.Page, "state", core.State{Thread: code, Phase: thread.PhaseClosed, Outcome: "ACCOLTA",
		Text: "Fatto", Reference: "INPS.7391"})
	end := closed.Conversation.Entries[3]
	if end.Reference != "INPS.7391" || end.Status == nil || end.Status.Outcome != "ACCOLTA" || closed.Conversation.Phase != thread.PhaseClosed ||
		closed.Conversation.Waiting != "" || closed.Conversation.DueAt != "" {
		t.Errorf("closed: %+v", closed.Conversation)
	}
}

// A page that reads a thread is told up to when the log proves that it is whole.
func TestProven(t *testing.T) {
	n := varcotest.New(t)
	hers, _, opened := asked(t, n)
	read := core.ReadThread{Thread: opened.Thread.State.Thread}
	if v := mustCall[core.Conversation](hers, core.Page, "read", read); v.ProvenAt != "" {
		t.Errorf("proven at %s, before heads were recorded", v.ProvenAt)
	}
	n.RecordHeads()
	at := n.Clock.Now().UTC().Format(time.RFC3339Nano)
	another := unlocked(t, n, alba)
	if v := mustCall[core.Conversation](another, core.Page, "read", read); v.ProvenAt != at || v.Witnessed {
		t.Errorf("proven at %q, witnessed %t; want %s and no witness", v.ProvenAt, v.Witnessed, at)
	}
	posted := mustCall[core.Posted](another, core.Page, "post", core.Post{Thread: read.Thread, Text: "Altro"})
	if got := posted.Conversation.ProvenAt; got != at {
		t.Errorf("after a post proven at %q, want %s as before", got, at)
	}
}

// What should be proven by now and is not, the page is told, with when it was proven last.
func TestDoubt(t *testing.T) {
	n := varcotest.New(t)
	_, _, opened := asked(t, n)
	read := core.ReadThread{Thread: opened.Thread.State.Thread}
	n.Clock.Advance(3 * time.Hour)
	if v := mustCall[core.Conversation](unlocked(t, n, alba), core.Page, "read", read); v.Doubt != client.Silent || v.LastProof != "" || v.ProvenAt != "" {
		t.Errorf("without heads: doubt %q, last %q, proven %q", v.Doubt, v.LastProof, v.ProvenAt)
	}
	n.RecordHeads()
	at := n.Clock.Now().UTC().Format(time.RFC3339Nano)
	n.Clock.Advance(3 * time.Hour)
	hers := unlocked(t, n, alba)
	if v := mustCall[core.Conversation](hers, core.Page, "read", read); v.Doubt != client.Old || v.LastProof != at || v.ProvenAt != "" {
		t.Errorf("with old heads: doubt %q, last %q, proven %q", v.Doubt, v.LastProof, v.ProvenAt)
	}
	n.RecordHeads()
	if v := mustCall[core.Conversation](hers, core.Page, "read", read); v.Doubt != "" || v.LastProof != "" || v.ProvenAt == "" {
		t.Errorf("read again: doubt %q, last %q, proven %q", v.Doubt, v.LastProof, v.ProvenAt)
	}
}

// Who can read is changed in the page; somebody who was excluded does not come.
func TestMembers(t *testing.T) {
	n := varcotest.New(t)
	hers, his, opened := asked(t, n)
	code, inside := opened.Thread.State.Thread, opened.Inside.State.Thread
	v := mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	change := core.Change{Thread: code, Remove: []ids.Person{n.ID(bruna)}}
	after := mustCall[core.Posted](hers, core.Page, "changeMembers", change).Conversation
	if len(after.Members) != len(v.Members)-1 || len(after.Entries[1].Left) != 1 {
		t.Errorf("removed: %+v", after)
	}
	change = core.Change{Thread: code, Add: []core.Coming{{Organisation: n.Organisation("aurora"), Person: n.ID(bruna), All: true}}}
	after = mustCall[core.Posted](hers, core.Page, "changeMembers", change).Conversation
	if len(after.Members) != len(v.Members) {
		t.Errorf("added: %+v", after)
	}
	if m := member(t, after, n.ID(bruna)); m.From != "" || m.Earlier {
		t.Errorf("with all that was said before: %+v", m)
	}
	again := unlocked(t, n, bruna)
	if old := mustCall[core.Conversation](again, core.Page, "read", core.ReadThread{Thread: code}); old.Entries[0].Text != "Domanda "+canary {
		t.Errorf("with all that was said before: %+v", old.Entries[0])
	}

	// Taken off and back without what was said meanwhile, she reads what is said from now on, and what she had.
	mustCall[core.Posted](hers, core.Page, "changeMembers", core.Change{Thread: code, Remove: []ids.Person{n.ID(bruna)}})
	n.Clock.Advance(time.Hour)
	change.Add[0].All = false
	after = mustCall[core.Posted](hers, core.Page, "changeMembers", change).Conversation
	if m := member(t, after, n.ID(bruna)); m.From != after.Entries[len(after.Entries)-1].At || !m.Earlier {
		t.Errorf("from now on: %+v, last entry %+v", m, after.Entries[len(after.Entries)-1])
	}
	if m := member(t, after, n.ID(alba)); m.From != "" || m.Earlier {
		t.Errorf("from the beginning: %+v", m)
	}

	mustCall[core.Left](his, core.Page, "recuse", core.OfThread{Thread: code})
	_, err := call[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code, Reason: act.ReasonAnswer})
	if f := core.FailureOf(err); f.Key != core.KeyNotFound {
		t.Errorf("after recusing: %+v", f)
	}
	mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	substitute := v.Members[slices.IndexFunc(v.Members, func(m core.Member) bool { return m.Seat == act.SeatSubstitute })]
	after = mustCall[core.Posted](hers, core.Page, "changeMembers", core.Change{Thread: code, Inside: inside, Holder: substitute.Person}).Conversation
	if last := after.Entries[len(after.Entries)-1]; last.Holder == nil || last.Holder.Name != substitute.Name || len(last.Joined)+len(last.Left) > 0 {
		t.Errorf("the substitute became the holder: %+v", last)
	}
	x := core.Exclude{Inside: inside, Organisation: n.Organisation("levante"), Person: n.ID(franca)}
	kept := mustCall[core.Posted](hers, core.Page, "exclude", x).Conversation
	if len(kept.Excluded) != 1 || kept.Excluded[0].Person != n.ID(franca) || kept.Excluded[0].Name == "" {
		t.Errorf("excluded: %+v", kept.Excluded)
	}
	offered := func(among core.Among) bool {
		choices := mustCall[core.Choices](hers, core.Page, "choices", among)
		return slices.ContainsFunc(choices.Others, func(o core.Reachable) bool {
			return slices.ContainsFunc(o.People, func(p core.Choice) bool { return p.Person == n.ID(franca) })
		})
	}
	if !offered(core.Among{}) || offered(core.Among{Inside: inside}) {
		t.Error("somebody who is excluded in the case is offered in it")
	}
	mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	back := core.Change{Thread: code, Inside: inside, Add: []core.Coming{{Organisation: n.Organisation("levante"), Person: n.ID(franca)}}}
	if _, err := call[core.Posted](hers, core.Page, "changeMembers", back); fault.KindOf(err) != fault.Conflict {
		t.Errorf("adding somebody who is excluded: %v", err)
	}
}

func member(t *testing.T, v core.Conversation, person ids.Person) core.Member {
	t.Helper()
	for _, m := range v.Members {
		if m.Person == person {
			return m
		}
	}
	t.Fatalf("%s is no member", person)
	return core.Member{}
}

// Who gets a further thread is known before it is opened, and is nobody whom the case excludes.
func TestDrawFurther(t *testing.T) {
	n := varcotest.New(t)
	hers, _, opened := asked(t, n)
	office, inside := n.Organisation("levante"), opened.Inside.State.Thread
	mustCall[core.Posted](hers, core.Page, "exclude", core.Exclude{Inside: inside, Organisation: office, Person: n.ID(franca)})
	drawn := mustCall[core.Drawn](hers, core.Page, "drawFurther", core.DrawFurther{Inside: inside, With: office})
	if drawn.Holder == "" || drawn.Holder == n.ID(franca) || drawn.Substitute == n.ID(franca) {
		t.Fatalf("drawn %+v without %s", drawn, n.ID(franca))
	}
	further := core.Further{Case: opened.Case, Inside: inside, With: office, Topic: "RDL-01", Urgency: "U2", Text: "Ancora",
		Colleagues: []ids.Person{n.ID(bruna)}, Holder: drawn.Holder, Substitute: drawn.Substitute}
	begun := mustCall[core.Begun](hers, core.Page, "openThread", further)
	v := mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: begun.Threads[0].Thread})
	if m := member(t, v, drawn.Holder); m.Seat != act.SeatHolder {
		t.Errorf("the holder who was shown is %+v", m)
	}
	further.Holder, further.Substitute = n.ID(franca), ""
	if _, err := call[core.Begun](hers, core.Page, "openThread", further); fault.KindOf(err) != fault.Invalid {
		t.Errorf("somebody who is excluded: %v", err)
	}
	mustCall[core.Posted](hers, core.Page, "exclude", core.Exclude{Inside: inside, Organisation: office})
	if _, err := call[core.Drawn](hers, core.Page, "drawFurther", core.DrawFurther{Inside: inside, With: office}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an office that is excluded whole: %v", err)
	}
}

// A colleague who has left and is still a member of the centre's own thread stands in the way of what is
// sealed there: the page says so, and does not accuse the service.
func TestBarredInside(t *testing.T) {
	n := varcotest.New(t)
	hers, _, opened := asked(t, n)
	office, inside := n.Organisation("ponente"), opened.Inside.State.Thread
	n.SignRoster("carla-responsabile", func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	_, err := call[core.Begun](hers, core.Page, "openThread", core.Further{Case: opened.Case, Inside: inside, With: office,
		Topic: "RDL-01", Urgency: "U2", Text: "Ancora", Alone: true})
	if f := core.FailureOf(err); f.Key != core.KeyBarred {
		t.Errorf("opening a further thread: %+v", f)
	}
	_, err = call[core.Posted](hers, core.Page, "exclude", core.Exclude{Inside: inside, Organisation: office})
	if f := core.FailureOf(err); f.Key != core.KeyBarred {
		t.Errorf("excluding an office: %+v", f)
	}
}
