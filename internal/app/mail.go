package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	_ "time/tzdata" // hours of notices are of a zone, which the machine may not know

	"varco/internal/gate"
	"varco/internal/notify"
	"varco/internal/secret"
)

// Mail is by which server, as whom and when notices are sent. Without a server none are.
type Mail struct {
	Server string   `toml:"server"` // host:port
	From   string   `toml:"from"`   // sender
	User   string   `toml:"user"`   // at the server; empty where it asks for none
	Hours  []string `toml:"hours"`  // times of day: DefaultHours
	Zone   string   `toml:"zone"`   // of the hours: DefaultZone
}

// DefaultZone is on whose clock the hours are, unless the configuration says otherwise.
const DefaultZone = "Europe/Rome"

// DefaultHours are when notices are sent, unless the configuration says otherwise: before the day's work and before the afternoon's.
var DefaultHours = []string{"08:00", "13:00"}

func (m Mail) hours() (notify.Hours, error) {
	times, zone := m.Hours, m.Zone
	if len(times) == 0 {
		times = DefaultHours
	}
	if zone == "" {
		zone = DefaultZone
	}
	return notify.ParseHours(times, zone)
}

// checkMail returns what is wrong with the mail's configuration alone.
func (c Config) checkMail() error {
	m := c.Mail
	if m.Server == "" {
		if m.From != "" || m.User != "" || len(m.Hours) > 0 || m.Zone != "" || c.Credentials.MailPassword != "" {
			return errors.New("mail.server is missing")
		}
		return nil
	}
	_, wrongHours := m.hours()
	_, wrong := notify.NewSMTP(m.Server, m.From, "", secret.String{}, nil)
	if (m.User == "") != (c.Credentials.MailPassword == "") {
		wrong = errors.Join(wrong, errors.New("mail.user and credentials.mail_password belong together"))
	}
	return errors.Join(wrong, wrongHours)
}

// sender prepares to send notices, nil when none are sent.
func (c Config) sender() (*notify.SMTP, error) {
	if c.Mail.Server == "" {
		return nil, nil
	}
	var password secret.String
	if c.Credentials.MailPassword != "" {
		text, err := readCredential(c.Credentials.MailPassword)
		if err != nil {
			return nil, fmt.Errorf("reading the mail server's password: %w", err)
		}
		password = secret.NewString(strings.TrimRight(string(text), "\r\n"))
	}
	return notify.NewSMTP(c.Mail.Server, c.Mail.From, c.Mail.User, password, nil)
}

// notify tells people by mail until ctx ends, if the configuration says by which server.
func (a *App) notify(ctx context.Context, c Config, p parts, door *gate.Gate) {
	if p.sender == nil {
		return
	}
	k := &notify.Keeper{Outbox: door, Sender: p.sender, Hours: p.hours, Now: c.Now, Log: c.Log}
	a.metrics.Counter("varco_notices_sent_total", "Notices that were sent by mail.", func() float64 { return float64(k.Sent()) })
	a.metrics.Counter("varco_notices_failed_total", "Notices that a mail server did not take.", func() float64 { return float64(k.Failed()) })
	a.keeping.Go(func() { k.Run(ctx) })
}
