package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"varco/dev/sample"
	"varco/internal/act"
)

// welcome says where everything is, who one can be, and what to try.
func welcome(out io.Writer, n *sample.Network) error {
	if err := writeScripts(n); err != nil {
		return err
	}
	fmt.Fprintf(out, `
Ready. All of it listens on this machine only, its root is accepted on localhost only, and nothing
in it is real. Nothing real belongs here.

  page      %s   (open it in a browser; Chromium and Firefox take http://localhost for safe)
  provider  %s   (people sign in there; it asks no password)
  folder    %s

Who you can be, with the phrase that opens her keys:
`, n.Service, n.Provider, n.Dir)
	people(out, n)
	return tryThis(out, n)
}

// roles in the order and words of the table.
var roles = map[act.Role]string{act.Operator: "operator", act.Coordinator: "coordinator, steward", act.Officer: "officer",
	act.Manager: "office manager, steward", act.Partner: "social worker, steward", act.Auditor: "auditor, steward"}

// people lists everybody with her account and her phrase, organisation by organisation.
func people(out io.Writer, n *sample.Network) {
	handle, role, label := 0, 0, 0
	for _, r := range n.People {
		handle, role, label = max(handle, len(r.Handle)), max(role, len(roles[r.Roles[0]])), max(label, len(r.Label))
	}
	place := ""
	for _, r := range n.People {
		if r.Place != place {
			place = r.Place
			fmt.Fprintf(out, "\n  %s\n", place)
		}
		fmt.Fprintf(out, "    %-*s  %-*s  %-*s  %s\n", handle, r.Handle, role, roles[r.Roles[0]], label, r.Label, r.Phrase.Reveal())
	}
}

const try = `
In the page, sign in as anybody and paste her phrase. Who has only an invitation, {{.Code}}:
sign in as «{{.New}}», and see what the first time is like.

To be somebody, take her place in another terminal; for example:

  . {{.As}}/anna
  varco whoami

What to try, with CODE for the code (t-…) that the first command prints beside «con INPS»:

  as anna    varco case open --office Valdoria --topic RDL-01 --colleague Bice
  as olga    varco case list                        if it is empty, the case went to piero: be him
             varco thread read CODE --reason new    then: varco thread post CODE
  as frida   varco thread read CODE                 for her it does not exist, nor for marco or dora
  as anna    varco readers CODE                     who has read, when and why
  as ugo     varco audit bundle {{.Dir}}/log.jsonl
             varco-verify --anchors {{.Anchors}} {{.Dir}}/log.jsonl

Paste her phrase when it is asked for: it does not show. Who has done nothing for half an hour signs
in again with varco login, which needs no browser here. varco --help lists all commands, in Italian,
as for those who use them; make tour tells the main job step by step, in English.

Ctrl-C here ends everything and throws the folder away.
`

// tryThis says how to be somebody, and what to try then.
func tryThis(out io.Writer, n *sample.Network) error {
	return template.Must(template.New("").Parse(try)).Execute(out, map[string]string{
		"New": n.Newcomer.Label, "Code": n.Newcomer.Invitation.Reveal(), "As": as(n, ""), "Dir": n.Dir, "Anchors": n.Anchors})
}

// writeScripts writes for everybody a file that makes a terminal hers.
func writeScripts(n *sample.Network) error {
	if err := os.Mkdir(as(n, ""), 0o700); err != nil {
		return fmt.Errorf("writing the scripts: %w", err)
	}
	for _, r := range n.People {
		text := "# Makes this terminal " + r.Handle + "'s:  . " + as(n, r.Handle) + "\n"
		for _, variable := range n.Environment(r) {
			text += "export '" + strings.ReplaceAll(variable, "'", `'\''`) + "'\n"
		}
		if err := os.WriteFile(as(n, r.Handle), []byte(text+"PS1='"+r.Handle+" $ '\n"), 0o600); err != nil {
			return fmt.Errorf("writing the scripts: %w", err)
		}
	}
	return nil
}

func as(n *sample.Network, handle string) string { return filepath.Join(n.Dir, "as", handle) }
