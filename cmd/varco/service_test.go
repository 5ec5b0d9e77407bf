package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"varco/dev/devprovider"
	"varco/internal/app"
	"varco/internal/cli/reach"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/secret"
)

const (
	origin   = "localhost/log"
	clientID = "varco"
	limit    = time.Minute
)

// service is a real service in this process, with a real provider beside it.
type service struct {
	app         *app.App
	provider    *devprovider.Provider
	invitations map[ids.Person]secret.String
}

// start makes keys, database and network in a folder and starts the service: what an operator
// does with varcod. Everybody whom the network invites has an account called by the comment
// behind her line, which the scripts keep to.
func start(folder, root, network string) (s *service, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	credentials := filepath.Join(folder, "credentials")
	log, err := app.CreateKeys(credentials, origin, rand.Reader)
	if err != nil {
		return nil, err
	}
	config := app.Config{Listen: "127.0.0.1:0", Origin: origin, Database: filepath.Join(folder, "varco.db"),
		Blobs:   filepath.Join(folder, "blobs"),
		Anchors: filepath.Join(folder, "anchors.toml"), Credentials: app.Credentials{
			LogKey: filepath.Join(credentials, app.LogKeyFile), VaultKeys: filepath.Join(credentials, app.VaultKeysFile),
			VaultCredential: filepath.Join(credentials, app.VaultCredentialFile), Issuers: credentials}}
	if err := os.WriteFile(config.Anchors, fmt.Appendf(nil, "origin = %q\nlog = %q\nroot = %q\n", origin, log, root), 0o600); err != nil {
		return nil, err
	}
	if err := config.Migrate(ctx); err != nil {
		return nil, err
	}
	s = new(service)
	if s.app, err = app.Start(ctx, config); err != nil {
		return nil, err
	}
	password := secret.NewString(rand.Text())
	if s.provider, err = devprovider.Start(ctx, devprovider.Config{Accounts: accounts(), Clients: []devprovider.Client{
		{ID: clientID, Secret: password, RedirectURIs: []string{s.app.URL() + httpapi.CallbackPath}}}}); err != nil {
		return nil, err
	}
	issuer := s.provider.Issuer()
	if err := os.WriteFile(filepath.Join(credentials, app.SecretFile(issuer)), []byte(password.Reveal()), 0o600); err != nil {
		return nil, err
	}
	network += fmt.Sprintf("\n[[issuer]]\nurl = %q\nclient_id = %q\nlabel = \"Accesso di prova\"\namr = [\"otp\"]\n", issuer, clientID)
	applied, err := config.ApplyNetwork(ctx, []byte(network))
	if err != nil {
		return nil, err
	}
	s.invitations = map[ids.Person]secret.String{}
	for _, i := range applied.Invitations {
		s.invitations[i.Person] = i.Code
	}
	return s, s.await(ctx, issuer)
}

// await waits until the service has seen that people can sign in: it looks every other second.
func (s *service) await(ctx context.Context, issuer string) error {
	for {
		_, answer, err := reach.New(s.app.URL()).Do(ctx, secret.String{}, "GET", "/v1/service", nil)
		if err != nil || strings.Contains(string(answer), issuer) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// accounts are those of the people in the scripts. Nora has no second factor.
func accounts() []devprovider.Account {
	var all []devprovider.Account
	for _, name := range []string{"carla", "anna", "bice", "marco", "olga", "piero", "ugo"} {
		all = append(all, devprovider.Account{Subject: name, Label: name, AMR: []string{"pwd", "otp"}})
	}
	return append(all, devprovider.Account{Subject: "nora", Label: "nora", AMR: []string{"pwd"}})
}

func (s *service) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := s.app.Stop(ctx); err != nil {
		return err
	}
	return s.provider.Close()
}
