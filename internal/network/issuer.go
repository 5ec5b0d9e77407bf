package network

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"varco/internal/store"
)

const (
	maxIssuerChars    = 512
	maxAssuranceChars = 255 // it is recorded in the ledger
	promptLogin       = "login"
)

func (i Issuer) check() []error {
	var c claims
	c.that(isIssuerURL(i.URL), "the url %.100q is not https (or http on loopback) without user, query and fragment", i.URL)
	c.that(isWord(i.ClientID), "the client id is not a printable word")
	c.that(isName(i.Label), "the label is empty, too long or has characters that do not show")
	c.that(len(i.ACR)+len(i.AMR) > 0, "no value of acr or amr counts as a second factor: nobody could sign in")
	for _, v := range slices.Concat(i.ACR, i.AMR) {
		c.that(isWord(v), "the value %.100q of acr or amr is not a printable word", v)
	}
	c.that(i.Prompt == "" || i.Prompt == promptLogin || i.Prompt == "consent "+promptLogin, "the prompt %.100q is unknown", i.Prompt)
	c.that(!repeats(i.ACR) && !repeats(i.AMR), "a value of acr or amr is named twice")
	return c
}

// row is how the store keeps an issuer.
func (i Issuer) row() store.Issuer {
	prompt := i.Prompt
	if prompt == "" {
		prompt = promptLogin
	}
	return store.Issuer{URL: i.URL, ClientID: i.ClientID, Label: i.Label,
		ACR: strings.Join(i.ACR, "\n"), AMR: strings.Join(i.AMR, "\n"), Prompt: prompt}
}

// isIssuerURL holds an issuer to what package authn accepts when the service starts with it.
func isIssuerURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || len(s) > maxIssuerChars || u.Host == "" || u.Opaque != "" || u.User != nil ||
		strings.ContainsAny(s, "?#\n") {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// isWord takes printable ASCII without spaces.
func isWord(s string) bool {
	return s != "" && len(s) <= maxAssuranceChars &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
