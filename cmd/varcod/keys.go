package main

import (
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"varco/internal/app"
)

func keysCommand() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "The keys of the service"}
	c.AddCommand(createKeys(), rotateKeys())
	return c
}

func rotateKeys() *cobra.Command {
	return configured(&cobra.Command{
		Use:   "rotate",
		Short: "Seal columns with a new key from the next start on",
		Long: "Put a new key first in the key set of the sealed columns. From the next start on everything is sealed with it;\n" +
			"what was sealed before still opens. Takes nothing back from who had the file and its credential.\n\n" +
			"Back up the file before and after. Restart every process of the service before any of them writes again.",
		Args: cobra.NoArgs,
	}, func(c *cobra.Command, _ []string, config app.Config) error {
		if err := config.RotateVault(); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.OutOrStdout(), "a new key is first in", config.Credentials.VaultKeys)
		return err
	})
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
