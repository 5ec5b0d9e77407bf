package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/app"
	"varco/internal/ids"
	"varco/internal/network"
)

func networkCommand() *cobra.Command {
	c := &cobra.Command{Use: "network", Short: "Organisations, agreements, issuers and invitations"}
	c.AddCommand(applyNetwork(), drawID())
	return c
}

func applyNetwork() *cobra.Command {
	return configured(&cobra.Command{
		Use:   "apply FILE",
		Short: "Load a network file: all of it, or nothing; again, and nothing changes",
		Long: "Load a network file: all of it, or nothing. What is as the file says already is left alone, and what it\n" +
			"does not name stays as it is. The service may run meanwhile.\n\n" +
			"Prints the code of each new invitation, once: it is kept nowhere. Give it to that person and nobody else.",
		Args: cobra.ExactArgs(1),
	}, func(c *cobra.Command, args []string, config app.Config) error {
		text, err := os.ReadFile(args[0])
		if err != nil {
			return fmt.Errorf("reading the network file: %w", err)
		}
		applied, err := config.ApplyNetwork(c.Context(), text)
		if err != nil {
			return err
		}
		return tell(c.OutOrStdout(), applied, config.Credentials.Issuers)
	})
}

// tell says what has changed, and the codes.
func tell(w io.Writer, applied network.Applied, secrets string) error {
	var b strings.Builder
	if len(applied.Changed) == 0 {
		b.WriteString("nothing has changed\n")
	}
	for _, id := range applied.Changed {
		fmt.Fprintf(&b, "changed %s\n", id)
		if strings.Contains(id, "://") {
			fmt.Fprintf(&b, "its client secret belongs in %s\n", filepath.Join(secrets, app.SecretFile(id)))
		}
	}
	for _, i := range applied.Invitations {
		fmt.Fprintf(&b, "invitation %s person %s code %s\n", i.Invitation, i.Person, i.Code.Reveal())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// drawn are the identifiers that a network file needs.
var drawn = map[string]func(io.Reader) string{
	"organisation": func(r io.Reader) string { return string(ids.NewOrganisation(r)) },
	"person":       func(r io.Reader) string { return string(ids.NewPerson(r)) },
	"agreement":    func(r io.Reader) string { return string(ids.NewAgreement(r)) },
	"invitation":   func(r io.Reader) string { return string(ids.NewInvitation(r)) },
}

func drawID() *cobra.Command {
	kinds := slices.Sorted(maps.Keys(drawn))
	return &cobra.Command{
		Use:       "id " + strings.Join(kinds, "|"),
		Short:     "Draw an identifier for a network file",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: kinds,
		RunE: func(c *cobra.Command, args []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), drawn[args[0]](rand.Reader))
			return err
		},
	}
}
