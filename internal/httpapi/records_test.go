package httpapi_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
)

// Every act that somebody may ask for leaves its record once, with what the protocol says that it tells.
func TestEveryActIsRecordedOverHTTP(t *testing.T) {
	r := newRecorded(t)
	r.signsIn()
	r.reads()
	r.keeps()
	r.works()
	r.audits()
	r.ends()
	for _, a := range act.Acts {
		if !r.done[a] && !slices.Contains(act.System, a) {
			t.Errorf("nobody has looked at the record of %s", a)
		}
	}
}

// ofOwn is the record of an act on what is a person's.
func ofOwn(a act.Act, person ids.Person) ledger.Record {
	return ledger.Record{Act: a, Outcome: act.Allow, Person: person, Object: string(person)}
}

// signsIn is how sessions begin, and how they don't.
func (r *recorded) signsIn() {
	t := r.t
	person, invitation, code := ids.NewPerson(rand.Reader), ids.NewInvitation(rand.Reader), rand.Text()
	must(t, r.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutPerson(store.Person{ID: person, Organisation: r.Organisation("aurora")}); err != nil {
			return err
		}
		hash := note.Sum([]byte(code))
		return tx.PutInvitation(store.Invitation{ID: invitation, Person: person, CodeHash: hash[:], UntilAtMS: r.Clock.Now().Add(time.Hour).UnixMilli()})
	}))
	redeem := func(invitation string, status int, want ...ledger.Record) func() []ledger.Record {
		return func() []ledger.Record {
			drawn, verifier := note.Sum([]byte(rand.Text())), strings.Repeat("v", 43)
			login, sum := base64.RawURLEncoding.EncodeToString(drawn[:]), note.Sum([]byte(verifier))
			must(t, r.Gate.PutLogin(t.Context(), session.Login{Code: note.Sum([]byte(login)),
				Account:   session.Account{Issuer: providerURL, Subject: secret.NewString("ugo")},
				Challenge: base64.RawURLEncoding.EncodeToString(sum[:]), Assurance: "otp", AuthenticatedAt: r.Clock.Now(),
				Expires: r.Clock.Now().Add(time.Minute)}))
			r.ask("", http.MethodPost, "/v1/session", api.Redeem{Code: login, Verifier: verifier, Invitation: invitation}, status)
			return want
		}
	}
	begin := ledger.Record{Act: act.SessionBegin, Outcome: act.Allow, Person: person}
	failed := func(why session.Reason) ledger.Record {
		return ledger.Record{Act: act.SessionBegin, Outcome: act.Deny, Class: fault.Class(why)}
	}
	r.sees("a code that is none, three times", func() []ledger.Record {
		for range 3 {
			r.ask("", http.MethodPost, "/v1/session", api.Redeem{Code: "x", Verifier: "x"}, http.StatusUnauthorized)
		}
		others := failed(session.ReasonCode)
		others.Count = 2
		return []ledger.Record{failed(session.ReasonCode), others}
	})
	r.sees("an account that is bound to nobody", redeem("", http.StatusUnauthorized, failed(session.ReasonUnknown)))
	r.sees("a wrong invitation", redeem("x", http.StatusUnauthorized, failed(session.ReasonInvitation)))
	r.sees("with her invitation", redeem(code, http.StatusCreated,
		ledger.Record{Act: act.InvitationUse, Outcome: act.Allow, Person: person, Object: string(invitation)}, begin))
	r.sees("again", redeem("", http.StatusCreated, begin))
}

