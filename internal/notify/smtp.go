package notify

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"varco/internal/secret"
)

// The notice. It is the same for everybody and everything; mission and page call the service
// an agenda, as the tab of the browser does.
const (
	Subject = "Agenda"
	Text    = "1 aggiornamento\n"
)

// sendTime bounds the sending of one notice.
const sendTime = 30 * time.Second

// SMTP sends notices by a mail server. Outside of this machine it speaks TLS or nothing.
type SMTP struct {
	host     string
	from     string
	options  []mail.Option
	loopback bool
}

// NewSMTP prepares to send by a server, "host:port", as an address. Port 465 is TLS from the start
// (RFC 8314); others must offer STARTTLS, unless the server is on this machine. The user is empty
// where the server asks for none. The TLS configuration is nil for that of the system.
func NewSMTP(server, from, user string, password secret.String, own *tls.Config) (*SMTP, error) {
	host, portText, err := net.SplitHostPort(server)
	port, bad := strconv.ParseUint(portText, 10, 16)
	if err != nil || bad != nil || host == "" || port == 0 {
		return nil, errors.New("preparing notices: the mail server is not host:port")
	}
	_, domain, ok := strings.Cut(from, "@")
	if a, err := netmail.ParseAddress(from); err != nil || a.Address != from || !ok {
		return nil, errors.New("preparing notices: the sender is not one plain address")
	}
	if own == nil {
		own = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	}
	ip := net.ParseIP(host)
	s := &SMTP{host: host, from: from, loopback: host == "localhost" || ip != nil && ip.IsLoopback()}
	// The name of the sender's domain, and not of this machine, is told to the server.
	s.options = []mail.Option{mail.WithPort(int(port)), mail.WithHELO(domain), mail.WithTimeout(sendTime), mail.WithTLSConfig(own),
		mail.WithTLSPolicy(mail.TLSMandatory)}
	switch {
	case port == 465:
		s.options = append(s.options, mail.WithSSL())
	case s.loopback && user == "":
		s.options = append(s.options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	}
	if user != "" {
		s.options = append(s.options, mail.WithSMTPAuth(mail.SMTPAuthPlain), mail.WithUsername(user), mail.WithPassword(password.Reveal()))
	}
	if _, err := mail.NewClient(host, s.options...); err != nil {
		return nil, fmt.Errorf("preparing notices: %w", err)
	}
	return s, nil
}

// Send sends the notice of an hour to one address, in a message of its own.
func (s *SMTP) Send(ctx context.Context, to secret.String, at time.Time) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingUSASCII))
	if err := errors.Join(m.From(s.from), m.To(to.Reveal())); err != nil {
		return ErrRefused // and not what the library says, which quotes the address
	}
	_, domain, _ := strings.Cut(s.from, "@")
	m.Subject(Subject)
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(rand.Text() + "@" + domain) // the library's own names this machine
	m.SetGenHeader("Auto-Submitted", "auto-generated")  // RFC 3834: no answer by a machine
	m.SetBodyString(mail.TypeTextPlain, Text)
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("preparing a notice: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return errors.New("reaching the mail server: no connection, no TLS or no sign-in")
	}
	err = outcome(client.SendWithSMTPClient(connection, m))
	_ = client.CloseWithSMTPClient(connection) // how it says goodbye changes nothing
	return err
}

// outcome tells what a failure means, without the address, which servers quote in theirs.
func outcome(err error) error {
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	if !errors.As(err, &refused) {
		return errors.New("sending a notice: the mail server does not answer")
	}
	switch {
	case refused.Reason == mail.ErrSMTPReset:
		return nil // it comes after the server has taken the message
	case refused.Reason == mail.ErrSMTPDataClose && refused.ErrorCode() == 0:
		return nil // nobody knows; a second one for the hour must not come
	case refused.Reason == mail.ErrSMTPRcptTo && refused.ErrorCode() >= 500:
		return ErrRefused
	}
	return fmt.Errorf("sending a notice: the mail server answers %d (step %d)", refused.ErrorCode(), int(refused.Reason))
}
