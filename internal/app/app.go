// Package app makes a service of its parts: configuration, keys, and an ordered start and stop.
//
// Trust is never made by accident here. Keys are made by CreateKeys, a database by Migrate,
// and Start does neither: what is missing is an error. Start also refuses what does not belong
// together: another key set than the database's, another log key or origin than that of the
// last checkpoint, a tree that is not the one that was signed, one that is smaller than a
// witness has seen, anchors that name another log.
// A root that is not compiled in is accepted on this machine only, and then the service says
// of itself, everywhere, that it is a demonstration.
//
// It starts from the bottom: keys, policies, database, door, sign-in, listener, and it is ready
// when it answers. It stops from the top: it says that it is not ready, takes no new requests,
// lets those under way end, records the refusals that it has counted, signs a last checkpoint, and closes the database.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/authz"
	"varco/internal/blob"
	"varco/internal/checkpoint"
	"varco/internal/gate"
	"varco/internal/httpapi"
	"varco/internal/ledger"
	"varco/internal/network"
	"varco/internal/note"
	"varco/internal/notify"
	"varco/internal/store"
	"varco/internal/vault"
	"varco/policies"
	"varco/web"
)

// times are how long a connection may take. httpapi has those of a request.
type times struct{ header, read, write, idle time.Duration }

var usual = times{header: 10 * time.Second, read: 3 * time.Minute, write: 5 * time.Minute, idle: 2 * time.Minute}

const (
	maxHeaderBytes = 32 << 10

	// lastCosignTime is how long a stop waits for witnesses.
	lastCosignTime = 3 * time.Second
	// maxConnections is how many are accepted at once; the others wait. Go asks for as many files as the
	// machine grants a process, which are more where systemd starts it.
	maxConnections = 16_384
	// otherConnections are left for requests when all places of pokes are taken.
	otherConnections = 4_096
)

// Streams must leave connections to requests: this does not compile otherwise.
const _ = uint64(maxConnections - otherConnections - httpapi.MaxPokes)

// parts are what a service is made of before there is a database.
type parts struct {
	database string // connection string
	log      logKey
	quorum   ledger.Quorum // of witnesses
	root     note.Verifier
	rootKey  string // its verifier key
	vault    *vault.Vault
	// successions of the root, oldest first
	successions []string
	policies    *authz.Policies
	topics      map[string]bool
	sender      *notify.SMTP // nil: no notices
	hours       notify.Hours
	outcomes    map[string]bool
	terms       note.Hash // of what else there is to agree on
}

// parts makes everything that needs no database. Its error joins all that is wrong.
func (c Config) parts() (p parts, err error) {
	if err := c.check(); err != nil {
		return p, fmt.Errorf("checking the configuration: %w", err)
	}
	var wrong [9]error
	p.database, wrong[0] = c.database()
	p.log, wrong[1] = openLogKey(c.Credentials.LogKey, c.Origin)
	if wrong[1] == nil {
		p.quorum, wrong[6] = c.quorum(p.log)
		p.root, p.rootKey, wrong[2] = c.root(p.log, p.quorum)
	}
	if wrong[2] == nil && p.root != nil {
		p.successions, wrong[2] = c.successions(p.root)
	}
	p.vault, wrong[3] = openVault(c.Credentials)
	p.policies, wrong[4] = authz.Load(policies.Rules())
	topics, err := policies.Topics()
	wrong[5] = err
	p.sender, wrong[7] = c.sender()
	p.hours, wrong[8] = c.Mail.hours()
	p.topics = map[string]bool{}
	for _, t := range topics {
		p.topics[t.Code] = true
	}
	outcomes, err := policies.Outcomes()
	wrong[5] = errors.Join(wrong[5], err)
	p.outcomes = map[string]bool{}
	for _, o := range outcomes {
		p.outcomes[o.Code] = true
	}
	if err := errors.Join(wrong[:]...); err != nil {
		return p, err
	}
	p.terms, err = c.terms(p)
	return p, err
}

// Check checks the configuration and everything that it names, but for the database. It
// returns the log's verifier key, or an error that joins all that is wrong: see Problems.
func (c Config) Check() (verifierKey string, err error) {
	p, err := c.parts()
	return p.log.text, errors.Join(err, c.checkIssuers())
}

