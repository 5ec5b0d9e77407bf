package main

import (
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"varco/internal/app"
)

func keysCommand() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "The keys of the service"}
	c.AddCommand(createKeys())
	return c
}

func createKeys() *cobra.Command {
	var folder, origin string
	c := &cobra.Command{
		Use:   "create",
		Short: "Make the keys of a new service; never writes over one",
		Long: "Make the keys of a new service: " + app.LogKeyFile + ", with which the log signs; " + app.VaultKeysFile +
			", the keys of the\nsealed columns; and " + app.VaultCredentialFile + ", which opens those. " +
			"Without them a database is lost.\n\nPrints the log's verifier key, which belongs in keys/network.toml with the origin.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			key, err := app.CreateKeys(folder, origin, rand.Reader)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "log", key)
			return err
		},
	}
	c.Flags().StringVar(&folder, "dir", "", "`folder` for the keys, made if need be")
	c.Flags().StringVar(&origin, "origin", "", "`name` of the log, such as varco.example.org/log: it never changes")
	for _, flag := range []string{"dir", "origin"} {
		if err := c.MarkFlagRequired(flag); err != nil {
			panic("internal error: " + err.Error())
		}
	}
	return c
}
