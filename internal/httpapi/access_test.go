package httpapi_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/client"
	"varco/internal/envelope"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/store"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// The access matrix over HTTP: every role, every operation of the OpenAPI document, somebody
// else's object. "Not yours" and "does not exist" have the same status, the same headers, the
// same body, and the same statements were executed for them.
//
// An operation that the document gains has to be added to one of the two tables, or the test
// fails.

// own are the operations that name no object, or only the caller's own: there is nothing of
// somebody else's to ask for.
var own = map[string]string{
	"EndSession":      "the caller's own session",
	"Sessions":        "the caller's own sessions",
	"Me":              "the caller herself",
	"Keyring":         "the caller's own keyring",
	"PutKeyring":      "the caller's own keyring",
	"PutCard":         "the caller's own card",
	"PutRoster":       "the roster of the caller's own organisation",
	"Directory":       "whoever the caller deals with",
	"Agreements":      "those of the caller's own organisation",
	"ListCases":       "the caller's own threads",
	"Pokes":           "the caller's own news",
	"Notices":         "the caller's own address",
	"PutNotices":      "the caller's own address",
	"OpenCase":        "a case whose identifier the caller draws; who names another's is denied, which tells whoever knows it that there is one",
	"BeginBlob":       "an attachment whose identifier is made of the caller's",
	"AuditCheckpoint": "the whole ledger: an auditor's",
	"Checkpoints":     "the whole ledger: an auditor's",
	"Audit":           "the whole ledger: an auditor's",
	"DrawSample":      "the whole ledger: an auditor's",
	"SearchLedger":    "the whole ledger: an auditor's; an object that is nobody's finds nothing",
}

// object is what somebody may ask for: a real one of somebody else's, or one of nobody's.
type object struct {
	thread  ids.Thread
	entry   ids.Entry
	blob    ids.Blob
	person  ids.Person
	session ids.Session
}

func nobodysObject() object {
	return object{ids.NewThread(rand.Reader), ids.NewEntry(rand.Reader), ids.NewBlob(rand.Reader), ids.NewPerson(rand.Reader),
		ids.NewSession(rand.Reader)}
}

// others says what the body of a request for somebody else's object is, by operation. What the
// path names is filled in by its parameters.
var others = map[string]func(*matrix, who, object) any{
	"ReadThread": func(_ *matrix, w who, _ object) any { return api.Read{Reason: w.reason(), Limit: 10} },
	"Readers":    nil,
	"Proof":      nil,
	"Freshness":  nil,
	"PutPart":    func(*matrix, who, object) any { return "a part" },
	"FinishBlob": func(*matrix, who, object) any { return api.FinishBlob{Hash: note.Sum(nil)} },
	"DropBlob":   nil,
	"ReadBlob":   nil,
	"SessionsOf": nil, "RevokeSession": nil, "RevokeSessions": nil, "EndPerson": nil,
	"AppendEntry": func(m *matrix, w who, o object) any {
		return api.Append{Parcels: []api.Parcel{m.entry(w, o.thread, thread.Message)}}
	},
}

// permitted are the operations that somebody may ask on everybody's objects, by her role.
var permitted = map[string]string{"Proof": "quinto-controllo", "Freshness": "quinto-controllo", "SessionsOf": "carla-responsabile",
	"RevokeSession": "carla-responsabile", "RevokeSessions": "carla-responsabile", "EndPerson": "carla-responsabile"}

// who is one row of the matrix: somebody who has no part in the object.
type who struct {
	name string
	inps bool // of an office
}

// reason is given by who is of an office: without one she is asked for it, whatever she names.
func (w who) reason() act.Reason {
	if w.inps {
		return act.ReasonNew
	}
	return ""
}

// outsiders are of every role, in every relation to a case of Alba's with Franca.
var outsiders = []who{
	{"carla-responsabile", false}, // coordinator of the same centre, not in the case
	{"dina-operatrice", false},    // operator of another centre
	{"elsa-responsabile", false},  // coordinator of another centre
	{"hilda-referente", true},     // officer of the same office, not designated for the case
	{"luca-referente", true},      // officer of another office
	{"ines-direttrice", true},     // manager of the same office
	{"nora-direttrice", true},     // manager of another office
	{"olga-sportello", false},     // works at the Comune
	{"rita-registro", false},      // registrar
	{"quinto-controllo", false},   // auditor
	{"sara-tavolo", false},        // observer of the steering table
	{"ugo-invitato", false},       // has signed in and is on no roster
	{"gino-referente", true},      // was its substitute, and has recused
	{"bruna-operatrice", false},   // was in it, and was removed
}