// reads is what people ask that changes nothing of theirs.
func (r *recorded) reads() {
	t, alba, bruna := r.t, r.ID("alba-operatrice"), r.ID("bruna-operatrice")
	r.sees("on a new device", func() []ledger.Record {
		r.alba = r.device("alba-operatrice")
		read := ofOwn(act.KeyringRead, alba)
		read.Hash, read.Size = r.keyring(alba)
		return []ledger.Record{{Act: act.SessionBegin, Outcome: act.Allow, Person: alba}, read}
	})
	directory, sessions := ofOwn(act.DirectoryRead, alba), ofOwn(act.SessionList, alba)
	directory.Object, sessions.Count = string(r.Organisation("aurora")), 2
	for path, want := range map[string]ledger.Record{"/v1/me": ofOwn(act.PersonRead, alba), "/v1/directory": directory,
		"/v1/notices": ofOwn(act.NoticesRead, alba), "/v1/sessions": sessions} {
		r.sees(path, func() []ledger.Record {
			r.ask("alba-operatrice", http.MethodGet, path, nil, http.StatusOK)
			return []ledger.Record{want}
		})
	}
	r.sees("a list, twice in a minute", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodGet, "/v1/cases", nil, http.StatusOK)
		r.ask("alba-operatrice", http.MethodGet, "/v1/cases", nil, http.StatusOK)
		return []ledger.Record{ofOwn(act.CaseList, alba)}
	})
	r.sees("listening, twice in an hour", func() []ledger.Record {
		r.world.listen(t, "alba-operatrice").settle(t)
		r.world.listen(t, "alba-operatrice").settle(t)
		return []ledger.Record{ofOwn(act.PokesOpen, alba)}
	})
	r.sees("a colleague's sessions", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodGet, "/v1/people/"+string(bruna)+"/sessions", nil, http.StatusNotFound)
		return []ledger.Record{{Act: act.SessionList, Outcome: act.Deny, Person: alba, Object: string(bruna)}}
	})
}

// keyring is somebody's keyring as it is stored.
func (r *recorded) keyring(person ids.Person) (hash note.Hash, size int64) {
	r.t.Helper()
	must(r.t, r.Store.Read(r.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Keyrings(person)
		if err == nil {
			file := all[len(all)-1].File
			hash, size = note.Sum(file), int64(len(file))
		}
		return err
	}))
	return hash, size
}

// keeps is what people store of their own: keys, cards, rosters, addresses.
func (r *recorded) keeps() {
	t, ctx := r.t, r.t.Context()
	alba, bruna, carla := r.ID("alba-operatrice"), r.ID("bruna-operatrice"), r.ID("carla-responsabile")
	phrase := func() secret.String {
		p, err := keyring.NewPhrase(rand.Reader)
		must(t, err)
		return p
	}
	r.sees("an address", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodPut, "/v1/notices", api.Notices{Address: "alba@example.org"}, http.StatusOK)
		return []ledger.Record{ofOwn(act.NoticesPut, alba)}
	})
	lost := r.NewDeviceAt("bruna-operatrice", r.world.URL)
	r.sees("keys that are lost", func() []ledger.Record {
		u, err := lost.Client.EnrolAgain(ctx, phrase())
		must(t, err)
		lost.Unlocked = u
		reset, card := ofOwn(act.KeyringReset, bruna), ofOwn(act.CardPut, bruna)
		reset.Hash, reset.Size = r.keyring(bruna)
		card.Hash, card.Size = u.Card().Hash, int64(len(u.Card().Note()))
		return []ledger.Record{reset, card}
	})
	r.sees("another phrase", func() []ledger.Record {
		must(t, r.alba.ChangePhrase(ctx, phrase()))
		kept := ofOwn(act.KeyringPut, alba)
		kept.Hash, kept.Size = r.keyring(alba)
		return []ledger.Record{kept}
	})
	steward := r.device("carla-responsabile")
	r.sees("agreements", func() []ledger.Record {
		r.ask("carla-responsabile", http.MethodGet, "/v1/agreements", nil, http.StatusOK)
		r.ask("alba-operatrice", http.MethodGet, "/v1/agreements", nil, http.StatusNotFound)
		read := ledger.Record{Act: act.AgreementsRead, Outcome: act.Allow, Person: carla, Object: string(r.Organisation("aurora"))}
		denied := read
		denied.Outcome, denied.Person = act.Deny, alba
		return []ledger.Record{read, denied}
	})
	r.sees("a roster", func() []ledger.Record {
		draft, err := steward.DraftRoster(ctx)
		must(t, err)
		words := client.Words(lost.Unlocked.Card())
		must(t, draft.Endorse(client.Endorsement{Person: bruna, Words: strings.Join(words[:], " "), Name: "Bruna Sala", Roles: []act.Role{act.Operator}}))
		d, err := steward.SignRoster(ctx, draft)
		must(t, err)
		return []ledger.Record{{Act: act.RosterPut, Outcome: act.Allow, Person: carla, Object: string(r.Organisation("aurora")),
			Hash: d.Own.Roster.Hash, Size: int64(len(d.Own.Roster.Note()))}}
	})
}

