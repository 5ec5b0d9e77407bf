package notify

import (
	"github.com/wneessen/go-mail"

	"varco/internal/secret"
)

// NeedsTLS reports whether nothing is said to a server but over TLS.
func NeedsTLS(server, from string) bool {
	s, err := NewSMTP(server, from, "", secret.String{}, nil)
	if err != nil {
		return false
	}
	c, err := mail.NewClient(s.host, s.options...)
	return err == nil && c.TLSPolicy() == mail.TLSMandatory.String()
}
