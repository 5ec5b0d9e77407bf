package authn

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"varco/internal/secret"
)

// Issuer is a provider that people may sign in through, as the network agreed on it.
type Issuer struct {
	// URL is the issuer identifier, compared byte by byte. It is https, or http on loopback.
	URL string
	// ClientID is the service's name at the provider.
	ClientID string
	// ClientSecret proves the service to the provider (client_secret_basic, RFC 6749
	// section 2.3.1). Exactly one of ClientSecret and ClientKey is set.
	ClientSecret secret.String
	// ClientKey, on P-256, proves it by a signed assertion (private_key_jwt, ES256), whose
	// key id is the key's SHA-256 thumbprint (RFC 7638).
	ClientKey *ecdsa.PrivateKey
	// SecondFactor says which answers of this provider count as a second factor.
	SecondFactor SecondFactor
	// MaxAge asks for an authentication not older than this, whole seconds; 0 asks nothing.
	// Not for SPID and CIE, which state no auth_time: there Prompt does it.
	MaxAge time.Duration
	// Prompt asks the provider to ask again, "login" or "consent login"; "" leaves it to it.
	Prompt string
}

// SecondFactor is the rule for one provider: an authentication counts when its acr is one
// of ACR, or one of its amr is one of AMR. Everything else is refused.
type SecondFactor struct {
	ACR []string // all that are enough; a rank is written out, so SpidL2 and SpidL3
	AMR []string // RFC 8176, such as "otp", "hwk", "mfa"
}

// met returns the value of the rule that the claims hold.
func (f SecondFactor) met(acr string, amr []string) (assurance string, ok bool) {
	if slices.Contains(f.ACR, acr) {
		return acr, true
	}
	for _, value := range f.AMR {
		if slices.Contains(amr, value) {
			return value, true
		}
	}
	return "", false
}

// Issuers returns the issuer URLs that one can sign in through, sorted.
func (a *Authn) Issuers() []string {
	all := make([]string, 0, len(a.providers))
	for u := range a.providers {
		all = append(all, u)
	}
	slices.Sort(all)
	return all
}

// prompts are the values of prompt (OpenID Connect Core 1.0, section 3.1.2.1) that make
// sense here; "none" would never let anybody in.
var prompts = []string{"", "login", "consent", "login consent", "consent login"}

// asksAgain reports whether the provider is told to ask who she is even if she is signed in there.
func (i Issuer) asksAgain() bool { return slices.Contains(strings.Fields(i.Prompt), "login") }

// maxAssurance is the length limit of an acr or amr value in the rule; it is recorded.
const maxAssurance = 255

func (i Issuer) check() error {
	if err := checkURL(i.URL); err != nil {
		return err
	}
	if i.ClientID == "" {
		return errors.New("no client id")
	}
	if i.ClientSecret.IsZero() == (i.ClientKey == nil) {
		return errors.New("want exactly one of client secret and client key")
	}
	if i.ClientKey != nil && i.ClientKey.Curve != elliptic.P256() {
		return errors.New("the client key is not on P-256")
	}
	if i.MaxAge < 0 || i.MaxAge%time.Second != 0 {
		return errors.New("the maximal age is not a number of whole seconds")
	}
	if !slices.Contains(prompts, i.Prompt) {
		return fmt.Errorf("prompt %q", i.Prompt)
	}
	return i.SecondFactor.check()
}

func (f SecondFactor) check() error {
	values := slices.Concat(f.ACR, f.AMR)
	if len(values) == 0 {
		return errors.New("no rule for the second factor: nobody could sign in")
	}
	for _, v := range values {
		if v == "" || len(v) > maxAssurance || strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("the second factor's value %.40q is not a printable word", v)
		}
	}
	return nil
}

// checkURL refuses all but https, and http on loopback, without query, fragment or user.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || strings.ContainsAny(s, "?#") {
		return errors.New("not an absolute URL without user, query and fragment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return errors.New("not https")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