// works is what people do with a case.
func (r *recorded) works() {
	t, ctx, alba, franca := r.t, r.t.Context(), r.ID("alba-operatrice"), r.ID("franca-referente")
	var o *client.Opened
	r.sees("a case", func() (want []ledger.Record) {
		var err error
		o, err = r.alba.OpenCase(ctx, client.NewCase{With: r.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
			Content: client.Content{Text: "Buongiorno."}, Alone: true, Holder: franca, Substitute: r.ID("gino-referente")})
		must(t, err)
		for _, v := range []*client.Conversation{o.Thread, o.Inside} {
			want = append(want, appended(act.CaseOpen, v))
		}
		return want
	})
	outside := o.Thread.State.Thread
	r.sees("a thread of it", func() []ledger.Record {
		v, _, err := r.alba.OpenThread(ctx, o.Case, o.Inside, client.NewThread{With: r.Organisation("valfiore"), Alone: true,
			Content: client.Content{Text: "Buongiorno."}, Partners: []ids.Person{r.ID("olga-sportello")}})
		must(t, err)
		return []ledger.Record{appended(act.CaseExtend, v), appended(act.EntryAppend, o.Inside)}
	})
	var file client.Attachment
	attach := func() ledger.Record {
		var err error
		file, err = r.alba.Attach(ctx, bytes.NewReader(make([]byte, 10)), "a", client.DefaultType, 10, nil)
		must(t, err)
		return ledger.Record{Act: act.BlobPut, Outcome: act.Allow, Person: alba, Object: string(file.Blob), Size: envelope.SealedSize(1024)}
	}
	hashed := func(begun ledger.Record) []ledger.Record {
		whole := begun
		must(t, r.Store.Read(ctx, func(tx *store.Tx) error {
			b, _, err := tx.Blob(file.Blob)
			whole.Hash = note.Hash(b.Hash)
			return err
		}))
		return []ledger.Record{begun, whole}
	}
	r.sees("an attachment", func() []ledger.Record { return hashed(attach()) })
	r.sees("it is removed", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodDelete, "/v1/blobs/"+string(file.Blob), nil, http.StatusNoContent)
		return []ledger.Record{{Act: act.BlobDrop, Outcome: act.Allow, Person: alba, Object: string(file.Blob)}}
	})
	var whole ledger.Record
	r.sees("another", func() []ledger.Record { both := hashed(attach()); whole = both[1]; return both })
	r.sees("an entry with it", func() []ledger.Record {
		_, err := r.alba.Post(ctx, o.Thread, client.Content{Attachments: []client.Attachment{file}})
		must(t, err)
		return []ledger.Record{appended(act.EntryAppend, o.Thread)}
	})
	last := o.Thread.Entries[len(o.Thread.Entries)-1].Entry
	officer := r.device("franca-referente")
	var v *client.Conversation
	r.sees("an officer opens it, who first says no reason", func() (want []ledger.Record) {
		_, err := officer.ReadThread(ctx, outside, "")
		if fault.KindOf(err) != fault.ReasonRequired {
			t.Errorf("without a reason: %v", err)
		}
		v, err = officer.ReadThread(ctx, outside, act.ReasonVerify)
		must(t, err)
		return []ledger.Record{{Act: act.ThreadRead, Outcome: act.Deny, Person: franca, Object: string(outside)},
			{Act: act.ThreadRead, Outcome: act.Allow, Person: franca, Object: string(outside), Reason: act.ReasonVerify, Until: 2,
				Size: some, Head: v.State.Head}}
	})
	r.sees("she fetches what it attaches", func() []ledger.Record {
		must(t, officer.Fetch(ctx, v, last.ID, 0, io.Discard, nil))
		return []ledger.Record{{Act: act.BlobRead, Outcome: act.Allow, Person: franca, Object: string(outside), Reason: act.ReasonVerify,
			Entry: last.ID, Size: whole.Size, Hash: whole.Hash}}
	})
	r.sees("who has read", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodGet, "/v1/threads/"+string(outside)+"/readers", nil, http.StatusOK)
		return []ledger.Record{{Act: act.ReadersRead, Outcome: act.Allow, Person: alba, Object: string(outside)}}
	})
	r.sees("an officer asks who has read", func() []ledger.Record {
		r.ask("franca-referente", http.MethodGet, "/v1/threads/"+string(outside)+"/readers", nil, http.StatusNotFound)
		return []ledger.Record{{Act: act.ReadersRead, Outcome: act.Deny, Person: franca, Object: string(outside)}}
	})
	r.sees("proofs", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodGet, "/v1/entries/"+string(last.ID)+"/proof?seen=0", nil, http.StatusOK)
		r.ask("alba-operatrice", http.MethodGet, "/v1/threads/"+string(outside)+"/freshness?seen=0", nil, http.StatusOK)
		return []ledger.Record{{Act: act.ProofRead, Outcome: act.Allow, Person: alba, Object: string(last.ID)},
			{Act: act.ProofRead, Outcome: act.Allow, Person: alba, Object: string(outside)}}
	})
}

