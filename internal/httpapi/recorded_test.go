package httpapi_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/client"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/secret"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/varcotest"
)

const (
	providerURL = "https://provider.example" // of everybody's sign-ins in varcotest
	clientID    = "varco"
)

// provider answers for providerURL, and signs what it says.
type provider struct{ key jose.JSONWebKey }

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return &provider{jose.JSONWebKey{Key: key, KeyID: "k1", Algorithm: "ES256", Use: "sig"}}
}

// RoundTrip answers the service.
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	var said any = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.key.Public()}}
	if r.URL.Path != "/keys" {
		said = map[string]any{"issuer": providerURL, "authorization_endpoint": providerURL + "/auth", "token_endpoint": providerURL + "/token",
			"jwks_uri": providerURL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"},
			"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true}
	}
	text, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
}

// logout is its word that somebody has signed out there.
func (p *provider) logout(t *testing.T, at time.Time, claims map[string]any) string {
	t.Helper()
	all := map[string]any{"iss": providerURL, "aud": clientID, "iat": at.Unix(), "exp": at.Unix() + 120, "jti": rand.Text(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}
	for k, v := range claims {
		all[k] = v
	}
	text, err := json.Marshal(all)
	must(t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key}, (&jose.SignerOptions{}).WithType("logout+jwt"))
	must(t, err)
	signed, err := signer.Sign(text)
	must(t, err)
	token, err := signed.CompactSerialize()
	must(t, err)
	return token
}

// recorded is a service over HTTP whose ledger is looked at after each thing that somebody does.
type recorded struct {
	*varcotest.Network
	*provider
	t      *testing.T
	world  *world // for asking
	tokens map[string]string
	alba   *client.Unlocked
	roles  map[ids.Person][]act.Role
	done   map[act.Act]bool
}

func newRecorded(t *testing.T) *recorded {
	t.Helper()
	r := &recorded{Network: varcotest.New(t), provider: newProvider(t), t: t, done: map[act.Act]bool{}}
	r.roles = map[ids.Person][]act.Role{r.ID("alba-operatrice"): {act.Operator}, r.ID("bruna-operatrice"): {act.Operator},
		r.ID("carla-responsabile"): {act.Coordinator}, r.ID("dina-operatrice"): {act.Operator}, r.ID("franca-referente"): {act.Officer},
		r.ID("quinto-controllo"): {act.Auditor}}
	signIns, err := authn.New(authn.Config{RedirectURL: "http://localhost" + httpapi.CallbackPath, Sessions: r.Gate, Now: r.Clock.Now,
		Rand: rand.Reader, Transport: r.provider, Issuers: []authn.Issuer{{URL: providerURL, ClientID: clientID,
			ClientSecret: secret.NewString("secret"), SecondFactor: authn.SecondFactor{AMR: []string{"otp"}}}}})
	must(t, err)
	handler, err := httpapi.New(httpapi.Config{Gate: r.Gate, Authn: signIns, Now: r.Clock.Now, Rand: rand.Reader, URL: "http://localhost",
		Limits: httpapi.Limits{PersonPerMinute: 400, AddressPerMinute: 1e6, FailuresPerMinute: 1e6},
		Log:    slog.New(slog.DiscardHandler), Ready: func(context.Context) error { return nil },
		Service: func(context.Context) (api.Service, error) {
			return api.Service{Origin: varcotest.Origin, Log: r.Anchors.LogKey}, nil
		}})
	must(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	r.tokens = map[string]string{}
	r.world = &world{Server: server, tokens: r.tokens}
	return r
}

// device signs somebody in over HTTP's back and unlocks: what she does then goes over HTTP.
func (r *recorded) device(name string) *client.Unlocked {
	r.t.Helper()
	d := r.NewDeviceAt(name, r.world.URL)
	r.tokens[name] = d.Client.Token().Reveal()
	return r.Unlock(name, d)
}

// ask sends a request as somebody, which must be answered so.
func (r *recorded) ask(who, method, path string, body any, status int) string {
	r.t.Helper()
	text := ""
	if body != nil {
		raw, err := json.Marshal(body)
		must(r.t, err)
		text = string(raw)
	}
	a := r.world.ask(r.t, who, method, path, text)
	if a.status != status {
		r.t.Fatalf("%s %s as %q: %d %s, want %d", method, path, who, a.status, a.body, status)
	}
	return a.body
}

// some is any number, where what it is depends on how things are sealed.
const some = -1

// sees looks for what do leaves in the ledger: of the acts of the records that it returns exactly these,
// in this order and no more. What is the same in all records of what somebody asks is looked at here.
func (r *recorded) sees(name string, do func() []ledger.Record) {
	r.t.Helper()
	before := len(storetest.Records(r.t, r.Store))
	want := do()
	must(r.t, r.Gate.RecordRefusals(r.t.Context()))
	var acts []act.Act
	for _, w := range want {
		acts = append(acts, w.Act)
	}
	var got []ledger.Record
	for _, g := range storetest.Records(r.t, r.Store)[before:] {
		if slices.Contains(acts, g.Act) {
			got = append(got, g)
		}
	}
	for i := range got {
		r.usual(name, &got[i])
		if i < len(want) {
			if want[i].Size == some && got[i].Size > 0 {
				got[i].Size = some
			}
			r.done[want[i].Act] = true
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(ledger.Record{}, "At", "Organisation", "Roles", "Session", "Request", "Assurance",
		"Source", "Policies", "PolicySet"), cmpopts.EquateEmpty()); diff != "" {
		r.t.Errorf("%s: records (-want +got):\n%s", name, diff)
	}
}

// usual checks what each record says besides: who, from where, in which session, by which policies.
func (r *recorded) usual(name string, g *ledger.Record) {
	r.t.Helper()
	decided := !slices.Contains([]act.Act{act.SessionBegin, act.InvitationUse, act.SessionLogout, act.SessionUse, act.RequestLimit}, g.Act)
	if decided != (len(g.Policies) > 0) && (g.Outcome == act.Allow || !decided) || decided == g.PolicySet.IsZero() {
		r.t.Errorf("%s: %s by the policies %q of %s", name, g.Act, g.Policies, g.PolicySet)
	}
	if want := r.roles[g.Person]; decided && !slices.Equal(g.Roles, want) || !decided && g.Roles != nil {
		r.t.Errorf("%s: %s in the roles %q, want %q", name, g.Act, g.Roles, want)
	}
	if !g.At.Equal(r.Clock.Now()) || g.Request == "" {
		r.t.Errorf("%s: %s at %s in the request %q", name, g.Act, g.At, g.Request)
	}
	if g.Person == "" {
		return
	}
	var home ids.Organisation
	must(r.t, r.Store.Read(r.t.Context(), func(tx *store.Tx) error {
		p, _, err := tx.Person(g.Person)
		home = p.Organisation
		return err
	}))
	if g.Organisation != home {
		r.t.Errorf("%s: %s for %s, want %s", name, g.Act, g.Organisation, home)
	}
	if (g.Session == "" || g.Assurance == "") && (g.Act != act.SessionLogout || g.Object != string(g.Person)) {
		r.t.Errorf("%s: %s in the session %q by %q", name, g.Act, g.Session, g.Assurance)
	}
	if g.Source == "" && g.Act != act.SessionLogout { // that comes from the provider
		r.t.Errorf("%s: %s from nowhere", name, g.Act)
	}
}
