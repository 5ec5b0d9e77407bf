package authn_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/authn"
	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/session"
)

// now is the desk's clock when a table is written; nothing passes before the token is made.
var now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).Unix()

// No session comes from any malformed answer, each refusal says its reason, and the command
// line that waits learns it.
func TestLiesAreRefused(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakKey := jose.JSONWebKey{Key: weak, KeyID: "weak"}
	stranger := newKey(t, "k1")
	encryption := newKey(t, "k1")
	encryption.Use = "enc"
	for name, c := range map[string]struct {
		lie    lie
		issuer func(*authn.Issuer)
		want   session.Reason
	}{
		// What go-oidc lets through.
		"nonce missing":                {lie: lie{claims: drop("nonce")}, want: session.ReasonNonce},
		"nonce of another":             {lie: lie{claims: set("nonce", "another")}, want: session.ReasonNonce},
		"nonce empty":                  {lie: lie{claims: set("nonce", "")}, want: session.ReasonNonce},
		"azp of another":               {lie: lie{claims: set("azp", "another")}, want: session.ReasonAudience},
		"aud with another":             {lie: lie{claims: set("aud", []string{clientID, "another"})}, want: session.ReasonAudience},
		"aud twice us":                 {lie: lie{claims: set("aud", []string{clientID, clientID})}, want: session.ReasonAudience},
		"typ of an access token":       {lie: lie{header: typ("at+jwt")}, want: session.ReasonType},
		"typ of a logout token":        {lie: lie{header: typ("logout+jwt")}, want: session.ReasonType},
		"iat missing":                  {lie: lie{claims: drop("iat")}, want: session.ReasonIssuedAt},
		"iat in the future":            {lie: lie{claims: set("iat", now+61)}, want: session.ReasonIssuedAt},
		"iat eleven minutes ago":       {lie: lie{claims: set("iat", now-11*60)}, want: session.ReasonIssuedAt},
		"iat ten years ago":            {lie: lie{claims: set("iat", now-315360000)}, want: session.ReasonIssuedAt},
		"iat a text":                   {lie: lie{claims: set("iat", "1795165200")}, want: session.ReasonForm},
		"iat a fraction":               {lie: lie{claims: set("iat", 0.5)}, want: session.ReasonForm},
		"nbf in the future":            {lie: lie{claims: set("nbf", now+120)}, want: session.ReasonIssuedAt},
		"exp in the year 2999":         {lie: lie{claims: set("exp", 32472144000)}, want: session.ReasonExpiry},
		"exp in 25 hours":              {lie: lie{claims: set("exp", now+25*3600)}, want: session.ReasonExpiry},
		"at_hash empty":                {lie: lie{claims: set("at_hash", "")}, want: session.ReasonAccessToken},
		"at_hash of another":           {lie: lie{claims: set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")}, want: session.ReasonAccessToken},
		"sub empty":                    {lie: lie{claims: set("sub", "")}, want: session.ReasonSubject},
		"sub missing":                  {lie: lie{claims: drop("sub")}, want: session.ReasonSubject},
		"sub null":                     {lie: lie{claims: set("sub", nil)}, want: session.ReasonSubject},
		"sub of 256":                   {lie: lie{claims: set("sub", strings.Repeat("x", 256))}, want: session.ReasonSubject},
		"sub of a megabyte":            {lie: lie{claims: set("sub", strings.Repeat("x", 1<<20))}, want: session.ReasonForm},
		"sub not ASCII":                {lie: lie{claims: set("sub", "opératrice")}, want: session.ReasonSubject},
		"sub with a control":           {lie: lie{claims: set("sub", "operator\x00-a")}, want: session.ReasonSubject},
		"sub a number":                 {lie: lie{claims: set("sub", 7)}, want: session.ReasonForm},
		"sub twice":                    {lie: lie{payload: insert(`"sub":"admin"`)}, want: session.ReasonForm},
		"sub and SUB":                  {lie: lie{payload: insert(`"SUB":"admin"`)}, want: session.ReasonForm},
		"sub and ſub":                  {lie: lie{payload: insert(`"ſub":"admin"`)}, want: session.ReasonForm},
		"SUB alone":                    {lie: lie{payload: replace(`"sub"`, `"SUB"`)}, want: session.ReasonForm},
		"a name twice, deep":           {lie: lie{payload: insert(`"x":[{"a":1,"b":{"c":1,"C":2}}]`)}, want: session.ReasonForm},
		"escaped name twice":           {lie: lie{payload: insert(`"\u0073ub":"admin"`)}, want: session.ReasonForm},
		"not UTF-8":                    {lie: lie{payload: insert("\"x\":\"\xff\"")}, want: session.ReasonForm},
		"two objects":                  {lie: lie{payload: func(raw string) string { return raw + "{}" }}, want: session.ReasonForm},
		"claims a list":                {lie: lie{payload: func(string) string { return "[]" }}, want: session.ReasonForm},
		"no second factor":             {lie: lie{claims: set("amr", []string{"pwd"})}, want: session.ReasonSecondFactor},
		"amr missing":                  {lie: lie{claims: drop("amr")}, want: session.ReasonSecondFactor},
		"amr a text":                   {lie: lie{claims: set("amr", "otp")}, want: session.ReasonForm},
		"amr in another case":          {lie: lie{claims: set("amr", []string{"OTP"})}, want: session.ReasonSecondFactor},
		"acr ignored by the rule":      {lie: lie{claims: func(c map[string]any) { c["acr"], c["amr"] = "otp", nil }}, want: session.ReasonSecondFactor},
		"acr too low":                  {issuer: acrOnly("urn:three"), want: session.ReasonSecondFactor},
		"acr empty":                    {lie: lie{claims: set("acr", "")}, issuer: acrOnly("urn:two"), want: session.ReasonSecondFactor},
		"amr where acr is asked":       {lie: lie{claims: func(c map[string]any) { c["amr"] = []string{"urn:two"}; delete(c, "acr") }}, issuer: acrOnly("urn:two"), want: session.ReasonSecondFactor},
		"auth_time missing":            {issuer: maxAge, want: session.ReasonAuthTime},
		"auth_time too old":            {lie: lie{claims: set("auth_time", now-121)}, issuer: maxAge, want: session.ReasonAuthTime},
		"auth_time in the future":      {lie: lie{claims: set("auth_time", now+61)}, want: session.ReasonAuthTime},
		"auth_time a text":             {lie: lie{claims: set("auth_time", "0")}, issuer: maxAge, want: session.ReasonForm},
		"RSA of 1024 bits":             {lie: lie{keys: only(weakKey), sign: signBy(jose.RS256, weakKey)}, want: session.ReasonSignature},
		"a header name twice":          {lie: lie{sign: rawHeader(`{"alg":"ES256","kid":"k1","KID":"k2"}`)}, want: session.ReasonForm},
		"a header name twice, strange": {lie: lie{sign: rawHeader(`{"alg":"ES256","kid":"k1","x":1,"X":2}`)}, want: session.ReasonForm},
		"ID token of five parts":       {lie: lie{sign: func(l *liar, p []byte) string { return signBy(jose.ES256, l.key)(l, p) + ".x.y" }}, want: session.ReasonForm},
		"ID token of 100 KB":           {lie: lie{claims: set("x", strings.Repeat("x", 100<<10))}, want: session.ReasonForm},
		"a header in another case":     {lie: lie{sign: rawHeader(`{"alg":"ES256","kid":"k1","TYP":"JWT"}`)}, want: session.ReasonForm},
		"a critical header":            {lie: lie{sign: rawHeader(`{"alg":"ES256","kid":"k1","crit":["x"],"x":1}`)}, want: session.ReasonForm},
		"keys in another case":         {lie: lie{keys: func(l *liar) string { return `{"KEYS":[` + marshal(l.key.Public()) + `]}` }}, want: session.ReasonSignature},
		"keys twice":                   {lie: lie{keys: func(l *liar) string { return `{"keys":[],"Keys":[` + marshal(l.key.Public()) + `]}` }}, want: session.ReasonUnavailable},
		"a key for encryption":         {lie: lie{keys: only(encryption), sign: signBy(jose.ES256, encryption)}, want: session.ReasonSignature},
		"a private key shown":          {lie: lie{keys: func(l *liar) string { return marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.key}}) }}, want: session.ReasonSignature},
		"no key id among two":          {lie: lie{keys: twoKeys, sign: withoutKeyID}, want: session.ReasonSignature},
		"ID token is a JSON JWS":       {lie: lie{sign: jsonJWS}, want: session.ReasonForm},
		"ID token missing":             {lie: lie{response: drop("id_token")}, want: session.ReasonForm},
		"ID token a number":            {lie: lie{response: set("id_token", 1)}, want: session.ReasonForm},
		"ID_TOKEN beside it":           {lie: lie{response: set("ID_TOKEN", "x")}, want: session.ReasonForm},
		"access token missing":         {lie: lie{response: drop("access_token")}, want: session.ReasonForm},
		"access token of another":      {lie: lie{response: set("access_token", "another")}, want: session.ReasonAccessToken},
		"token type of another":        {lie: lie{response: set("token_type", "mac")}, want: session.ReasonForm},
		"iss of another":               {lie: lie{answer: func(q url.Values) { q.Set("iss", "https://another.example") }}, want: session.ReasonIssuer},
		"iss missing, though said":     {lie: lie{answer: func(q url.Values) { q.Del("iss") }}, want: session.ReasonIssuer},
		"iss strange, though unsaid": {lie: lie{discovery: drop("authorization_response_iss_parameter_supported"),
			answer: func(q url.Values) { q.Set("iss", "https://another.example") }}, want: session.ReasonIssuer},
		"the provider's own error": {lie: lie{answer: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }}, want: session.ReasonProvider},
		"an error beside a code":   {lie: lie{answer: func(q url.Values) { q.Set("error", "") }}, want: session.ReasonProvider},
		"no code":                  {lie: lie{answer: func(q url.Values) { q.Del("code") }}, want: session.ReasonForm},
		"a code of 5000":           {lie: lie{answer: func(q url.Values) { q.Set("code", strings.Repeat("x", 5000)) }}, want: session.ReasonForm},
		// What go-oidc refuses: that we still do.
		"iss of the token":        {lie: lie{claims: set("iss", "https://another.example")}, want: session.ReasonIssuer},
		"iss with a slash":        {lie: lie{payload: func(raw string) string { return strings.Replace(raw, `","nonce`, `/","nonce`, 1) }}, want: session.ReasonIssuer},
		"aud of another":          {lie: lie{claims: set("aud", "another")}, want: session.ReasonAudience},
		"aud missing":             {lie: lie{claims: drop("aud")}, want: session.ReasonAudience},
		"exp missing":             {lie: lie{claims: drop("exp")}, want: session.ReasonExpiry},
		"exp now":                 {lie: lie{claims: set("exp", now)}, want: session.ReasonExpiry},
		"signed by a stranger":    {lie: lie{sign: signBy(jose.ES256, stranger)}, want: session.ReasonSignature},
		"alg none":                {lie: lie{sign: algNone}, want: session.ReasonSignature},
		"HS256 by the public key": {lie: lie{sign: signBy(jose.HS256, []byte("0123456789abcdef0123456789abcdef"))}, want: session.ReasonSignature},
		"alg not announced":       {lie: lie{discovery: set("id_token_signing_alg_values_supported", []string{"RS256"})}, want: session.ReasonSignature},
		// How the provider answers at all.
		"token response by a redirect": {lie: lie{serve: at("/token", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		})}, want: session.ReasonUnavailable},
		"token response a form": {lie: lie{serve: at("/token", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
			_, _ = w.Write([]byte("access_token=x&token_type=Bearer"))
		})}, want: session.ReasonForm},
		"token response without end":      {lie: lie{serve: at("/token", endless)}, want: session.ReasonForm},
		"token response unpacks to 2 MiB": {lie: lie{serve: at("/token", bomb)}, want: session.ReasonForm},
		"token response padded to 2 MiB":  {lie: lie{padding: 2 << 20}, want: session.ReasonForm},
		"token response never ends":       {lie: lie{serve: at("/token", stall)}, want: session.ReasonUnavailable},
		"token refused":                   {lie: lie{serve: at("/token", status(http.StatusBadRequest))}, want: session.ReasonProvider},
		"token broken":                    {lie: lie{serve: at("/token", status(http.StatusBadGateway))}, want: session.ReasonUnavailable},
		"keys by a redirect": {lie: lie{serve: at("/keys", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		})}, want: session.ReasonUnavailable},
		"keys without end": {lie: lie{serve: at("/keys", endless)}, want: session.ReasonUnavailable},
		"keys broken":      {lie: lie{serve: at("/keys", status(http.StatusInternalServerError))}, want: session.ReasonUnavailable},
		"51 keys":          {lie: lie{keys: func(*liar) string { return `{"keys":[` + strings.Repeat("{},", 50) + "{}]}" }}, want: session.ReasonUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.lie, func(config *authn.Config) {
				config.ProviderTimeout = patience(name)
				if c.issuer != nil {
					c.issuer(&config.Issuers[0])
				}
			})
			q, err := d.comeBack(t)
			kind := fault.Unauthenticated
			if c.want == session.ReasonUnavailable {
				kind = fault.Unavailable
			}
			if err == nil || fault.KindOf(err) != kind {
				t.Errorf("Callback: %v, want kind %s", err, kind)
			}
			if diff := cmp.Diff(url.Values{"error": {string(c.want)}, "state": {loopbackState}}, q); diff != "" {
				t.Errorf("what the command line learns (-want +got), %v:\n%s", err, diff)
			}
			want := []record{{Act: act.SessionBegin, Outcome: act.Deny, Reason: c.want, Issuer: d.issuer, Request: d.from.Request}}
			if diff := cmp.Diff(want, d.store.records); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if len(d.store.logins) != 0 || len(d.store.sessions) != 0 {
				t.Error("something was kept that a session could come from")
			}
		})
	}
}

