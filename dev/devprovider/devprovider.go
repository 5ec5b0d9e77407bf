// Package devprovider runs the development OpenID provider of dev/provider as a child
// process, for tests and the demo.
//
// The provider is npm's oidc-provider, written by others: what signs people in to Varco
// is tried against a program that shares nothing with it. It is no provider for anything
// real: it asks no password. It listens on loopback, keeps everything in memory, draws
// its keys at each start, and ends with the program that started it, however that ends.
package devprovider

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	startLimit = 30 * time.Second // for node to load the library on a busy machine
	closeLimit = 5 * time.Second
)

// Account is somebody that one can sign in as: named by role, no real person.
type Account struct {
	Subject string   `json:"sub"`
	Label   string   `json:"label"`         // what the page's button says after "Entra come: "
	AMR     []string `json:"amr,omitempty"` // RFC 8176, for example "pwd", "otp"
	ACR     string   `json:"acr,omitempty"`
}

// Config says whom the provider knows.
type Config struct {
	Port     int // 0 for a free one
	Clients  []Client
	Accounts []Account
}

// Provider is a running provider.
type Provider struct {
	issuer string
	folder string
	cmd    *exec.Cmd
	stdin  io.Closer
	ended  chan struct{} // closed when node has ended
}

// Start runs the provider and returns when it listens; ctx bounds the start only. It
// installs the provider's packages where they are missing. The current folder must be
// inside the source tree.
func Start(ctx context.Context, config Config) (*Provider, error) {
	ctx, cancel := context.WithTimeout(ctx, installLimit+startLimit)
	defer cancel()
	source, err := sourceFolder()
	if err != nil {
		return nil, err
	}
	if err := install(ctx, source); err != nil {
		return nil, err
	}
	folder, err := writeConfig(config)
	if err != nil {
		return nil, err
	}
	p, err := run(ctx, source, folder, config.Port)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return p, nil
}

// Issuer returns the provider's issuer URL, "http://127.0.0.1:PORT".
func (p *Provider) Issuer() string { return p.issuer }

// Close ends the provider.
func (p *Provider) Close() error {
	_ = p.stdin.Close()
	select {
	case <-p.ended:
	case <-time.After(closeLimit):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	if err := os.RemoveAll(p.folder); err != nil {
		return fmt.Errorf("closing the development provider: %w", err)
	}
	return nil
}

// writeConfig writes what the provider reads into a new folder that only this user reads.
func writeConfig(config Config) (folder string, err error) {
	folder, err = os.MkdirTemp("", "varco-provider-")
	if err != nil {
		return "", fmt.Errorf("writing the development provider's configuration: %w", err)
	}
	for name, list := range map[string]any{"clients.json": metadata(config.Clients), "accounts.json": config.Accounts} {
		doc, err := json.Marshal(list)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), doc, 0o600)
		}
		if err != nil {
			_ = os.RemoveAll(folder)
			return "", fmt.Errorf("writing the development provider's configuration: %w", err)
		}
	}
	return folder, nil
}

// run starts node and waits for the line that names the issuer.
func run(ctx context.Context, source, folder string, port int) (*Provider, error) {
	node, err := program("node")
	if err != nil {
		return nil, err
	}
	// Not bound to ctx, which ends with the start: the program ends with its standard input.
	cmd := exec.Command(node, "provider.mjs", "--with-parent", "--port", strconv.Itoa(port), //nolint:noctx // see above
		"--clients", filepath.Join(folder, "clients.json"), "--accounts", filepath.Join(folder, "accounts.json"))
	cmd.Dir = source
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the development provider: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the development provider: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the development provider: %w", err)
	}
	p := &Provider{folder: folder, cmd: cmd, stdin: stdin, ended: make(chan struct{})}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		if lines.Scan() {
			ready <- lines.Text()
		}
		_, _ = io.Copy(io.Discard, stdout)
		_ = cmd.Wait() // how it ended is on its standard error
		close(p.ended)
	}()
	if p.issuer, err = p.awaitIssuer(ctx, ready); err != nil {
		_ = cmd.Process.Kill()
		if errors.Is(err, errEnded) {
			err = fmt.Errorf("%w: %s", err, complaint.String())
		}
		return nil, fmt.Errorf("starting the development provider: %w", err)
	}
	return p, nil
}

var errEnded = errors.New("node ended")

func (p *Provider) awaitIssuer(ctx context.Context, ready <-chan string) (string, error) {
	select {
	case line := <-ready:
		var said struct{ Issuer string }
		if err := json.Unmarshal([]byte(line), &said); err != nil || said.Issuer == "" {
			return "", fmt.Errorf("reading its first line: %.80q", line)
		}
		return said.Issuer, nil
	case <-p.ended:
		return "", errEnded
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
