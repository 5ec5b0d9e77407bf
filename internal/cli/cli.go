// Package cli is a person's command line: it asks, shows, and says in plain Italian what
// happened. What is done is package client's, the same code that runs in the browser.
//
//	cli           setup, signing in, keys and cards, the ledger; the tree of commands
//	cli/cases     cases and conversations
//	cli/steward   rosters, and the ceremony of the root
//	cli/desk      what every command works with: terminal, session, what went wrong
//	cli/italian   the words of the vocabulary as people say them
//	cli/profile   what is kept between two commands
//	cli/reach     the way to the service
//
// Commands are named in English, as the code is; everything that a person reads is Italian,
// each command's texts in its own file. Nothing that somebody else wrote reaches the terminal
// before it was freed of what could steer it.
//
// A command ends with 0 when it did what it was asked, 1 when it was refused or could not, 2
// when it was called in a wrong way, and 3 when the service answered something that does not
// check: then nothing of the answer is shown.
package cli

import (
	"context"

	"github.com/spf13/cobra"

	"varco/internal/cli/cases"
	"varco/internal/cli/desk"
	"varco/internal/cli/steward"
)

const rootLong = `Varco è il canale protetto fra i centri antiviolenza e le referenti INPS.

Quello che scrivi viene chiuso su questo computer e lo aprono solo le persone della conversazione:
il servizio lo conserva e lo consegna, ma non può leggerlo. Ogni lettura resta registrata.

Per cominciare: varco setup, varco login, varco enrol.`

// run is one run of the program.
type run struct{ *desk.Desk }

// Main runs the command that the arguments name, without the program's name, and returns
// the status to exit with.
func Main(ctx context.Context, d desk.Device, args []string) int {
	r := &run{desk.New(ctx, d)}
	root := r.root()
	root.SetArgs(append([]string{}, args...))
	return r.Report(root.ExecuteContext(ctx))
}

func (r *run) root() *cobra.Command {
	root := desk.Group("varco", "Il canale protetto fra centri antiviolenza e INPS",
		r.setup(), r.login(), r.logout(), r.whoami(), r.notices(), r.session(), r.person(), r.enrol(), r.unlock(), r.keys(), r.card(),
		steward.Roster(r.Desk), cases.Case(r.Desk), cases.Thread(r.Desk), cases.Readers(r.Desk), cases.Receipt(r.Desk),
		r.audit(), steward.Ceremony(r.Desk), r.version())
	root.Long = rootLong
	root.SetIn(r.In)
	root.SetOut(r.Out)
	root.SetErr(r.Err)
	root.SilenceErrors, root.SilenceUsage = true, true
	translate(root)
	return root
}
