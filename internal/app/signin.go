package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
)

// issuersAge is how long the list of issuers is believed: a network file may be loaded while
// the service runs.
const issuersAge = 2 * time.Second

// signIn is the sign-in of the issuers that the network has now. When they change, or one's
// client secret does, it makes a new Authn, which fetches anew what providers say.
type signIn struct {
	config authn.Config // without issuers
	store  *store.Store
	folder string // of client secrets
	log    *slog.Logger

	// current is read without waiting for who reads the issuers anew; fresh replaces it.
	current atomic.Pointer[authn.Authn]

	mu      sync.Mutex
	at      time.Time       // guarded by mu: when the list was read
	labels  []api.Issuer    // guarded by mu
	issuers []authn.Issuer  // guarded by mu
	missing map[string]bool // guarded by mu; issuers without a secret, each logged once
}

var _ httpapi.Authn = (*signIn)(nil)

// fresh returns the sign-in of the issuers of now, or of a moment ago if one that is wanted is
// among those.
func (s *signIn) fresh(ctx context.Context, wanted string) (*authn.Authn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	age := now.Sub(s.at)
	known := wanted == "" || slices.ContainsFunc(s.issuers, func(i authn.Issuer) bool { return i.URL == wanted })
	current := s.current.Load()
	if current != nil && known && age >= 0 && age < issuersAge {
		return current, nil
	}
	issuers, labels, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	if current == nil || !slices.EqualFunc(issuers, s.issuers, sameIssuer) {
		config := s.config
		config.Issuers = issuers
		if current, err = authn.New(config); err != nil {
			return nil, err
		}
		s.current.Store(current)
	}
	s.at, s.issuers, s.labels = now, issuers, labels
	return current, nil
}

// read reads the issuers with their client secrets. One that has none can't be signed in
// through; the others can.
func (s *signIn) read(ctx context.Context) (issuers []authn.Issuer, labels []api.Issuer, err error) {
	var rows []store.Issuer
	if err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Issuers()
		return err
	}); err != nil {
		return nil, nil, err
	}
	files := map[string]string{}
	for _, row := range rows {
		file := SecretFile(row.URL)
		if other, taken := files[file]; taken {
			return nil, nil, fmt.Errorf("reading the issuers: %s and %s would have one secret, %s", other, row.URL, file)
		}
		files[file] = row.URL
		issuer := authn.Issuer{URL: row.URL, ClientID: row.ClientID, Prompt: row.Prompt, MaxAge: maxAge(row.Prompt),
			SecondFactor: authn.SecondFactor{ACR: lines(row.ACR), AMR: lines(row.AMR)}}
		if err := addSecret(&issuer, filepath.Join(s.folder, file)); err != nil {
			if !s.missing[row.URL] {
				s.log.LogAttrs(ctx, slog.LevelError, "issuer is off", slog.String("issuer", row.URL), slog.String("error", err.Error()))
			}
			s.missing[row.URL] = true
			continue
		}
		delete(s.missing, row.URL)
		issuers, labels = append(issuers, issuer), append(labels, api.Issuer{URL: row.URL, Label: row.Label})
	}
	return issuers, labels, nil
}