// A provider whose discovery document is not to be trusted is not used at all.
func TestLyingDiscovery(t *testing.T) {
	elsewhere := func(name string) lie { return lie{discovery: set(name, "https://elsewhere.example/x")} }
	for name, l := range map[string]lie{
		"another issuer":          {discovery: set("issuer", "https://elsewhere.example")},
		"ISSUER alone":            {document: replace(`"issuer"`, `"ISSUER"`)},
		"issuer and ISSUER":       {document: insert(`"ISSUER":"https://elsewhere.example"`)},
		"authorization elsewhere": elsewhere("authorization_endpoint"),
		"token elsewhere":         elsewhere("token_endpoint"),
		"keys elsewhere":          elsewhere("jwks_uri"),
		"keys missing":            {discovery: drop("jwks_uri")},
		"token with a user": {document: func(raw string) string {
			return strings.Replace(raw, `"token_endpoint":"http://`, `"token_endpoint":"http://u@`, 1)
		}},
		"token on https": {document: func(raw string) string {
			return strings.Replace(raw, `"token_endpoint":"http://`, `"token_endpoint":"https://`, 1)
		}},
		"token relative":          {discovery: set("token_endpoint", "/token")},
		"no PKCE":                 {discovery: drop("code_challenge_methods_supported")},
		"plain PKCE":              {discovery: set("code_challenge_methods_supported", []string{"plain"})},
		"no algorithm":            {discovery: set("id_token_signing_alg_values_supported", []string{"none", "HS256"})},
		"a field of another type": {discovery: set("jwks_uri", 1)},
		"a redirect": {serve: func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return true
		}},
		"said to be HTML":    {media: "text/html"},
		"said to be nothing": {media: ";"},
		"without end":        {serve: func(w http.ResponseWriter, r *http.Request) bool { endless(w, r); return true }},
		"two megabytes":      {serve: func(w http.ResponseWriter, r *http.Request) bool { bomb(w, r); return true }},
		"never ends":         {serve: func(w http.ResponseWriter, r *http.Request) bool { stall(w, r); return true }},
		"server failure":     {serve: func(w http.ResponseWriter, r *http.Request) bool { status(500)(w, r); return true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, l, func(c *authn.Config) { c.ProviderTimeout = patience(name) })
			to, err := d.begin(t)
			if to != "" || fault.KindOf(err) != fault.Unavailable {
				t.Errorf("Begin = %q, %v, want kind %s", to, err, fault.Unavailable)
			}
			if err != nil && len(err.Error()) > 600 {
				t.Errorf("the error quotes %d bytes of the provider", len(err.Error()))
			}
			if len(d.store.pending) != 0 {
				t.Error("a sign-in is pending")
			}
		})
	}
}

