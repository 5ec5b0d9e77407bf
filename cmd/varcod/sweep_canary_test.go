package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/go-json-experiment/json"

	"varco/dev/browser/agent"
	"varco/dev/devprovider"
	"varco/dev/sample"
	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/app"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/envelope"
	"varco/internal/httpapi"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/thread"
)

// letFly sends the markers through the network: somebody new is invited and signs in at
// another provider, makes her keys, is put on the roster, opens a case and is answered.
func letFly(t *testing.T, n *sample.Network) *canary {
	t.Helper()
	c := &canary{network: n, anchors: anchorsOf(t, n), auditor: device{}.of(t, n, "ugo")}
	who, invitation, provider, label := c.invite(t)
	u := c.signIn(t, provider, label, invitation)
	phrase, err := keyring.NewPhrase(rand.Reader)
	must(t, err)
	for _, between := range []string{" ", "-", ""} {
		c.mark("a phrase", strings.Join(strings.Fields(strings.ReplaceAll(phrase.Reveal(), "-", " ")), between))
		c.never(1)
	}
	author, err := u.Enrol(t.Context(), phrase)
	must(t, err)
	c.endorse(t, who, author)
	c.keysOf(t, author, phrase)
	c.talk(t, author)
	c.stray(t)
	c.own(t)
	return c
}

// invite loads a second network file while the service runs: an organisation with an
// agreement, another provider, and an invitation of somebody whom only that provider knows.
func (c *canary) invite(t *testing.T) (who ids.Person, invitation secret.String, provider, label string) {
	t.Helper()
	password := secret.NewString(c.draw("a client secret"))
	c.markers[len(c.markers)-1].must = []string{credentials}
	label = c.draw("the label of an account")
	p, err := devprovider.Start(t.Context(), devprovider.Config{
		Clients:  []devprovider.Client{{ID: "varco", Secret: password, RedirectURIs: []string{c.network.Service + httpapi.CallbackPath}}},
		Accounts: []devprovider.Account{{Subject: c.draw("the subject of an account"), Label: label, AMR: []string{"otp"}}}})
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	must(t, os.WriteFile(filepath.Join(c.network.Dir, "service", "credentials", app.SecretFile(p.Issuer())), []byte(password.Reveal()), 0o600))

	// What people see of a provider is public, and proves that the database is searched.
	public := "Accesso " + rand.Text()
	c.kept("the label of a provider", []byte(public))
	who = ids.NewPerson(rand.Reader)
	centre, other := c.network.Resident("anna").Organisation, ids.NewOrganisation(rand.Reader)
	text := fmt.Sprintf(`
[[organisation]]
id = %q
kind = "partner"
name = %q
[[agreement]]
id = %q
name = %q
parties = [%q, %q]
[[agreement.term]]
from = 2025-01-01
until = 2099-12-31
[[issuer]]
url = %q
client_id = "varco"
label = %q
amr = ["otp"]
[[invitation]]
id = %q
person = %q
organisation = %q
until = 2099-12-31
`, other, c.draw("the name of an organisation"), ids.NewAgreement(rand.Reader), c.draw("the name of an agreement"), centre, other,
		p.Issuer(), public, ids.NewInvitation(rand.Reader), who, centre)
	path := filepath.Join(t.TempDir(), "network.toml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	said, err := exec.CommandContext(t.Context(), "varcod", "network", "apply", "--config",
		filepath.Join(c.network.Dir, "service", "varcod.toml"), path).Output()
	must(t, err)
	code := regexp.MustCompile(`code (\S+)`).FindSubmatch(said)
	if code == nil {
		t.Fatalf("no invitation was given out: %s", said)
	}
	c.mark("an invitation", string(code[1]))
	c.mark("an invitation without hyphens", strings.ReplaceAll(string(code[1]), "-", ""))
	return who, secret.NewString(string(code[1])), p.Issuer(), label
}

