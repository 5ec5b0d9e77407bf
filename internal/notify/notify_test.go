package notify_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/notify"
	"varco/internal/secret"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const (
	sender   = "agenda@varco.example"
	user     = "agenda"
	password = "CANARY-password"
)

// post is a mail server, and what it has got.
type post struct {
	address string
	roots   *x509.CertPool

	mu       sync.Mutex
	messages []message        // guarded by mu
	helo     []string         // guarded by mu
	answers  map[string]error // guarded by mu; to a recipient
	data     error            // guarded by mu; to a message
}

type message struct{ from, to, text string }

// newPost starts a real mail server on this machine: with TLS it wants STARTTLS and a sign-in.
func newPost(t *testing.T, secure bool) *post {
	t.Helper()
	p := &post{answers: map[string]error{}}
	s := smtp.NewServer(p)
	s.Domain, s.ReadTimeout, s.WriteTimeout = "mail.example", 10*time.Second, 10*time.Second
	if secure {
		var certificate tls.Certificate
		certificate, p.roots = certify(t)
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	p.address = l.Addr().String()
	go s.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = s.Close() })
	return p
}

// certify makes a certificate of mail.example, and the pool that trusts it.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mail.example"}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	parsed, err := x509.ParseCertificate(der)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.helo = append(p.helo, c.Hostname())
	_, secure := c.TLSConnectionState()
	return &envelope{post: p, secure: secure, open: p.roots == nil}, nil
}

func (p *post) got() []message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]message(nil), p.messages...)
}

// envelope is one connection. It takes mail from who has signed in, or from anybody without TLS.
type envelope struct {
	post         *post
	secure, open bool
	message
}

func (e *envelope) AuthMechanisms() []string { return []string{sasl.Plain} }