// What a person may be told is not what a provider wrote: its texts are in no error.
func TestProviderTextsStayOut(t *testing.T) {
	const canary = "Maria Rossi"
	d := newDesk(t, lie{serve: at("/token", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		writeJSON(w, `{"error":"invalid_grant","error_description":"`+canary+`"}`)
	})}, nil)
	if _, err := d.comeBack(t); err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("Callback: %v", err)
	}
	d = newDesk(t, lie{serve: func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, canary, http.StatusBadGateway)
		return true
	}}, nil)
	if _, err := d.begin(t); err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("Begin: %v", err)
	}
	d = newDesk(t, lie{claims: set("sub", canary), payload: insert(`"exp":"` + canary + `"`)}, nil)
	if _, err := d.comeBack(t); err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("Callback: %v", err)
	}
}

// A truthful provider's answers in their lawful variants are accepted.
func TestTruthIsAccepted(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	strong := jose.JSONWebKey{Key: rsaKey, KeyID: "rsa"}
	for name, c := range map[string]struct {
		lie       lie
		issuer    func(*authn.Issuer)
		assurance string
	}{
		"plain":               {assurance: "otp"},
		"acr":                 {issuer: acrOnly("urn:two"), assurance: "urn:two"},
		"aud a list":          {lie: lie{claims: set("aud", []string{clientID})}, assurance: "otp"},
		"azp is us":           {lie: lie{claims: set("azp", clientID)}, assurance: "otp"},
		"no typ":              {lie: lie{header: func(h map[jose.HeaderKey]any) { delete(h, "typ") }}, assurance: "otp"},
		"a claim unknown":     {lie: lie{claims: set("sid", "x")}, assurance: "otp"},
		"max_age":             {lie: lie{claims: set("auth_time", now-60)}, issuer: maxAge, assurance: "otp"},
		"no iss, none said":   {lie: lie{discovery: drop("authorization_response_iss_parameter_supported"), answer: func(q url.Values) { q.Del("iss") }}, assurance: "otp"},
		"RSA of 2048 bits":    {lie: lie{keys: only(strong), sign: signBy(jose.RS256, strong)}, assurance: "otp"},
		"no key id, one key":  {lie: lie{sign: withoutKeyID}, assurance: "otp"},
		"sub of 255":          {lie: lie{claims: set("sub", strings.Repeat("x", 255))}, assurance: "otp"},
		"no at_hash":          {lie: lie{claims: drop("at_hash")}, assurance: "otp"},
		"unknown parameter":   {lie: lie{answer: func(q url.Values) { q.Set("session_state", "x") }}, assurance: "otp"},
		"unknown kind of key": {lie: lie{keys: func(l *liar) string { return `{"keys":[{"kty":"X"},` + marshal(l.key.Public()) + `]}` }}, assurance: "otp"},
		"a clock a bit ahead": {lie: lie{claims: set("iat", now+59)}, assurance: "otp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.lie, func(config *authn.Config) {
				if c.issuer != nil {
					c.issuer(&config.Issuers[0])
				}
			})
			d.code(t)
			for _, l := range d.store.logins {
				if l.Assurance != c.assurance || l.Account.Issuer != d.issuer || l.Account.Subject.IsZero() {
					t.Errorf("login %+v, want assurance %q", l, c.assurance)
				}
			}
			if len(d.store.records) != 0 {
				t.Errorf("records: %v", d.store.records)
			}
		})
	}
}