// signIn signs in as the command line does.
func (c *canary) signIn(t *testing.T, provider, label string, invitation secret.String) *client.Client {
	t.Helper()
	waiting, err := reach.Listen(t.Context(), rand.Reader)
	must(t, err)
	defer func() { must(t, waiting.Close()) }()
	begin, err := url.Parse(waiting.Address(c.network.Service, provider))
	must(t, err)
	browser, err := agent.New(label)
	must(t, err)
	_, err = browser.Visit(t.Context(), begin, nil)
	must(t, err)
	code, verifier, err := waiting.Wait(t.Context())
	must(t, err)
	u, err := client.New(client.Parts{Transport: reach.New(c.network.Service), Service: c.network.Service, Anchors: c.anchors,
		Memory: &client.Volatile{}, Now: time.Now, Rand: rand.Reader, Work: least})
	must(t, err)
	_, err = u.SignIn(t.Context(), api.Redeem{Code: code.Reveal(), Verifier: verifier.Reveal(), Invitation: invitation.Reveal()})
	must(t, err)
	c.mark("the code of a sign-in", code.Reveal())
	c.mark("the verifier of a sign-in", verifier.Reveal())
	c.mark("the state of a sign-in", begin.Query().Get("state"))
	c.mark("the token of a session", u.Token().Reveal())
	return u
}

// endorse puts her on the roster under a name.
func (c *canary) endorse(t *testing.T, who ids.Person, author *client.Unlocked) {
	t.Helper()
	steward := device{}.of(t, c.network, "carla")
	draft, err := steward.DraftRoster(t.Context())
	must(t, err)
	words := client.Words(author.Card())
	must(t, draft.Endorse(client.Endorsement{Person: who, Words: strings.Join(words[:], " "), Name: c.draw("the name of a person"),
		Roles: []act.Role{act.Operator}}))
	_, err = steward.SignRoster(t.Context(), draft)
	must(t, err)
	for _, r := range c.network.People {
		if len(r.Name) >= leastMarker {
			c.mark("the name of "+r.Handle, r.Name)
		}
		c.mark("the token of "+r.Handle, device{}.of(t, c.network, r.Handle).Token().Reveal())
		c.mark("the name of the organisation of "+r.Handle, r.Place)
	}
}

// privateKey finds the text of an age identity.
var privateKey = regexp.MustCompile(`AGE-SECRET-KEY-\S+`)

// markKey adds a person's private key in its own form and as the bytes that it stands for.
func (c *canary) markKey(t *testing.T, what, identity string) {
	t.Helper()
	c.mark(what, identity)
	c.mark(what+", its bytes", string(bech32Data(t, identity)))
	c.never(2)
}

// bech32Data returns the bytes that a bech32 text stands for, without its checksum.
func bech32Data(t *testing.T, text string) []byte {
	t.Helper()
	text = strings.ToLower(text)
	text = text[strings.LastIndex(text, "1")+1:]
	var data []byte
	bits, have := 0, 0
	for _, c := range text[:len(text)-6] {
		value := strings.IndexRune("qpzry9x8gf2tvdw0s3jn54khce6mua7l", c)
		if value < 0 {
			t.Fatalf("not bech32: %q", c)
		}
		bits, have = bits<<5|value, have+5
		if have >= 8 {
			have -= 8
			data = append(data, byte(bits>>have))
			bits &= 1<<have - 1
		}
	}
	return data
}

// keysOf marks everything that is inside of somebody's locks and keyring.
func (c *canary) keysOf(t *testing.T, u *client.Unlocked, phrase secret.String) {
	t.Helper()
	var stored api.Keyring
	c.ask(t, u.Token(), "GET", "/v1/keyring", nil, &stored)
	parsed, err := keyring.ParsePhrase(phrase.Reveal())
	must(t, err)
	scrypt, err := age.NewScryptIdentity(parsed.Reveal())
	must(t, err)
	opened, err := age.Decrypt(bytes.NewReader(stored.Locks[0].File), scrypt)
	must(t, err)
	padded, err := io.ReadAll(opened)
	must(t, err)
	lock, err := envelope.Unpad(padded)
	must(t, err)
	key := privateKey.FindString(string(lock))
	c.markKey(t, "the key of a keyring", key)
	k, err := hybrid.ParseIdentity(secret.NewString(key))
	must(t, err)
	ring, err := k.Open(stored.File)
	must(t, err)
	for line := range strings.Lines(string(ring)) {
		fields := strings.Fields(line)
		if fields[0] != "key" {
			continue
		}
		c.markKey(t, "an identity", fields[2])
		seed, err := base64.StdEncoding.DecodeString(fields[3])
		must(t, err)
		c.mark("a signing key", fields[3])
		c.mark("a signing key, its bytes", string(seed))
		c.never(2)
		c.identity, err = hybrid.ParseIdentity(secret.NewString(fields[2]))
		must(t, err)
	}
}