func TestAccessMatrix(t *testing.T) {
	m := newMatrix(t)
	objects := map[string]object{"with the office": m.object(m.opened.Thread), "inside": m.object(m.opened.Inside), "with the Comune": m.object(m.partner)}
	asked := map[string]bool{}
	for path, methods := range describe(t).Paths {
		for method, op := range methods {
			if len(op.Security) == 0 {
				continue // open to everybody: TestOpenOperations
			}
			body, of := others[op.OperationID]
			_, mine := own[op.OperationID]
			if of == mine {
				t.Errorf("%s %s (%s): say in access_test.go how it is asked for somebody else's object, or that it has none",
					method, path, op.OperationID)
				continue
			}
			if mine {
				if strings.Contains(path, "{") {
					t.Errorf("%s %s (%s) names an object and can't be one's own only", method, path, op.OperationID)
				}
				continue
			}
			asked[op.OperationID] = true
			method = strings.ToUpper(method)
			for _, w := range outsiders {
				if permitted[op.OperationID] == w.name {
					continue
				}
				for kind, o := range objects {
					if m.seated(w, o) {
						continue
					}
					t.Run(op.OperationID+"/"+w.name+"/"+kind, func(t *testing.T) { m.compare(t, w, method, path, body, o) })
				}
			}
			t.Run(op.OperationID+"/nobody", func(t *testing.T) { m.nobody(t, method, path, body, objects["inside"]) })
		}
	}
	for id := range others {
		if !asked[id] {
			t.Errorf("no operation of the document is called %s", id)
		}
	}
}

// Whatever kind of entry an outsider writes: also a recusal, for which nobody needs a role and whose
// conflict tells a member where the thread goes on.
func TestAccessMatrixOfKinds(t *testing.T) {
	m := newMatrix(t)
	there := m.object(m.opened.Thread)
	for _, kind := range thread.Kinds {
		if kind == thread.Open {
			continue // begins a thread of one's own
		}
		body := func(m *matrix, w who, o object) any {
			return api.Append{Parcels: []api.Parcel{m.entry(w, o.thread, kind)}}
		}
		for _, w := range outsiders {
			t.Run(string(kind)+"/"+w.name, func(t *testing.T) { m.compare(t, w, http.MethodPost, "/v1/entries", body, there) })
		}
	}
}

