package authn_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/authn"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

// beginPage begins a sign-in of the page and returns its flow with what the provider answers.
func (d *desk) beginPage(t *testing.T, replaces ids.Session) (secret.String, url.Values) {
	t.Helper()
	begun, err := d.BeginPage(t.Context(), d.issuer, replaces)
	if err != nil {
		t.Fatal(err)
	}
	if want := d.clock().Add(10 * time.Minute); !begun.Expires.Equal(want) || len(begun.Flow.Reveal()) != 43 {
		t.Errorf("BeginPage = %+v", begun)
	}
	d.from.Browser = session.DeviceFirefox
	return begun.Flow, d.provider.authorize(t, begun.RedirectURL)
}

func (d *desk) enterPage(t *testing.T, replaces ids.Session) authn.Return {
	t.Helper()
	flow, q := d.beginPage(t, replaces)
	back, err := d.Callback(t.Context(), d.from, q, flow)
	if err != nil {
		t.Fatalf("Callback: %v", err)
	}
	return back
}

func TestPage(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	first := d.enterPage(t, "")
	if !first.Page || first.Loopback != "" || !first.Ticket.IsZero() || first.SignedIn.Caller.Person != d.person {
		t.Fatalf("Callback = %+v", first)
	}
	got, err := d.PageCaller(t.Context(), d.from, first.SignedIn.Token)
	if diff := cmp.Diff(first.SignedIn.Caller, got); diff != "" || err != nil {
		t.Errorf("PageCaller: %v (-want +got):\n%s", err, diff)
	}
	// What replaces a session ends it, and says so.
	second := d.enterPage(t, first.SignedIn.Caller.Session)
	if _, err := d.PageCaller(t.Context(), d.from, first.SignedIn.Token); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("the session that was replaced: %v", err)
	}
	if _, err := d.PageCaller(t.Context(), d.from, second.SignedIn.Token); err != nil {
		t.Errorf("the session that replaces it: %v", err)
	}
	request := d.from.Request
	want := []record{{Act: act.SessionBegin, Outcome: act.Allow, Person: d.person, Request: request},
		{Act: act.SessionEnd, Outcome: act.Allow, Person: d.person, Request: request},
		{Act: act.SessionBegin, Outcome: act.Allow, Person: d.person, Request: request}}
	if diff := cmp.Diff(want, d.store.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(d.store.logins)+len(d.store.pending) != 0 {
		t.Error("something of the sign-in was left")
	}
}

// A sign-in that comes back to another browser than it began in is nobody's: neither can an
// attacker sign somebody in as himself, nor have a session of somebody whom he sends to a provider.
func TestPageInAnotherBrowser(t *testing.T) {
	for name, flow := range map[string]func(*desk, *testing.T) secret.String{
		"none":        func(*desk, *testing.T) secret.String { return secret.String{} },
		"another's":   func(d *desk, t *testing.T) secret.String { flow, _ := d.beginPage(t, ""); return flow },
		"a megabyte":  func(*desk, *testing.T) secret.String { return secret.NewString(strings.Repeat("A", 1<<20)) },
		"a challenge": func(*desk, *testing.T) secret.String { return secret.NewString(strings.Repeat("A", 43)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{}, nil)
			other := flow(d, t)
			own, q := d.beginPage(t, "")
			back, err := d.Callback(t.Context(), d.from, q, other)
			if diff := cmp.Diff(authn.Return{Page: true, Reason: session.ReasonVerifier}, back, cmp.Comparer(sameReturn)); diff != "" ||
				fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("Callback = %+v, %v", back, err)
			}
			if len(d.store.sessions)+len(d.store.logins) != 0 {
				t.Error("something was kept that a session could come from")
			}
			if _, err := d.Callback(t.Context(), d.from, q, own); fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("the right browser, afterwards: %v", err)
			}
		})
	}
}

func sameReturn(a, b authn.Return) bool {
	return a.Page == b.Page && a.Reason == b.Reason && a.Loopback == b.Loopback && a.Compare == b.Compare &&
		a.Ticket.Reveal() == b.Ticket.Reveal() && a.SignedIn.Token.Reveal() == b.SignedIn.Token.Reveal()
}