// talk lets her open a case and be answered.
func (c *canary) talk(t *testing.T, author *client.Unlocked) {
	t.Helper()
	olga, piero := c.network.Resident("olga"), c.network.Resident("piero")
	o, err := author.OpenCase(t.Context(), client.NewCase{With: olga.Organisation, Topic: "RDL-01", Urgency: "U2",
		Content: c.content("a question"), Inside: c.content("a note of the centre alone"),
		Colleagues: []ids.Person{c.network.Resident("anna").ID}, Holder: olga.ID, Substitute: piero.ID})
	must(t, err)
	officer := device{}.of(t, c.network, "olga")
	v, err := officer.ReadThread(t.Context(), o.Thread.State.Thread, act.ReasonCentreAsked)
	must(t, err)
	_, err = officer.Post(t.Context(), v, c.content("an answer"))
	must(t, err)
	must(t, author.ReadOn(t.Context(), o.Thread, ""))
	_, err = author.Post(t.Context(), o.Thread, c.content("a second question"))
	must(t, err)
	_, err = author.Post(t.Context(), o.Inside, c.content("a second note"))
	must(t, err)
	c.attach(t, author, o.Thread)
	stranger := device{}.of(t, c.network, "rosa")
	if _, err := stranger.ReadThread(t.Context(), o.Thread.State.Thread, act.ReasonNew); err == nil {
		t.Fatal("an officer of another office reads")
	}

	for what, text := range map[string]string{"a thread": string(o.Thread.State.Thread), "a person": string(author.Person()),
		"a reason": string(act.ReasonCentreAsked)} {
		c.kept(what, []byte(text), ledgerText, auditBundle)
	}
	// Which threads make a case is known to the service, and not to auditors.
	c.kept("a case", []byte(o.Case))
	for _, id := range []ids.Thread{o.Thread.State.Thread, o.Inside.State.Thread} {
		c.sealed(t, author.Token(), id)
	}
}

// attach lets her send a file, which is larger than a part, and an officer get it.
func (c *canary) attach(t *testing.T, author *client.Unlocked, v *client.Conversation) {
	t.Helper()
	words := c.content("what is in an attachment").Text
	name := c.draw("the name of an attachment")
	c.never(1)
	file := strings.Repeat(words+" ", 5<<20/len(words))
	a, err := author.Attach(t.Context(), strings.NewReader(file), name, client.DefaultType, int64(len(file)), nil)
	must(t, err)
	content := c.content("what is said of an attachment")
	content.Attachments = []client.Attachment{a}
	_, err = author.Post(t.Context(), v, content)
	must(t, err)
	officer := device{}.of(t, c.network, "olga")
	read, err := officer.ReadThread(t.Context(), v.State.Thread, act.ReasonCentreAsked)
	must(t, err)
	var got bytes.Buffer
	must(t, officer.Fetch(t.Context(), read, read.Entries[len(read.Entries)-1].Entry.ID, 0, &got, nil))
	if got.String() != file {
		t.Error("another attachment has come")
	}
	kept, err := os.ReadFile(filepath.Join(c.network.Dir, "service", "blobs", "whole", string(a.Blob)))
	must(t, err)
	c.mark("a sealed attachment", string(middle(kept)), attachments)
	// Its identifier is in the header, which auditors see.
	c.kept("the identifier of an attachment", []byte(a.Blob), attachments, auditBundle)
	c.markers[len(c.markers)-1].may = append(c.markers[len(c.markers)-1].may, ledgerText)
}

// sealed marks the bodies and grants of a thread, and opens her grant: what is inside is known
// to nobody but members.
func (c *canary) sealed(t *testing.T, token secret.String, id ids.Thread) {
	t.Helper()
	var page api.Page
	c.ask(t, token, "POST", "/v1/threads/"+string(id)+"/readings", api.Read{Limit: 10}, &page)
	for _, e := range page.Entries {
		c.newest = middle(e.Body)
		c.kept("a sealed body", c.newest)
		for _, g := range e.Grants {
			c.kept("a grant", middle(g.Sealed))
			epoch, err := c.identity.Open(g.Sealed)
			must(t, err)
			c.markKey(t, "the identity of an epoch", privateKey.FindString(string(epoch)))
		}
	}
	first, err := thread.Parse([]byte(page.Entries[0].Header))
	must(t, err)
	c.kept("the recipient of an epoch", []byte(first.Key.Recipient), auditBundle)
}

