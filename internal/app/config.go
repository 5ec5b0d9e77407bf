package app

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"varco/internal/store"
)

// DefaultListen is where the service listens unless it is told otherwise: on this machine only.
const DefaultListen = "127.0.0.1:8440"

const maxConfigBytes = 64 << 10

// Config is what an operator of the service says. docs/varcod.example.toml explains each field.
type Config struct {
	Listen         string         `toml:"listen"`          // address:port; port 0 takes a free one
	PublicURL      string         `toml:"public_url"`      // by which people and providers reach the service
	Origin         string         `toml:"origin"`          // name of the log
	Database       string         `toml:"database"`        // file, or URL of one on a PostgreSQL server
	Blobs          string         `toml:"blobs"`           // folder of the attachments
	TrustedProxies []netip.Prefix `toml:"trusted_proxies"` // that may say for whom they ask
	Anchors        string         `toml:"anchors"`         // file; makes the service a demonstration
	Successions    string         `toml:"successions"`     // file; none while the root is the first one
	Metrics        string         `toml:"metrics"`         // loopback address:port; none without
	Witnesses      string         `toml:"witnesses"`       // file with the quorum; none on localhost only
	Limits         Limits         `toml:"limits"`
	Mail           Mail           `toml:"mail"`
	Credentials    Credentials    `toml:"credentials"`

	// What tests and the demonstration hold; nil for the real ones.
	Now  func() time.Time `toml:"-"`
	Rand io.Reader        `toml:"-"`
	Log  *slog.Logger     `toml:"-"` // nil: nothing is logged
}

// Limits are what one asker may take from all others; 0 is httpapi's default.
type Limits struct {
	PersonPerMinute   int `toml:"person_per_minute"`
	PersonAtOnce      int `toml:"person_at_once"`
	AddressPerMinute  int `toml:"address_per_minute"`
	AddressAtOnce     int `toml:"address_at_once"`
	FailuresPerMinute int `toml:"failures_per_minute"`
	AtOnce            int `toml:"at_once"`
}

// check returns what no service could work with. A limit can't be turned off, only set high.
func (l Limits) check() error {
	var wrong []error
	for _, f := range []struct {
		name         string
		value, least int
	}{{"person_per_minute", l.PersonPerMinute, 60}, {"person_at_once", l.PersonAtOnce, 2},
		{"address_per_minute", l.AddressPerMinute, 60}, {"address_at_once", l.AddressAtOnce, 2},
		{"failures_per_minute", l.FailuresPerMinute, 10}, {"at_once", l.AtOnce, 8}} {
		if f.value != 0 && f.value < f.least {
			wrong = append(wrong, fmt.Errorf("limits.%s is %d: want %d or more", f.name, f.value, f.least))
		}
	}
	return errors.Join(wrong...)
}

// Credentials are the files that only the service may read.
type Credentials struct {
	LogKey          string `toml:"log_key"`
	VaultKeys       string `toml:"vault_keys"`       // sealed to the next
	VaultCredential string `toml:"vault_credential"` // not on the same medium as the database
	Issuers         string `toml:"issuers"`          // folder: see SecretFile
	MailPassword    string `toml:"mail_password"`    // of mail.user; empty where the server asks for none
	Pgpass          string `toml:"pgpass"`           // password file of PostgreSQL; empty for none
}