// checkIssuers looks at the folder of the issuers' secrets; which there must be, the database says.
func (c Config) checkIssuers() error {
	files, err := os.ReadDir(c.Credentials.Issuers)
	if err != nil {
		return fmt.Errorf("reading the folder of the issuers' secrets: %w", err)
	}
	var wrong []error
	for _, f := range files {
		if filepath.Ext(f.Name()) != secretSuffix {
			continue
		}
		if err := addSecret(new(authn.Issuer), filepath.Join(c.Credentials.Issuers, f.Name())); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", f.Name(), err))
		}
	}
	return errors.Join(wrong...)
}

// Problems takes apart an error of Load or Check: one text for each thing that is wrong.
func Problems(err error) []string {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var all []string
	for _, one := range joined.Unwrap() {
		all = append(all, Problems(one)...)
	}
	return all
}

// Migrate brings the database to the newest schema, making it if it is a file that is not
// there, and begins its ledger. It makes the folder of blobs if that is not there.
func (c Config) Migrate(ctx context.Context) error {
	c = c.withDefaults()
	v, err := openVault(c.Credentials)
	if err != nil {
		return err
	}
	database, err := c.database()
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, database); err != nil {
		return err
	}
	if err := blob.Create(c.Blobs); err != nil {
		return err
	}
	return c.with(ctx, func(s *store.Store) error {
		return s.Write(ctx, func(tx *store.Tx) error {
			if err := begin(tx, v); err != nil {
				return err
			}
			return belongs(tx, v)
		})
	})
}

// ApplyNetwork loads a network file. The service may run meanwhile.
func (c Config) ApplyNetwork(ctx context.Context, text []byte) (applied network.Applied, err error) {
	c = c.withDefaults()
	file, err := network.Parse(text)
	if err != nil {
		return applied, err
	}
	v, err := openVault(c.Credentials)
	if err != nil {
		return applied, err
	}
	err = c.with(ctx, func(s *store.Store) error {
		if err := s.Read(ctx, func(tx *store.Tx) error { return belongs(tx, v) }); err != nil {
			return err
		}
		applied, err = file.Apply(ctx, s, v, c.Rand)
		return err
	})
	return applied, err
}

// with opens the database for the time of a command.
func (c Config) with(ctx context.Context, do func(*store.Store) error) error {
	database, err := c.database()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, database, store.Options{Now: c.Now, Rand: c.Rand})
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// App is a running service.
type App struct {
	url    string
	store  *store.Store
	server *http.Server
	keeper *checkpoint.Keeper
	door   *gate.Gate
	log    *slog.Logger

	ready     atomic.Bool
	stopping  chan struct{} // closed by Stop
	readiness *readiness
	metrics   *httpapi.Metrics
	measured  *http.Server // of the metrics; nil without

	measuredAt string     // address
	ended      chan error // the server's end
	keeping    sync.WaitGroup
	stop       context.CancelFunc // of the keeper and the sweeper
}

// Start starts a service. Stop must be called to end it, and only if there was no error.
func Start(ctx context.Context, c Config) (*App, error) {
	c = c.withDefaults()
	p, err := c.parts()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, p.database, store.Options{Now: c.Now, Rand: c.Rand})
	if err != nil {
		return nil, err
	}
	a := &App{stopping: make(chan struct{}), store: s, log: c.Log, ended: make(chan error, 1)}
	if err := a.start(ctx, c, p); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return a, nil
}

func (a *App) start(ctx context.Context, c Config, p parts) error {
	asker, err := p.remembered(ctx, a.store, c.Log)
	if err != nil {
		return err
	}
	if err := p.resume(ctx, a.store); err != nil {
		return err
	}
	a.keeper = &checkpoint.Keeper{Store: a.store, Now: c.Now, Log: c.Log, Asker: asker}
	blobs, err := blob.Open(c.Blobs)
	if err != nil {
		return err
	}
	door, err := gate.New(gate.Parts{Store: a.store, Policies: p.policies, Vault: p.vault, Blobs: blobs, Log: p.log.signer,
		Root: p.root, Topics: p.topics, Outcomes: p.outcomes, Rand: c.Rand, Successions: p.successions, Cosign: a.keeper.Witness, Heads: a.keeper.Heads})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.listen())
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	a.url = c.publicURL(listener.Addr())
	a.readiness = &readiness{now: c.Now, store: a.store, blobs: c.Blobs, parts: p, stopping: func() bool { return !a.ready.Load() }}
	if err := a.measure(ctx, c); err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := a.handler(ctx, c, p, door)
	if err != nil {
		return errors.Join(err, listener.Close(), a.endMeasuring())
	}
	a.keep(c, p, door)
	a.serve(listener, handler)
	a.ready.Store(true)
	if c.Anchors != "" {
		c.Log.LogAttrs(ctx, slog.LevelWarn, "this is a demonstration: its root was given at run time")
	}
	if asker == nil {
		c.Log.LogAttrs(ctx, slog.LevelWarn, "no witness cosigns this log: only who keeps a checkpoint can prove a rewriting")
	}
	c.Log.LogAttrs(ctx, slog.LevelInfo, "ready", slog.String("url", a.url), slog.String("listen", listener.Addr().String()),
		slog.String("origin", c.Origin), slog.String("version", Version()), slog.Bool("demonstration", c.Anchors != ""),
		slog.String("policy_set", p.policies.Hash().String()))
	return nil
}