// Everyone's roles are covered, so that a role that the vocabulary gains is not forgotten here.
func TestAccessMatrixHasEveryRole(t *testing.T) {
	m := newMatrix(t)
	seen := map[act.Role]bool{}
	for _, w := range outsiders {
		me, err := m.network.Person(w.name).Me(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range me.Roles {
			seen[role] = true
		}
		if w.inps != (me.Kind == act.INPS) {
			t.Errorf("%s is of kind %s", w.name, me.Kind)
		}
	}
	for _, role := range act.Roles {
		if !seen[role] {
			t.Errorf("nobody in the matrix is %s", role)
		}
	}
}

// matrix is the service over HTTP, and a case that is none of the outsiders' business.
type matrix struct {
	*httptest.Server
	t       *testing.T
	network *varcotest.Network
	opened  *client.Opened
	partner *client.Conversation // of the same case, with a Comune
	signers map[string]note.Signer
	cards   map[string]note.Hash
	epoch   seal.Epoch // of her own making: see give
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	n := varcotest.New(t)
	for name, joins := range map[string]struct {
		organisation, steward string
		role                  act.Role
	}{"hilda-referente": {"levante", "ines-direttrice", act.Officer}, "sara-tavolo": {"vigilanza", "rita-registro", act.Observer}} {
		n.Invite(name, joins.organisation)
		n.Enrol(name)
		n.SignRoster(joins.steward, func(d *client.RosterDraft) {
			must(t, d.Endorse(client.Endorsement{Person: n.ID(name), Words: n.Words(name), Name: "Una Persona", Roles: []act.Role{joins.role}}))
		})
	}
	n.Invite("ugo-invitato", "betulla")
	n.Enrol("ugo-invitato")
	o, err := n.Person("alba-operatrice").OpenCase(t.Context(), client.NewCase{
		With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2", Content: client.Content{Text: "Buongiorno."},
		Colleagues: []ids.Person{n.ID("bruna-operatrice")}, Holder: n.ID("franca-referente"), Substitute: n.ID("gino-referente")})
	must(t, err)
	partner := further(t, n, o)
	m := &matrix{Server: httptest.NewServer(serve(t, n)), t: t, network: n, opened: o, partner: partner,
		signers: map[string]note.Signer{}, cards: map[string]note.Hash{}}
	t.Cleanup(m.Close)
	return m
}

// further goes on with a case: another thread of it is with a Comune, the substitute recuses, and a
// colleague is removed.
func further(t *testing.T, n *varcotest.Network, o *client.Opened) *client.Conversation {
	t.Helper()
	alba, ctx := n.Person("alba-operatrice"), t.Context()
	partner, _, err := alba.OpenThread(ctx, o.Case, o.Inside, client.NewThread{With: n.Organisation("valfiore"),
		Content: client.Content{Text: "Buongiorno."}, Colleagues: []ids.Person{n.ID("bruna-operatrice")}, Partners: []ids.Person{n.ID("olga-sportello")}})
	must(t, err)
	_, err = n.Person("gino-referente").RecuseUnread(ctx, o.Thread.State.Thread)
	must(t, err)
	for _, v := range []*client.Conversation{o.Thread, o.Inside, partner} {
		must(t, alba.ReadOn(ctx, v, ""))
		_, err := alba.ChangeMembers(ctx, v, client.Change{Remove: []ids.Person{n.ID("bruna-operatrice")}, Inside: o.Inside})
		must(t, err)
	}
	return partner
}

// seated reports whether somebody is a member of an object's thread.
func (m *matrix) seated(w who, o object) bool {
	return o.thread == m.partner.State.Thread && m.partner.State.Member(m.network.ID(w.name)) != nil
}

// serve is the real handler before the network's door.
func serve(t *testing.T, n *varcotest.Network) http.Handler {
	t.Helper()
	signIns, err := authn.New(authn.Config{RedirectURL: "http://localhost" + httpapi.CallbackPath, Sessions: n.Gate,
		Now: n.Clock.Now, Rand: rand.Reader})
	must(t, err)
	handler, err := httpapi.New(httpapi.Config{Gate: n.Gate, Authn: signIns, Now: n.Clock.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Ready: func(context.Context) error { return nil },
		URL:     "http://localhost",
		Service: func(context.Context) (api.Service, error) { return api.Service{}, nil }})
	must(t, err)
	return handler
}

// object is a thread with an entry and an attachment of it.
func (m *matrix) object(v *client.Conversation) object {
	alba := m.network.Resident("alba-operatrice")
	open, err := m.network.Gate.Session(context.Background(), note.Sum([]byte(alba.Device.Client.Token().Reveal())))
	must(m.t, err)
	o := object{v.State.Thread, v.Entries[0].Entry.ID, ids.NewBlob(rand.Reader), alba.ID, open.ID}
	must(m.t, m.network.Store.Write(context.Background(), func(tx *store.Tx) error {
		hash := note.Sum(nil)
		err := tx.PutBlob(o.blob, m.network.ID("alba-operatrice"), envelope.SealedSize(1024))
		if err == nil {
			_, err = tx.FinishBlob(o.blob, hash[:])
		}
		if err == nil {
			_, err = tx.BindBlob(o.blob, o.entry)
		}
		return err
	}))
	return o
}

// compare asks for somebody else's object and for nobody's.
func (m *matrix) compare(t *testing.T, w who, method, path string, body func(*matrix, who, object) any, theirs object) {
	nobodys := nobodysObject()
	ask := func(o object) answer { return m.ask(t, w.name, method, fill(path, o), encode(t, m, w, o, body)) }
	ask(nobodysObject()) // so that nothing is looked up for the first time
	var there, not answer
	did := m.network.Statements(func() { there = ask(theirs) })
	m.denied(t, w, theirs, there)
	would := m.network.Statements(func() { not = ask(nobodys) })
	m.denied(t, w, nobodys, not)
	wanted := http.StatusNotFound
	if w.inps && strings.HasSuffix(path, "/blobs/{blob}") && method == http.MethodGet {
		wanted = http.StatusForbidden // whatever she names: her reason is that of the thread that she has opened
	}
	if there.status != wanted {
		t.Errorf("not hers: %d %s", there.status, there.body)
	}
	if diff := cmp.Diff(blank(not), blank(there), cmp.AllowUnexported(answer{})); diff != "" {
		t.Errorf("the answers differ (-nobody's +not hers):\n%s", diff)
	}
	if diff := cmp.Diff(besides(would), besides(did)); diff != "" {
		t.Errorf("the statements differ (-nobody's +not hers):\n%s", diff)
	}
}

// denied looks whether the last record is of what was answered: denied to her, about what she has named and
// no more.
func (m *matrix) denied(t *testing.T, w who, o object, a answer) {
	t.Helper()
	var last ledger.Record
	must(t, m.network.Store.Read(t.Context(), func(tx *store.Tx) error {
		size, err := tx.Size()
		if err != nil {
			return err
		}
		leaves, err := tx.Leaves(size-1, 1)
		if err == nil {
			last, err = ledger.ParseRecord(*leaves[0].Text)
		}
		return err
	}))
	named := []string{string(o.thread), string(o.entry), string(o.blob), string(o.person), string(o.session)}
	if last.Outcome != act.Deny || last.Request == "" || string(last.Request) != a.header.Get("X-Request-Id") || last.Person != m.network.ID(w.name) || !slices.Contains(named, last.Object) || last.Entry != "" ||
		last.Size != 0 || last.Until != 0 || !last.Hash.IsZero() || !last.Head.IsZero() {
		t.Errorf("recorded %+v", last)
	}
}

// nobody has no session, and learns nothing from what she names.
func (m *matrix) nobody(t *testing.T, method, path string, body func(*matrix, who, object) any, theirs object) {
	dina := outsiders[1]
	there := m.ask(t, "", method, fill(path, theirs), encode(t, m, dina, theirs, body))
	if there.status != http.StatusUnauthorized {
		t.Errorf("nobody: %d %s", there.status, there.body)
	}
}

// besides takes out of statements what the leaf's number alone decides: how many hashes of
// the tree a record completes.
func besides(statements []string) []string {
	for i, s := range statements {
		statements[i] = strings.ReplaceAll(s, ", (?, ?)", "")
	}
	return statements
}

func fill(path string, o object) string {
	return strings.NewReplacer("{thread}", string(o.thread), "{entry}", string(o.entry), "{blob}", string(o.blob), "{at}", "0",
		"{person}", string(o.person), "{session}", string(o.session)).Replace(path)
}

func encode(t *testing.T, m *matrix, w who, o object, body func(*matrix, who, object) any) string {
	t.Helper()
	if body == nil {
		return ""
	}
	text, err := json.Marshal(body(m, w, o))
	must(t, err)
	return string(text)
}

func (m *matrix) ask(t *testing.T, name, method, path, body string) answer {
	t.Helper()
	w := &world{Server: m.Server, tokens: map[string]string{}}
	if name != "" {
		m.network.Person(name)
		w.tokens[name] = m.network.Resident(name).Device.Client.Token().Reveal()
	}
	return w.ask(t, name, method, path, body)
}

// learn opens somebody's keyring, as only her own device does.
func (m *matrix) learn(name string) {
	if m.signers[name] != nil {
		return
	}
	u := m.network.Person(name)
	w := m.network.Wire(name)
	status, stored, err := w.Do(context.Background(), m.network.Resident(name).Device.Client.Token(), http.MethodGet, "/v1/keyring", nil)
	var kept api.Keyring
	must(m.t, err)
	if status != http.StatusOK {
		m.t.Fatalf("the keyring of %s: %d %s", name, status, stored)
	}
	must(m.t, json.Unmarshal(stored, &kept))
	sealed := keyring.Sealed{File: kept.File}
	for _, l := range kept.Locks {
		sealed.Locks = append(sealed.Locks, keyring.Lock(l))
	}
	keys, err := keyring.Open(sealed, m.network.Resident(name).Phrase, varcotest.Work())
	must(m.t, err)
	signer, err := keys.Signer(u.Card().Serial)
	must(m.t, err)
	m.signers[name], m.cards[name] = signer, u.Card().Hash
}