// appended is the record of the last entry of a thread, by its author.
func appended(a act.Act, v *client.Conversation) ledger.Record {
	e := v.Entries[len(v.Entries)-1].Entry
	return ledger.Record{Act: a, Outcome: act.Allow, Person: e.Author, Object: string(v.State.Thread), Entry: e.ID, Hash: e.Hash(),
		Head: e.Hash(), Size: some}
}

// audits is what an auditor asks: her own readings are recorded like all others.
func (r *recorded) audits() {
	const auditor = "quinto-controllo"
	quinto, alba := r.ID(auditor), r.ID("alba-operatrice")
	r.device(auditor)
	reading := func(change func(*ledger.Record)) []ledger.Record {
		read := ledger.Record{Act: act.AuditRead, Outcome: act.Allow, Person: quinto}
		change(&read)
		return []ledger.Record{read}
	}
	r.sees("the end of the ledger", func() []ledger.Record {
		r.ask(auditor, http.MethodPost, "/v1/audit/checkpoint?seen=0", nil, http.StatusCreated)
		return reading(func(*ledger.Record) {})
	})
	r.sees("its checkpoints", func() []ledger.Record {
		var all []api.Checkpoint
		must(r.t, json.Unmarshal([]byte(r.ask(auditor, http.MethodGet, "/v1/audit/checkpoints?after=1&size=100000&limit=2", nil, http.StatusOK)), &all))
		if len(all) == 0 {
			r.t.Error("no checkpoints")
			return nil
		}
		return reading(func(read *ledger.Record) { read.From, read.Until = all[0].Size, all[len(all)-1].Size+1 })
	})
	r.sees("checkpoints of which there are none", func() []ledger.Record {
		r.ask(auditor, http.MethodGet, "/v1/audit/checkpoints?after=100000&size=100001&limit=2", nil, http.StatusOK)
		return reading(func(*ledger.Record) {})
	})
	r.sees("its leaves", func() []ledger.Record {
		r.ask(auditor, http.MethodGet, "/v1/audit/leaves?from=2&limit=5", nil, http.StatusOK)
		return reading(func(read *ledger.Record) { read.From, read.Until = 2, 7 })
	})
	r.sees("what somebody has done", func() []ledger.Record {
		var found api.Records
		must(r.t, json.Unmarshal([]byte(r.ask(auditor, http.MethodGet, "/v1/audit/records?limit=2&person="+string(alba), nil, http.StatusOK)), &found))
		return reading(func(read *ledger.Record) {
			read.Object, read.From, read.Until = string(alba), found.Leaves[1].Index, found.Leaves[0].Index+1
		})
	})
	r.sees("a sample", func() []ledger.Record {
		var drawn api.Sample
		must(r.t, json.Unmarshal([]byte(r.ask(auditor, http.MethodPost, "/v1/audit/samples", api.DrawSample{Act: act.EntryAppend, Count: 2},
			http.StatusCreated)), &drawn))
		return []ledger.Record{{Act: act.AuditSample, Outcome: act.Allow, Person: quinto, Hash: drawn.Seed, Of: act.EntryAppend,
			From: drawn.From, Until: drawn.Until, Count: 2}}
	})
	r.sees("somebody who is none", func() []ledger.Record {
		r.ask("alba-operatrice", http.MethodGet, "/v1/audit/leaves?from=2&limit=5", nil, http.StatusNotFound)
		return []ledger.Record{{Act: act.AuditRead, Outcome: act.Deny, Person: alba}}
	})
}

