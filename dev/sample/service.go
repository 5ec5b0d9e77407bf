package sample

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"varco/dev/devprovider"
	"varco/internal/app"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

const (
	origin   = "localhost/log"
	rootName = "localhost/root"
	clientID = "varco"
)

// config is that of the service. With anchors of its own it is a demonstration, and refuses to
// be reached from anywhere else.
const config = `listen = %q
origin = "` + origin + `"
database = %q
blobs = "blobs"
anchors = "anchors.toml"

[credentials]
log_key = "credentials/log.key"
vault_keys = "credentials/vault.age"
vault_credential = "credentials/vault.credential"
issuers = "credentials"
`

// issuer is what network.toml lacks: where the provider listens is known when it does.
const issuer = `
[[issuer]]
url = %q
client_id = "` + clientID + `"
label = "Accesso di prova"
amr = ["otp"]
`

// makeTrust makes what trust begins with: the log's key, and a root, which is in no file.
func (n *Network) makeTrust(ctx context.Context) (note.Signer, error) {
	said, err := n.varcod(ctx, "keys", "create", "--dir", n.path("service", "credentials"), "--origin", origin)
	if err != nil {
		return nil, err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the root: %w", err)
	}
	key, err := note.NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("making the root: %w", err)
	}
	log := strings.TrimSpace(strings.TrimPrefix(said, "log "))
	n.anchors = fmt.Sprintf("origin = %q\nlog = %q\nroot = %q\n", origin, log, note.VerifierKey(rootName, key))
	n.Anchors = n.path("service", "anchors.toml")
	return note.NewSigner(rootName, private), n.write("anchors.toml", n.anchors)
}

// serve starts the service on a new database, and then the provider, which must know where
// the service sends people back to.
func (n *Network) serve(ctx context.Context) error {
	if err := n.write("varcod.toml", fmt.Sprintf(config, "127.0.0.1:0", n.database)); err != nil { // any free port
		return err
	}
	if _, err := n.varcod(ctx, "migrate", "--config", n.path("service", "varcod.toml")); err != nil {
		return err
	}
	err := n.Start(ctx)
	if err != nil {
		return err
	}
	at, err := url.Parse(n.Service)
	if err != nil {
		return err
	}
	// Started again it is at the same port, which clients and provider know.
	if err := n.write("varcod.toml", fmt.Sprintf(config, "127.0.0.1:"+at.Port(), n.database)); err != nil {
		return err
	}
	password := secret.NewString(rand.Text())
	n.provider, err = devprovider.Start(ctx, devprovider.Config{Accounts: n.accounts(), Clients: []devprovider.Client{
		{ID: clientID, Secret: password, RedirectURIs: []string{n.Service + httpapi.CallbackPath}}}})
	if err != nil {
		return err
	}
	n.Provider = n.provider.Issuer()
	return n.write(filepath.Join("credentials", app.SecretFile(n.Provider)), password.Reveal())
}

// Start starts the service where it was, after Stop or Kill.
func (n *Network) Start(ctx context.Context) error {
	// Not bound to ctx, which ends with the starting.
	cmd := exec.Command(filepath.Join(n.Programs, "varcod"), "serve", "--config", n.path("service", "varcod.toml")) //nolint:noctx // see above
	service, ready, err := start(ctx, "the service", n.path("service", "varcod.log"), cmd)
	if err != nil {
		return err
	}
	n.service, n.Service = service, ready[strings.LastIndex(ready, " ")+1:]
	return nil
}

// Stop asks the service to end, and waits until it has.
func (n *Network) Stop() { n.service.stop() }

// Process is the number of the service's process, while it runs.
func (n *Network) Process() string { return strconv.Itoa(n.service.cmd.Process.Pid) }

// Kill ends the service as a crash does, at once and in the middle of whatever it does.
func (n *Network) Kill() { n.service.kill() }

// accounts are the people as the provider knows them: all with a second factor.
func (n *Network) accounts() []devprovider.Account {
	var all []devprovider.Account
	for _, p := range []Person{newcomer, another} {
		all = append(all, devprovider.Account{Subject: p.Handle, Label: p.Label, AMR: []string{"pwd", "otp"}})
	}
	for _, r := range n.People {
		all = append(all, devprovider.Account{Subject: r.Handle, Label: r.Label, AMR: []string{"pwd", "otp"}})
	}
	return all
}

// load loads the network file and returns the code of everybody's invitation.
func (n *Network) load(ctx context.Context) (map[ids.Person]secret.String, error) {
	if err := n.write("network.toml", string(networkFile)+fmt.Sprintf(issuer, n.Provider)); err != nil {
		return nil, err
	}
	said, err := n.varcod(ctx, "network", "apply", "--config", n.path("service", "varcod.toml"), n.path("service", "network.toml"))
	if err != nil {
		return nil, err
	}
	invitations := map[ids.Person]secret.String{}
	for line := range strings.Lines(said) {
		var invitation, person, code string
		if _, err := fmt.Sscanf(line, "invitation %s person %s code %s", &invitation, &person, &code); err == nil {
			invitations[ids.Person(person)] = secret.NewString(code)
		}
	}
	return invitations, nil
}

func (n *Network) varcod(ctx context.Context, args ...string) (string, error) {
	return output(ctx, filepath.Join(n.Programs, "varcod"), args...)
}
