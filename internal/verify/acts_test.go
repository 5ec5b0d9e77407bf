package verify_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"slices"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/thread"
	"varco/internal/varcotest"
	"varco/internal/verify"
)

// overHTTP are the acts that need a provider, a stream or very many requests, or are only ever denied.
// The records of these, and what all others say, are looked at in internal/httpapi.
var overHTTP = []act.Act{act.SessionLogout, act.SessionUse, act.RequestLimit, act.PokesOpen}

// Each act leaves a record: people do nearly all of them here, and their records are counted in
// what the auditor takes away, which is whole.
func TestEveryActIsRecorded(t *testing.T) {
	s := &service{varcotest.New(t), t}
	s.work()
	s.workMore()
	drawn, err := s.Person("quinto-controllo").DrawSample(t.Context(), api.DrawSample{Act: act.EntryAppend, Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	s.RecordHeads()
	report := s.verify(s.take(), nil)
	if report.Result != verify.Whole {
		t.Fatalf("%s: %+v", report.Result, report.Finding)
	}
	var leaves []int64
	for _, l := range drawn.Leaves {
		leaves = append(leaves, l.Index)
	}
	if len(report.Samples) != 1 || report.Samples[0].Leaf != drawn.Leaf || report.Samples[0].Seed != drawn.Seed ||
		!slices.Equal(report.Samples[0].Leaves, leaves) || len(leaves) != 2 {
		t.Errorf("the sample %+v, drawn again: %+v", drawn, report.Samples)
	}
	for _, a := range act.Acts {
		if report.Acts[a][act.Allow] == 0 && !slices.Contains(overHTTP, a) && !slices.Contains(act.System, a) {
			t.Errorf("nobody has a record of %s", a)
		}
	}
}

// What a real service removes by itself agrees with what was uploaded.
func TestSweptAttachments(t *testing.T) {
	s := &service{varcotest.New(t), t}
	alba := s.Person("alba-operatrice")
	for i := range 3 {
		a, err := alba.Attach(t.Context(), bytes.NewReader(make([]byte, 10)), "a", client.DefaultType, 10, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if status, answer, err := s.Wire("alba-operatrice").Do(t.Context(), alba.Token(), "DELETE", "/v1/blobs/"+string(a.Blob), nil); err != nil || status >= 300 {
				t.Fatalf("dropping an attachment: %d %s, %v", status, answer, err)
			}
		}
	}
	s.Clock.Advance(24*time.Hour + time.Millisecond)
	if swept, err := s.Gate.SweepBlobs(t.Context()); err != nil || swept != 2 {
		t.Fatalf("%d were removed, %v", swept, err)
	}
	s.SignInAgain("quinto-controllo")
	if r := s.verify(s.take(), nil); r.Result != verify.Whole || r.Acts[act.BlobDrop][act.Allow] != 2 {
		t.Errorf("%s, %v: %+v", r.Result, r.Acts[act.BlobDrop], r.Finding)
	}
}

// workMore is what work leaves out.
func (s *service) workMore() {
	t, ctx := s.t, s.t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	alba, carla := s.Person("alba-operatrice"), s.Person("carla-responsabile")
	cases, err := alba.Cases(ctx)
	ok(err)
	read := map[thread.Side]*client.Conversation{}
	for _, c := range cases {
		v, err := alba.ReadThread(ctx, c.Thread, "")
		ok(err)
		read[v.State.Side] = v
	}
	outside, inside := read[thread.INPS], read[thread.Internal]
	_, _, err = alba.Readers(ctx, outside.State.Thread)
	ok(err)
	_, err = alba.VerifyReceipt(ctx, outside.Entries[0].Receipt)
	ok(err)
	_, _, err = alba.OpenThread(ctx, inside.Entries[0].Content.Case, inside, client.NewThread{With: s.Organisation("valfiore"),
		Content: client.Content{Text: "A question"}, Colleagues: []ids.Person{s.ID("bruna-operatrice")},
		Partners: []ids.Person{s.ID("olga-sportello")}})
	ok(err)

	attach := func() client.Attachment {
		a, err := alba.Attach(ctx, bytes.NewReader(make([]byte, 10)), "a", client.DefaultType, 10, nil)
		ok(err)
		return a
	}
	_, err = alba.Post(ctx, outside, client.Content{Attachments: []client.Attachment{attach()}})
	ok(err)
	ok(alba.Fetch(ctx, outside, outside.Entries[len(outside.Entries)-1].Entry.ID, 0, io.Discard, nil))
	if status, answer, err := s.Wire("alba-operatrice").Do(ctx, alba.Token(), "DELETE", "/v1/blobs/"+string(attach().Blob), nil); err != nil ||
		status >= 300 {
		t.Fatalf("dropping an attachment: %d %s, %v", status, answer, err)
	}

	_, err = carla.Agreements(ctx)
	ok(err)
	ok(alba.PutNotices(ctx, "alba@example.org"))
	_, err = alba.Notices(ctx)
	ok(err)

	phrase, err := keyring.NewPhrase(rand.Reader)
	ok(err)
	_, err = s.NewDevice("bruna-operatrice").Client.EnrolAgain(ctx, phrase)
	ok(err)
	_, err = alba.OwnSessions(ctx)
	ok(err)
	ok(s.NewDevice("dina-operatrice").Client.SignOut(ctx))
	s.SignInAgain("carla-responsabile")
	_, err = s.Person("carla-responsabile").RevokeSessions(ctx, s.ID("bruna-operatrice"))
	ok(err)
	_, err = s.Person("carla-responsabile").EndPerson(ctx, s.ID("bruna-operatrice"))
	ok(err)
}