func (e *envelope) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, u, p string) error {
		if e.open = e.secure && u == user && p == password; !e.open {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (e *envelope) Reset()        { e.message = message{} }
func (e *envelope) Logout() error { return nil }

func (e *envelope) Mail(from string, _ *smtp.MailOptions) error {
	if !e.open {
		return smtp.ErrAuthRequired
	}
	e.from = from
	return nil
}

func (e *envelope) Rcpt(to string, _ *smtp.RcptOptions) error {
	e.post.mu.Lock()
	defer e.post.mu.Unlock()
	e.to = to
	return e.post.answers[to]
}

func (e *envelope) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	e.text = string(text)
	e.post.mu.Lock()
	defer e.post.mu.Unlock()
	if err = errors.Join(err, e.post.data); err != nil {
		return e.post.data
	}
	e.post.messages = append(e.post.messages, e.message)
	return nil
}

func (p *post) sender(t *testing.T) *notify.SMTP {
	t.Helper()
	var own *tls.Config
	u := ""
	if p.roots != nil {
		own, u = &tls.Config{RootCAs: p.roots, ServerName: "mail.example", MinVersion: tls.VersionTLS12}, user
	}
	s, err := notify.NewSMTP(p.address, sender, u, secret.NewString(password), own)
	must(t, err)
	return s
}

var eight = time.Date(2027, 3, 1, 7, 0, 0, 0, time.UTC)

// A notice is the same for everybody and everything but for the recipient, the hour and a number
// that was drawn, and names nothing.
func TestNotice(t *testing.T) {
	for _, secure := range []bool{true, false} {
		p := newPost(t, secure)
		s := p.sender(t)
		for _, to := range []string{"anna@centro.example", "carla@ufficio.example"} {
			must(t, s.Send(t.Context(), secret.NewString(to), eight))
		}
		got := p.got()
		if len(got) != 2 {
			t.Fatalf("%d messages", len(got))
		}
		seen := map[string]bool{}
		for i, to := range []string{"anna@centro.example", "carla@ufficio.example"} {
			if got[i].from != sender || got[i].to != to {
				t.Errorf("envelope %s to %s", got[i].from, got[i].to)
			}
			m, err := netmail.ReadMessage(strings.NewReader(got[i].text))
			must(t, err)
			id := m.Header.Get("Message-Id")
			if seen[id] || !strings.HasSuffix(id, "@varco.example>") {
				t.Errorf("Message-ID %s", id)
			}
			seen[id] = true
			m.Header["Message-Id"] = nil
			want := netmail.Header{"From": {"<" + sender + ">"}, "To": {"<" + to + ">"}, "Subject": {"Agenda"}, "Message-Id": nil,
				"Date": {"Mon, 01 Mar 2027 07:00:00 +0000"}, "Mime-Version": {"1.0"}, "Auto-Submitted": {"auto-generated"},
				"Content-Type": {"text/plain; charset=UTF-8"}, "Content-Transfer-Encoding": {"7bit"}}
			if diff := cmp.Diff(want, m.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			body, err := io.ReadAll(m.Body)
			must(t, err)
			if strings.TrimRight(string(body), "\r\n") != "1 aggiornamento" {
				t.Errorf("body %q", body)
			}
		}
		for _, name := range p.helo {
			if name != "varco.example" {
				t.Errorf("the server was told %q", name)
			}
		}
	}
}

// Nothing goes out without TLS to another machine, to a server of another name, or without a
// sign-in that succeeds; and no error holds the password or an address.
func TestNoNotice(t *testing.T) {
	p := newPost(t, true)
	_, strangers := certify(t)
	open := newPost(t, false)
	for name, c := range map[string]struct {
		server, user, password string
		own                    *tls.Config
	}{
		"another certificate": {p.address, user, password, &tls.Config{RootCAs: strangers, ServerName: "mail.example", MinVersion: tls.VersionTLS12}},
		"another name":        {p.address, user, password, &tls.Config{RootCAs: p.roots, ServerName: "else.example", MinVersion: tls.VersionTLS12}},
		"another password":    {p.address, user, "CANARY", &tls.Config{RootCAs: p.roots, ServerName: "mail.example", MinVersion: tls.VersionTLS12}},
		"password in clear":   {open.address, user, password, nil},
		"nobody there":        {"127.0.0.1:1", "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := notify.NewSMTP(c.server, sender, c.user, secret.NewString(c.password), c.own)
			must(t, err)
			err = s.Send(t.Context(), secret.NewString("CANARY@centro.example"), eight)
			if err == nil || errors.Is(err, notify.ErrRefused) || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("got %v", err)
			}
		})
	}
	if len(p.got())+len(open.got()) > 0 {
		t.Error("something went out")
	}
	if !notify.NeedsTLS("mail.example:25", sender) || notify.NeedsTLS("localhost:25", sender) {
		t.Error("a server on another machine is spoken to in clear")
	}
}

// outbox is what the door would say, with a crash wherever a test wants one.
type outbox struct {
	due   []gate.Notice
	ended []ids.Person
	again map[ids.Person]time.Time
}

func (o *outbox) ClaimNotices(context.Context, time.Time, time.Time, int64) ([]gate.Notice, error) {
	due := o.due
	o.due = nil
	return due, nil
}

func (o *outbox) EndNotice(_ context.Context, p ids.Person, _ time.Time) error {
	o.ended = append(o.ended, p)
	return nil
}

func (o *outbox) RetryNotice(_ context.Context, p ids.Person, at time.Time) error {
	o.again[p] = at
	return nil
}