// ends is how sessions end, and what comes afterwards.
func (r *recorded) ends() {
	t, ctx := r.t, r.t.Context()
	alba, bruna, carla, dina, elsa := r.ID("alba-operatrice"), r.ID("bruna-operatrice"), r.ID("carla-responsabile"), r.ID("dina-operatrice"),
		r.ID("elsa-responsabile")
	r.device("dina-operatrice")
	r.sees("signing out", func() []ledger.Record {
		id := r.session("dina-operatrice")
		r.ask("dina-operatrice", http.MethodDelete, "/v1/session", nil, http.StatusNoContent)
		return []ledger.Record{{Act: act.SessionEnd, Outcome: act.Allow, Person: dina, Object: string(id)}}
	})
	r.sees("what has ended comes back", func() []ledger.Record {
		for range 3 {
			r.ask("dina-operatrice", http.MethodGet, "/v1/me", nil, http.StatusUnauthorized)
		}
		return []ledger.Record{{Act: act.SessionUse, Outcome: act.Deny, Person: dina}}
	})
	word := func(claims map[string]any, status int) {
		form := url.Values{"logout_token": {r.logout(t, r.Clock.Now(), claims)}}.Encode()
		a := r.world.ask(t, "", http.MethodPost, httpapi.LogoutPath, form, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		})
		if a.status != status {
			t.Errorf("the provider's word: %d %s, want %d", a.status, a.body, status)
		}
	}
	named := ids.NewSession(rand.Reader)
	_, err := r.Gate.OpenSession(ctx, session.Opening{ID: named, Token: note.Sum([]byte(named)), SID: secret.NewString("s1"),
		Account:   session.Account{Issuer: providerURL, Subject: secret.NewString("elsa-responsabile")},
		Assurance: "otp", AuthenticatedAt: r.Clock.Now(), At: r.Clock.Now(), From: session.From{Request: ids.NewRequest(rand.Reader)}})
	must(t, err)
	r.sees("her provider says that one session has ended", func() []ledger.Record {
		word(map[string]any{"sub": "elsa-responsabile", "sid": "s1"}, http.StatusOK)
		return []ledger.Record{{Act: act.SessionLogout, Outcome: act.Allow, Person: elsa, Object: string(named)}}
	})
	r.sees("that all have", func() []ledger.Record {
		r.device("elsa-responsabile")
		word(map[string]any{"sub": "elsa-responsabile"}, http.StatusOK)
		all := ofOwn(act.SessionLogout, elsa)
		all.Count = 3 // she has signed a roster besides
		return []ledger.Record{all}
	})
	r.sees("a provider that is none", func() []ledger.Record {
		word(map[string]any{"sub": "elsa-responsabile", "iss": "https://other.example"}, http.StatusBadRequest)
		return []ledger.Record{{Act: act.SessionLogout, Outcome: act.Deny, Class: fault.Class(session.ReasonIssuer)}}
	})
	theirs := r.session("alba-operatrice")
	r.sees("a steward ends a session", func() []ledger.Record {
		r.ask("carla-responsabile", http.MethodDelete, "/v1/sessions/"+string(theirs), nil, http.StatusNoContent)
		return []ledger.Record{{Act: act.SessionRevoke, Outcome: act.Allow, Person: carla, Object: string(theirs)}}
	})
	r.sees("and all of a colleague's", func() []ledger.Record {
		r.NewDeviceAt("alba-operatrice", r.world.URL)
		var ended api.Revoked
		must(t, json.Unmarshal([]byte(r.ask("carla-responsabile", http.MethodDelete, "/v1/people/"+string(alba)+"/sessions", nil, http.StatusOK)), &ended))
		return []ledger.Record{{Act: act.SessionRevoke, Outcome: act.Allow, Person: carla, Object: string(alba), Count: ended.Sessions}}
	})
	r.sees("and her sign-in for good", func() []ledger.Record {
		var ended api.Revoked
		must(t, json.Unmarshal([]byte(r.ask("carla-responsabile", http.MethodPost, "/v1/people/"+string(bruna)+"/end", nil, http.StatusOK)), &ended))
		return []ledger.Record{{Act: act.PersonEnd, Outcome: act.Allow, Person: carla, Object: string(bruna), Count: ended.Sessions}}
	})
	r.sees("more than anybody may ask", func() []ledger.Record {
		refused := int64(0)
		for refused < 3 {
			if a := r.world.ask(t, "carla-responsabile", http.MethodGet, "/v1/me", ""); a.status == http.StatusTooManyRequests {
				refused++
			}
		}
		limit := ledger.Record{Act: act.RequestLimit, Outcome: act.Deny, Person: carla}
		others := limit
		others.Count = refused - 1
		return []ledger.Record{limit, others}
	})
}

// session is the one in which somebody asks.
func (r *recorded) session(name string) ids.Session {
	r.t.Helper()
	s, err := r.Gate.Session(r.t.Context(), note.Sum([]byte(r.tokens[name])))
	must(r.t, err)
	return s.ID
}