// Load reads a configuration file strictly. Paths in it are relative to its folder.
func Load(path string) (Config, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the file is named by the operator
	if err != nil {
		return Config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	c, err := parseConfig(text)
	if err != nil {
		return Config{}, fmt.Errorf("reading the configuration %s: %w", path, err)
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return Config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	for _, p := range []*string{&c.Database, &c.Blobs, &c.Anchors, &c.Successions, &c.Witnesses, &c.Credentials.LogKey, &c.Credentials.VaultKeys,
		&c.Credentials.VaultCredential, &c.Credentials.Issuers, &c.Credentials.MailPassword, &c.Credentials.Pgpass} {
		if *p != "" && !filepath.IsAbs(*p) && store.IsFile(*p) {
			*p = filepath.Join(folder, *p)
		}
	}
	return c, nil
}

func parseConfig(text []byte) (Config, error) {
	var c Config
	err := strictTOML(text, &c)
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return Config{}, err // what was not read can't be told from what is missing
	}
	return c, errors.Join(err, c.check())
}

// strictTOML refuses what it would otherwise pass over: fields that nobody reads, and second
// spellings of those that somebody does.
func strictTOML(text []byte, into any) error {
	if len(text) > maxConfigBytes {
		return fmt.Errorf("%d bytes, at most %d", len(text), maxConfigBytes)
	}
	meta, err := toml.Decode(string(text), into)
	if err != nil {
		return err
	}
	var wrong []error
	for _, key := range meta.Undecoded() {
		wrong = append(wrong, fmt.Errorf("there is no field %q", key.String()))
	}
	for _, key := range meta.Keys() {
		if key.String() != strings.ToLower(key.String()) {
			wrong = append(wrong, fmt.Errorf("the field %q is not in lower case", key.String()))
		}
	}
	return errors.Join(wrong...)
}

// check returns everything that is wrong with the configuration alone.
func (c Config) check() error {
	var wrong []error
	for _, field := range []struct{ name, value string }{{"origin", c.Origin}, {"database", c.Database}, {"blobs", c.Blobs},
		{"credentials.log_key", c.Credentials.LogKey}, {"credentials.vault_keys", c.Credentials.VaultKeys},
		{"credentials.vault_credential", c.Credentials.VaultCredential}, {"credentials.issuers", c.Credentials.Issuers}} {
		if field.value == "" {
			wrong = append(wrong, fmt.Errorf("%s is missing", field.name))
		}
	}
	if err := errors.Join(c.checkDatabase(), c.Limits.check(), c.checkMetrics(), c.checkMail()); err != nil {
		wrong = append(wrong, err)
	}
	host, _, err := net.SplitHostPort(c.listen())
	if err != nil {
		return errors.Join(append(wrong, errors.New("listen is not address:port"))...)
	}
	public, err := parsePublic(c.PublicURL)
	if err != nil {
		return errors.Join(append(wrong, err)...)
	}
	return errors.Join(append(wrong, c.checkReach(isLoopback(host), public))...)
}

// checkMetrics keeps the metrics on this machine: how much a service is asked, and when, is for
// its operator.
func (c Config) checkMetrics() error {
	if c.Metrics == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.Metrics)
	if err != nil || !isLoopback(host) {
		return errors.New("metrics is not address:port on this machine")
	}
	return nil
}

// checkReach refuses what would carry sessions in clear over a network, and a root of
// nobody's that others could be made to trust.
func (c Config) checkReach(loopback bool, public *url.URL) error {
	local := public == nil || isLoopback(public.Hostname())
	switch {
	case !loopback && public == nil:
		return errors.New("public_url is missing: the service listens on more than this machine")
	case !loopback && (len(c.TrustedProxies) == 0 || public.Scheme != "https"):
		return errors.New("listen on more than this machine only behind a proxy that speaks https: " +
			"want trusted_proxies and an https public_url")
	case c.Anchors != "" && (!loopback || !local):
		return errors.New("anchors are for a demonstration on this machine: want listen and public_url on localhost")
	case c.Witnesses == "" && (!loopback || !local):
		return errors.New("witnesses is missing: a log without witnesses is for localhost only")
	}
	return nil
}

// parsePublic reads the public URL, nil when there is none.
func parsePublic(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Path != "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(s, "?#") {
		return nil, errors.New("public_url is not scheme://host without path")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, errors.New("public_url is not https (http is for localhost)")
	}
	return u, nil
}

func (c Config) listen() string {
	if c.Listen == "" {
		return DefaultListen
	}
	return c.Listen
}

// publicURL is the public URL of a service that listens at an address.
func (c Config) publicURL(at net.Addr) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	_, port, _ := net.SplitHostPort(at.String()) // of our own listener
	return "http://localhost:" + port
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = cryptoRand
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
