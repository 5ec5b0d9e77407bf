package reach

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"varco/internal/secret"
	"varco/internal/session"
)

// SignInLimit is how long a browser is waited for: as long as the service waits for it.
const SignInLimit = 10 * time.Minute

const pageLimit = 5 * time.Second // to send and read the last page

// The page with which a sign-in ends in the browser. Title and address say nothing.
//
//go:embed page.html
var page string

// SignIn is a sign-in under way: a listener on this machine that waits for the browser.
// Its state keeps another page from ending it, its verifier makes the one-time code useless
// to whoever else sees it (RFC 7636, RFC 8252).
type SignIn struct {
	listener net.Listener
	state    string
	verifier secret.String
	answers  chan answer
	server   *http.Server
}

type answer struct {
	code    secret.String
	refused session.Reason
}

// RefusedError says that the sign-in was refused at the provider or by the service.
type RefusedError struct{ Reason session.Reason }

// Error names the reason.
func (e *RefusedError) Error() string { return "signing in: refused: " + string(e.Reason) }

// Listen begins a sign-in: it listens on a free port of 127.0.0.1.
func Listen(ctx context.Context, rand io.Reader) (*SignIn, error) {
	state, err := draw(rand)
	if err != nil {
		return nil, err
	}
	verifier, err := draw(rand)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the browser: %w", err)
	}
	s := &SignIn{listener: listener, state: state, verifier: secret.NewString(verifier), answers: make(chan answer, 1)}
	s.server = &http.Server{Handler: s, ReadTimeout: pageLimit, WriteTimeout: pageLimit, MaxHeaderBytes: maxHeaderBytes}
	go func() { _ = s.server.Serve(listener) }() // it ends with Close
	return s, nil
}

// draw returns 256 bits in base64url.
func draw(rand io.Reader) (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(rand, raw[:]); err != nil {
		return "", fmt.Errorf("beginning a sign-in: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// Address is where the browser begins. Nothing in it is a secret.
func (s *SignIn) Address(service, issuer string) string {
	query := url.Values{
		"issuer":    {issuer},
		"port":      {strconv.Itoa(s.port())},
		"challenge": {s.challenge()},
		"state":     {s.state},
	}
	return strings.TrimSuffix(service, "/") + "/v1/login?" + query.Encode()
}

// Compare is the code that the browser shows too, before it comes back here.
func (s *SignIn) Compare() string { return session.Compare(s.challenge()) }

func (s *SignIn) challenge() string {
	sum := sha256.Sum256([]byte(s.verifier.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *SignIn) port() int { return s.listener.Addr().(*net.TCPAddr).Port } //nolint:forcetypeassert // it listens on tcp4

// Wait waits for the browser and returns the one-time code with its verifier. A sign-in that
// was refused is a *RefusedError; one that does not come back in time ends with ctx's error.
func (s *SignIn) Wait(ctx context.Context) (code, verifier secret.String, err error) {
	select {
	case a := <-s.answers:
		if a.refused != "" {
			return secret.String{}, secret.String{}, &RefusedError{a.refused}
		}
		return a.code, s.verifier, nil
	case <-ctx.Done():
		return secret.String{}, secret.String{}, fmt.Errorf("waiting for the browser: %w", ctx.Err())
	}
}

// Close stops listening, after the page was sent.
func (s *SignIn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), pageLimit)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		return fmt.Errorf("closing a sign-in: %w", err)
	}
	return nil
}

// ServeHTTP answers the browser. Anything but the one address with the right state is not
// found; the first that is right counts.
func (s *SignIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("Connection", "close")
	query := r.URL.Query()
	// The host is compared so that a name that resolves to this machine reaches nothing.
	if r.Method != http.MethodGet || r.URL.Path != "/" || r.Host != s.listener.Addr().String() ||
		subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(s.state)) != 1 {
		http.NotFound(w, r)
		return
	}
	a := answer{code: secret.NewString(query.Get("code")), refused: session.Reason(query.Get("error"))}
	if a.code.IsZero() && a.refused == "" {
		http.NotFound(w, r)
		return
	}
	select {
	case s.answers <- a:
	default: // it has ended already
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	says := "Fatto. Puoi chiudere questa pagina."
	if a.refused != "" {
		says = "L'accesso non è riuscito. Puoi chiudere questa pagina."
	}
	_, _ = io.WriteString(w, strings.Replace(page, "{{says}}", says, 1))
}
