package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"varco/dev/sample"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// How many entries the cases have that are opened: a usual one, one that has gone on for years, and the
// shortest that is long to the page, for the tests.
const (
	usualEntries  = 50
	longEntries   = 2000
	testedEntries = 104
)

// attachmentBytes is how much is attached.
const attachmentBytes = 100 << 20

// measured is what the measurement is told beside the network.
type measured struct {
	Network      string `json:"network"` // see describe
	Usual        talk   `json:"usual"`
	Long         talk   `json:"long"`
	Attachment   string `json:"attachment"` // file
	AttachedSize int64  `json:"attachedSize"`
}

type talk struct {
	Thread  ids.Thread `json:"thread"`
	Entries int        `json:"entries"`
	Last    string     `json:"last"` // what is said in its last entry
}

// bench lets an operator have a usual case and a long one, and measures the page on them.
func bench(ctx context.Context, n *sample.Network, out io.Writer) error {
	root, err := root(ctx)
	if err != nil {
		return err
	}
	source := filepath.Join(root, folder)
	if err := do(ctx, source, out, nil, "node_modules/.bin/tsc", "-b", "tsconfig.tools.json"); err != nil {
		return err
	}
	fmt.Fprintf(out, "writing cases of %d and %d entries, as fast as the service lets one person\n", usualEntries, longEntries)
	m := measured{AttachedSize: attachmentBytes, Attachment: filepath.Join(n.Dir, "attachment.bin")}
	if m.Usual, err = writeCase(ctx, n, "anna", "olga", usualEntries); err != nil {
		return err
	}
	if m.Long, err = writeCase(ctx, n, "anna", "olga", longEntries); err != nil {
		return err
	}
	if err := os.WriteFile(m.Attachment, make([]byte, attachmentBytes), 0o600); err != nil {
		return fmt.Errorf("making an attachment: %w", err)
	}
	if m.Network, err = describe(n, &lying{}, m.Long, ""); err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("describing what is measured: %w", err)
	}
	file := filepath.Join(n.Dir, "measured.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return fmt.Errorf("describing what is measured: %w", err)
	}
	return do(ctx, source, out, []string{"VARCO_NETWORK=" + m.Network, "VARCO_MEASURED=" + file}, "node", "out/tools/test/bench.js")
}

// writeCase lets an operator open a case with an officer's office and write on in it by the real
// client, until it has so many entries.
func writeCase(ctx context.Context, n *sample.Network, operator, officer string, entries int) (talk, error) {
	t := talk{Entries: entries}
	u, err := n.Device(ctx, n.Resident(operator))
	if err != nil {
		return t, err
	}
	opened, err := u.OpenCase(ctx, client.NewCase{With: n.Resident(officer).Organisation, Topic: "RDL-04", Urgency: "U2",
		Content: client.Content{Text: "Quali documenti servono?"}, Alone: true})
	if err != nil {
		return t, fmt.Errorf("opening a case: %w", err)
	}
	v := opened.Thread
	t.Thread = v.State.Thread
	for len(v.Entries) < entries {
		t.Last = fmt.Sprintf("Messaggio %d di %d: la domanda è stata presentata, si attende la ricevuta dell’ufficio.", len(v.Entries)+1, entries)
		_, err := u.Post(ctx, v, client.Content{Text: t.Last})
		if fault.KindOf(err) == fault.Limited {
			err = pause(ctx, time.Second)
		}
		if err != nil {
			return t, fmt.Errorf("writing entry %d: %w", len(v.Entries), err)
		}
	}
	return t, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