func (a *App) handler(ctx context.Context, c Config, p parts, door *gate.Gate) (http.Handler, error) {
	signing := &signIn{store: a.store, folder: c.Credentials.Issuers, log: c.Log, missing: map[string]bool{},
		config: authn.Config{RedirectURL: a.url + httpapi.CallbackPath, Sessions: door, Now: c.Now, Rand: c.Rand}}
	if _, err := signing.fresh(ctx, ""); err != nil {
		return nil, err
	}
	return httpapi.New(httpapi.Config{Gate: door, Authn: signing, Log: c.Log, Now: c.Now, Rand: c.Rand,
		Limits: httpapi.Limits(c.Limits), TrustedProxies: c.TrustedProxies, Page: web.Files(), PageHashes: web.Hashes(), URL: a.url, Ready: a.readiness.check, Metrics: a.metrics, Stopping: a.stopping,
		Service: func(ctx context.Context) (api.Service, error) {
			issuers, err := signing.Issuers(ctx)
			s := api.Service{Origin: c.Origin, Log: p.log.text, Issuers: issuers, Version: Version()}
			if c.Anchors != "" {
				s.Demonstration, s.Root = true, p.rootKey
			}
			return s, err
		}})
}

func (a *App) keep(c Config, p parts, door *gate.Gate) {
	a.door = door
	a.keeper.Sign = door.SignCheckpoint
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	a.keeping.Go(func() { a.keeper.Run(ctx) })
	a.keeping.Go(func() { sweepBlobs(ctx, c, door) })
	a.keeping.Go(func() { recordRefusals(ctx, c, door) })
	a.notify(ctx, c, p, door)
}

func (a *App) serve(listener net.Listener, handler http.Handler) {
	a.server = newServer(handler, usual)
	go func() { a.ended <- a.server.Serve(netutil.LimitListener(listener, maxConnections)) }()
}

// newServer bounds how long a client may take to say what it wants and to hear the answer:
// one that does not get on is cut off, so that slow ones can't hold what others need.
func newServer(handler http.Handler, t times) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: t.header, ReadTimeout: t.read, WriteTimeout: t.write,
		IdleTimeout: t.idle, MaxHeaderBytes: maxHeaderBytes,
		// What net/http logs names clients by their addresses.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
}

// URL is by which people reach the service, with the real port.
func (a *App) URL() string { return a.url }

// lastCosigned asks the witnesses about the last checkpoint. One that is away is no failure to
// stop.
func (a *App) lastCosigned(ctx context.Context) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCosignTime)
	defer cancel()
	if err := a.keeper.Witness(limited); err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "last checkpoint without witness", slog.String("error", err.Error()))
	}
}

// Ended gives the error with which the service ended when nobody had asked it to.
func (a *App) Ended() <-chan error { return a.ended }

// Stop ends the service. It waits for requests under way until ctx ends, and breaks off those
// that are left. Everything is closed in any case; the errors say what did not end as it should.
func (a *App) Stop(ctx context.Context) error {
	a.ready.Store(false)
	close(a.stopping)
	err := a.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("waiting for requests under way: %w", err), a.server.Close())
	}
	a.stop()
	a.keeping.Wait()
	err = errors.Join(err, a.door.RecordRefusals(context.WithoutCancel(ctx)))
	err = errors.Join(err, a.keeper.SignNow(context.WithoutCancel(ctx)))
	a.lastCosigned(ctx)
	err = errors.Join(err, a.endMeasuring(), a.store.Close())
	a.log.LogAttrs(ctx, slog.LevelInfo, "stopped")
	return err
}