// A provider that does not say when it authenticated somebody leaves her session an old one, unless
// it was asked to ask in a request that her browser could not change.
func TestAuthenticatedAt(t *testing.T) {
	told := time.Unix(now-20, 0).UTC()
	for name, c := range map[string]struct {
		claims    func(map[string]any)
		discovery func(map[string]any)
		prompt    string
		want      time.Time
	}{
		"said":                              {set("auth_time", now-20), nil, "", told},
		"said, though asked":                {set("auth_time", now-20), nil, "consent login", told},
		"unsaid":                            {nil, nil, "", time.Time{}},
		"unsaid, though pushed":             {nil, offers, "", time.Time{}},
		"unsaid, consent asked":             {nil, offers, "consent", time.Time{}},
		"unsaid, asked through her browser": {set("iat", now-20), nil, "consent login", time.Time{}},
		"unsaid, asked directly (SPID)":     {set("iat", now-20), offers, "consent login", told},
	} {
		d := newDesk(t, lie{claims: c.claims, discovery: c.discovery}, func(config *authn.Config) { config.Issuers[0].Prompt = c.prompt })
		if got := d.signIn(t).Caller.AuthenticatedAt; !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A cookie is no bearer's token, nor the other way round, and each has its own idle limit.
func TestPageAndTerminalApart(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	terminal, page := d.signIn(t).Token, d.enterPage(t, "").SignedIn.Token
	if _, err := d.Caller(t.Context(), d.from, page); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("a cookie as bearer: %v", err)
	}
	if _, err := d.PageCaller(t.Context(), d.from, terminal); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("a bearer's token as cookie: %v", err)
	}
	d.pass(session.PageIdleLimit)
	if _, err := d.PageCaller(t.Context(), d.from, page); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("the page after its idle limit: %v", err)
	}
	if _, err := d.Caller(t.Context(), d.from, terminal); err != nil {
		t.Errorf("the command line within its own: %v", err)
	}
	page = d.enterPage(t, "").SignedIn.Token
	for range 40 {
		d.pass(15 * time.Minute)
		if _, err := d.PageCaller(t.Context(), d.from, page); err != nil {
			return // past the absolute limit
		}
	}
	t.Error("a session of the page lasts over ten hours")
}

// Who is bound to nobody redeems an invitation in the page, and may mistype it.
func TestPageInvitation(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	clear(d.store.people)
	d.store.invitations[invitation] = d.person
	back := d.enterPage(t, "")
	if back.Ticket.IsZero() || !back.SignedIn.Token.IsZero() || len(d.store.records) != 0 {
		t.Fatalf("Callback = %+v, records %v", back, d.store.records)
	}
	redeem := func(ticket secret.String, code string) (authn.SignedIn, error) {
		return d.RedeemInvitation(t.Context(), d.from, ticket, secret.NewString(code))
	}
	for _, wrong := range []string{"", " ", "wrong", strings.Repeat("x", 1<<20)} {
		if _, err := redeem(back.Ticket, wrong); fault.KindOf(err) != fault.Invalid {
			t.Errorf("with %.10q: %v", wrong, err)
		}
	}
	for name, ticket := range map[string]secret.String{"none": {}, "another": secret.NewString(strings.Repeat("A", 43)),
		"a command line's code": d.code(t)} {
		if _, err := redeem(ticket, invitation); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("with the ticket %s: %v", name, err)
		}
	}
	// Nor is a ticket a command line's code.
	other := d.enterPage(t, "")
	if _, err := d.redeem(t.Context(), other.Ticket); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("a ticket as code: %v", err)
	}
	signed, err := redeem(back.Ticket, " "+invitation+"\n")
	if err != nil || signed.Caller.Person != d.person {
		t.Fatalf("RedeemInvitation = %+v, %v", signed, err)
	}
	if _, err := d.PageCaller(t.Context(), d.from, signed.Token); err != nil {
		t.Errorf("PageCaller: %v", err)
	}
	if _, err := redeem(back.Ticket, invitation); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("the ticket again: %v", err)
	}
	clear(d.store.people)
	late := d.enterPage(t, "")
	d.pass(10*time.Minute + time.Second)
	if _, err := redeem(late.Ticket, invitation); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("after ten minutes: %v", err)
	}
}

// A session that is not the browser's own is left alone.
func TestPageReplacesOnlyWhatItHas(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	kept := d.signIn(t)
	d.enterPage(t, ids.NewSession(rand.Reader)) // one that has ended
	if _, err := d.Caller(t.Context(), d.from, kept.Token); err != nil {
		t.Errorf("a session that was not replaced: %v", err)
	}
}