// Each of fifty tokens with an unknown key id must not make the service fetch keys.
func TestKeysAreFetchedOnceAMinute(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	d.signIn(t)
	rotate := func(kid string) {
		d.provider.mu.Lock()
		defer d.provider.mu.Unlock()
		d.provider.key = newKey(t, kid)
	}
	fetches := func() int {
		d.provider.mu.Lock()
		defer d.provider.mu.Unlock()
		return d.provider.keyAsked
	}
	rotate("k2")
	for range 50 {
		if q, err := d.comeBack(t); q.Get("error") != string(session.ReasonSignature) {
			t.Fatalf("Callback = %v, %v", q, err)
		}
	}
	if got := fetches(); got != 1 {
		t.Errorf("%d fetches within a minute, want 1", got)
	}
	d.pass(time.Minute)
	d.signIn(t) // the new key is found
	d.signIn(t) // and kept
	if got := fetches(); got != 2 {
		t.Errorf("%d fetches after a minute, want 2", got)
	}
	// A key that the provider no longer shows is not believed for ever.
	old := d.provider.key
	rotate("k3")
	d.provider.lie.sign = signBy(jose.ES256, old)
	d.pass(time.Hour)
	if q, err := d.comeBack(t); q.Get("error") != string(session.ReasonSignature) {
		t.Errorf("with a withdrawn key: Callback = %v, %v", q, err)
	}
}