// What a server refuses for now is tried later, and what it refuses for good is not.
func TestAnswers(t *testing.T) {
	p := newPost(t, true)
	p.answers["busy@x.example"] = &smtp.SMTPError{Code: 451, Message: "CANARY"}
	p.answers["gone@x.example"] = &smtp.SMTPError{Code: 550, Message: "CANARY"}
	hours, err := notify.ParseHours([]string{"08:00", "13:00"}, "Europe/Rome")
	must(t, err)
	var log strings.Builder
	now := eight.Add(time.Minute)
	o := &outbox{again: map[ids.Person]time.Time{}, due: []gate.Notice{
		{Person: "p-busy", Address: secret.NewString("busy@x.example")},
		{Person: "p-gone", Address: secret.NewString("gone@x.example")},
		{Person: "p-tired", Address: secret.NewString("busy@x.example"), Tries: 60},
		{Person: "p-fine", Address: secret.NewString("fine@x.example")}}}
	k := &notify.Keeper{Outbox: o, Sender: p.sender(t), Hours: hours, Now: func() time.Time { return now },
		Log: slog.New(slog.NewTextHandler(&log, nil))}
	must(t, k.Look(t.Context()))
	if diff := cmp.Diff([]ids.Person{"p-gone", "p-fine"}, o.ended); diff != "" {
		t.Errorf("ended (-want +got):\n%s", diff)
	}
	want := map[ids.Person]time.Time{"p-busy": now.Add(time.Minute), "p-tired": now.Add(64 * time.Minute)}
	if diff := cmp.Diff(want, o.again); diff != "" || k.Sent() != 1 || k.Failed() != 3 {
		t.Errorf("again (-want +got), %d sent, %d failed:\n%s", k.Sent(), k.Failed(), diff)
	}
	p.data = &smtp.SMTPError{Code: 554, Message: "CANARY"}
	o.due = []gate.Notice{{Person: "p-data", Address: secret.NewString("fine@x.example")}}
	must(t, k.Look(t.Context()))
	if o.again["p-data"].IsZero() {
		t.Error("a message that was refused is not tried again")
	}
	if strings.Contains(log.String(), "CANARY") || strings.Contains(log.String(), "@") {
		t.Errorf("the log holds an address:\n%s", log.String())
	}
}

func TestHours(t *testing.T) {
	hours, err := notify.ParseHours([]string{"02:30", "08:00", "13:00"}, "Europe/Rome")
	must(t, err)
	for _, c := range []struct{ now, hour, next string }{
		{"2027-03-01T07:00:00Z", "2027-03-01T07:00:00Z", "2027-03-01T12:00:00Z"},
		{"2027-03-01T06:59:59Z", "2027-03-01T01:30:00Z", "2027-03-01T07:00:00Z"},
		{"2027-03-01T23:30:00Z", "2027-03-01T12:00:00Z", "2027-03-02T01:30:00Z"},
		{"2027-07-01T06:00:00Z", "2027-07-01T06:00:00Z", "2027-07-01T11:00:00Z"},
		{"2027-03-28T01:10:00Z", "2027-03-27T12:00:00Z", "2027-03-28T01:30:00Z"}, // 02:30 is skipped that day, and comes at 03:30
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		must(t, err)
		hour, next := hours.Around(now)
		if got := [2]string{hour.UTC().Format(time.RFC3339), next.UTC().Format(time.RFC3339)}; got != [2]string{c.hour, c.next} {
			t.Errorf("%s: %v, want %s %s", c.now, got, c.hour, c.next)
		}
	}
	begun := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Time{}
	for i := range 366 * 24 * 4 {
		now := begun.Add(time.Duration(i) * 15 * time.Minute)
		hour, next := hours.Around(now)
		if hour.After(now) || !next.After(now) || hour.Before(last) {
			t.Fatalf("%s: %s, %s", now, hour, next)
		}
		last = hour
	}
	for _, wrong := range [][]string{{}, {"8:00"}, {"24:00"}, {"13:00", "08:00"}, {"08:00", "08:00"}, {"01:00", "02:00", "03:00", "04:00", "05:00"}} {
		if _, err := notify.ParseHours(wrong, "Europe/Rome"); err == nil {
			t.Errorf("%v are taken", wrong)
		}
	}
	for _, zone := range []string{"", "Local", "Nowhere"} {
		if _, err := notify.ParseHours([]string{"08:00"}, zone); err == nil {
			t.Errorf("%q is taken", zone)
		}
	}
}