// middle is a run of bytes out of a sealed file. It is short, since a page of the database ends
// somewhere.
func middle(file []byte) []byte { return file[len(file)-200:][:32] }

// stray sends markers where nobody expects any: none may be written down.
func (c *canary) stray(t *testing.T) {
	t.Helper()
	send := func(method, path, body string, header http.Header) {
		r, err := http.NewRequestWithContext(t.Context(), method, c.network.Service+path, strings.NewReader(body))
		must(t, err)
		r.Header = header
		resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
		must(t, err)
		must(t, resp.Body.Close())
	}
	signedIn := http.Header{"Authorization": {"Bearer " + c.auditor.Token().Reveal()}, "Content-Type": {"application/json"}}
	send("GET", "/v1/me", "", http.Header{"Authorization": {"Bearer " + c.draw("a token that is none")}})
	send("GET", "/v1/me", "", http.Header{"User-Agent": {c.draw("a program's name")}, "X-Forwarded-For": {c.draw("an address")},
		"X-Request-Id": {c.draw("somebody's own request id")}, "Referer": {"http://localhost/" + c.draw("a referrer")}})
	send("GET", "/"+c.draw("a path that there is not"), "", nil)
	send("GET", "/v1/threads/"+c.draw("a thread that is none")+"/readers", "", signedIn)
	send("GET", "/v1/audit/leaves?from="+c.draw("a number that is none")+"&limit=1", "", signedIn)
	send("POST", "/v1/entries", `{"parcels":[{"header":"`+c.draw("a header that is none")+`"}]}`, signedIn)
	send("POST", "/v1/entries", `{"`+c.draw("a member that there is not")+`":1}`, signedIn)
	send("POST", "/v1/session", `{"code":"`+c.draw("a code that is none")+`","verifier":"`+c.draw("a verifier that is none")+
		`","invitation":"`+c.draw("an invitation that is none")+`"}`, http.Header{"Content-Type": {"application/json"}})
	send("GET", "/v1/login?issuer="+c.draw("an issuer that there is not")+"&port=1&challenge=x&state="+c.draw("a state that is none"), "", nil)
	send("GET", httpapi.CallbackPath+"?state="+c.draw("a state that nobody gave")+"&code="+c.draw("a provider's code"), "", nil)
	send(c.draw("a method that is none"), "/v1/me", "", nil)
	c.mark("the route of a request", "/v1/threads/{thread}/readers", serviceLog)
}

// own marks the service's own keys, which are where they belong and nowhere else.
func (c *canary) own(t *testing.T) {
	t.Helper()
	folder := filepath.Join(c.network.Dir, "service", "credentials")
	identity, err := os.ReadFile(filepath.Join(folder, app.VaultCredentialFile))
	must(t, err)
	c.mark("the credential of the sealed columns", strings.TrimSpace(string(identity)), credentials)
	log, err := os.ReadFile(filepath.Join(folder, app.LogKeyFile))
	must(t, err)
	_, seed, _ := strings.Cut(strings.TrimSpace(string(log)), "seed ")
	c.mark("the log's key", seed, credentials)
	raw, err := base64.StdEncoding.DecodeString(seed)
	must(t, err)
	c.mark("the log's key, its bytes", string(raw))
	c.markers[len(c.markers)-1].must, c.markers[len(c.markers)-1].inMemory = []string{credentials}, true
}

// ask sends one request without a client that would believe or keep anything.
func (c *canary) ask(t *testing.T, token secret.String, method, path string, request, answer any) {
	t.Helper()
	var body []byte
	if request != nil {
		var err error
		body, err = json.Marshal(request)
		must(t, err)
	}
	status, got, err := reach.New(c.network.Service).Do(context.Background(), token, method, path, body)
	must(t, err)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, got)
	}
	must(t, json.Unmarshal(got, answer))
}