// A provider that is down costs one try in ten seconds, and is found again.
func TestProviderComesBack(t *testing.T) {
	tries, down := 0, true
	d := newDesk(t, lie{serve: func(w http.ResponseWriter, r *http.Request) bool {
		tries++
		if down {
			status(http.StatusServiceUnavailable)(w, r)
		}
		return down
	}}, nil)
	for range 20 {
		if _, err := d.begin(t); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("Begin: %v", err)
		}
	}
	if tries != 1 {
		t.Errorf("%d tries, want 1", tries)
	}
	down = false
	d.pass(10 * time.Second)
	d.signIn(t)
}

// Somebody who goes away while the service asks a provider fails nobody else's sign-in.
func TestGoneWhileAsking(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Begin(gone, authn.BeginRequest{Issuer: d.issuer, Port: loopbackPort, State: loopbackState,
		Challenge: strings.Repeat("A", 43)}); err != nil {
		t.Errorf("Begin: %v", err)
	}
	d.signIn(t)
}

// An issuer that is no longer configured ends the sign-ins that are pending with it.
func TestIssuerWithdrawn(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	to, err := d.begin(t)
	if err != nil {
		t.Fatal(err)
	}
	answer := d.provider.authorize(t, to)
	d.Authn, err = authn.New(authn.Config{RedirectURL: redirectURL, Sessions: d.store, Now: d.clock, Rand: rand.Reader,
		Issuers: []authn.Issuer{{URL: "https://other.example", ClientID: clientID, ClientSecret: secret.NewString("x"),
			SecondFactor: authn.SecondFactor{AMR: []string{"otp"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	back, err := d.Callback(t.Context(), d.from, answer, secret.String{})
	if q := query(t, back.Loopback); q.Get("error") != string(session.ReasonIssuer) || fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("Callback = %v, %v", q, err)
	}
}