// maxAge holds a provider to the prompt: the browser carries it, and the next user of a shared
// PC could leave it out. SPID and CIE, which are asked for consent too, state no auth_time.
func maxAge(prompt string) time.Duration {
	if prompt == "login" {
		return 5 * time.Minute
	}
	return 0
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func sameIssuer(a, b authn.Issuer) bool {
	return a.URL == b.URL && a.ClientID == b.ClientID && a.Prompt == b.Prompt && a.ClientSecret.Reveal() == b.ClientSecret.Reveal() &&
		(a.ClientKey == nil) == (b.ClientKey == nil) && (a.ClientKey == nil || a.ClientKey.Equal(b.ClientKey)) &&
		slices.Equal(a.SecondFactor.ACR, b.SecondFactor.ACR) && slices.Equal(a.SecondFactor.AMR, b.SecondFactor.AMR)
}

// SecretFile is the name of the file with an issuer's client secret, in the folder of
// credentials: its URL without scheme, with "_" for all but letters, digits, dot and hyphen.
// The file holds the secret, or a private key on P-256 in PEM (PKCS #8).
func SecretFile(issuerURL string) string {
	name := issuerURL
	if u, err := url.Parse(issuerURL); err == nil {
		name = u.Host + u.EscapedPath()
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, name) + secretSuffix
}

const secretSuffix = ".secret"

// addSecret gives an issuer the secret or key in a file.
func addSecret(issuer *authn.Issuer, path string) error {
	content, err := readCredential(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the client secret: there is no %s", filepath.Base(path))
	}
	if err != nil {
		return fmt.Errorf("reading the client secret: %w", err)
	}
	if block, _ := pem.Decode(content); block != nil {
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		own, ok := key.(*ecdsa.PrivateKey)
		if err != nil || !ok {
			return errors.New("reading the client secret: the key is not an elliptic one in PKCS #8")
		}
		issuer.ClientKey = own
		return nil
	}
	issuer.ClientSecret = secret.NewString(strings.TrimSpace(string(content)))
	if issuer.ClientSecret.IsZero() {
		return errors.New("reading the client secret: the file is empty")
	}
	return nil
}

// Issuers lists what one can sign in through now.
func (s *signIn) Issuers(ctx context.Context) ([]api.Issuer, error) {
	if _, err := s.fresh(ctx, ""); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]api.Issuer{}, s.labels...), nil
}

// Begin begins a sign-in, of an issuer that may just have been added.
func (s *signIn) Begin(ctx context.Context, r authn.BeginRequest) (string, error) {
	a, err := s.fresh(ctx, r.Issuer)
	if err != nil {
		return "", err
	}
	return a.Begin(ctx, r)
}

// BeginPage begins a sign-in of the page.
func (s *signIn) BeginPage(ctx context.Context, issuer string, replaces ids.Session) (authn.Begun, error) {
	a, err := s.fresh(ctx, issuer)
	if err != nil {
		return authn.Begun{}, err
	}
	return a.BeginPage(ctx, issuer, replaces)
}

// Callback takes a provider's answer.
func (s *signIn) Callback(ctx context.Context, from session.From, query url.Values, flow secret.String) (authn.Return, error) {
	a, err := s.fresh(ctx, "")
	if err != nil {
		return authn.Return{}, err
	}
	return a.Callback(ctx, from, query, flow)
}

// RedeemInvitation begins a session of the page with an invitation.
func (s *signIn) RedeemInvitation(ctx context.Context, from session.From, ticket, invitation secret.String) (authn.SignedIn, error) {
	return s.last().RedeemInvitation(ctx, from, ticket, invitation)
}

// Redeem begins a session. Issuers have no part in it, nor in what follows.
func (s *signIn) Redeem(ctx context.Context, from session.From, r authn.RedeemRequest) (authn.SignedIn, error) {
	return s.last().Redeem(ctx, from, r)
}

// Caller says who asks.
func (s *signIn) Caller(ctx context.Context, from session.From, token secret.String) (caller.Caller, error) {
	return s.last().Caller(ctx, from, token)
}

// PageCaller says who asks by the page's cookie.
func (s *signIn) PageCaller(ctx context.Context, from session.From, cookie secret.String) (caller.Caller, error) {
	return s.last().PageCaller(ctx, from, cookie)
}

// End ends a session.
func (s *signIn) End(ctx context.Context, who caller.Caller) error { return s.last().End(ctx, who) }

// Logout takes a provider's word that somebody has signed out.
func (s *signIn) Logout(ctx context.Context, from session.From, token secret.String) error {
	a, err := s.fresh(ctx, "")
	if err != nil {
		return err
	}
	return a.Logout(ctx, from, token)
}

func (s *signIn) last() *authn.Authn { return s.current.Load() }
