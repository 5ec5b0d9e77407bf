package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"varco/internal/app"
)

// drainTime is how long requests under way are waited for when the service stops.
const drainTime = 30 * time.Second

// configured makes a command that needs the configuration.
func configured(c *cobra.Command, run func(*cobra.Command, []string, app.Config) error) *cobra.Command {
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := app.Load(*path)
		if err != nil {
			return err
		}
		return run(c, args, config)
	}
	return c
}

func configFlag(c *cobra.Command) *string {
	path := c.Flags().String("config", "", "configuration `file` (see docs/varcod.example.toml)")
	if err := c.MarkFlagRequired("config"); err != nil {
		panic("internal error: " + err.Error())
	}
	return path
}

func serve() *cobra.Command {
	return configured(&cobra.Command{
		Use:   "serve",
		Short: "Answer requests until told to stop (SIGTERM, or Ctrl-C)",
		Long: "Answer requests until told to stop (SIGTERM, or Ctrl-C).\n\n" +
			"Makes neither keys nor a database: see `varcod keys create` and `varcod migrate`.\n" +
			"When it is ready, one line on standard output says its URL. The log, in JSON, goes to standard error.",
		Args: cobra.NoArgs,
	}, func(c *cobra.Command, _ []string, config app.Config) error {
		config.Log = slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil))
		a, err := app.Start(c.Context(), config)
		if err != nil {
			return err
		}
		_, told := fmt.Fprintln(c.OutOrStdout(), "varcod is ready at", a.URL())
		var ended error
		if told == nil {
			select {
			case <-c.Context().Done():
			case ended = <-a.Ended():
			}
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), drainTime)
		defer cancel()
		return errors.Join(told, ended, a.Stop(ctx))
	})
}

func migrate() *cobra.Command {
	return configured(&cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to the newest schema, making it if it is not there",
		Args:  cobra.NoArgs,
	}, func(c *cobra.Command, _ []string, config app.Config) error {
		if err := config.Migrate(c.Context()); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.OutOrStdout(), "the database is up to date:", config.Database)
		return err
	})
}

func checkConfig() *cobra.Command {
	c := &cobra.Command{
		Use:   "check-config",
		Short: "Say everything that is wrong with the configuration and what it names",
		Long: "Say everything that is wrong with the configuration and the keys, policies, secrets and anchors that it names.\n\n" +
			"The database is not looked at. It ends with 0 when nothing is wrong, and with 1 otherwise.",
		Args: cobra.NoArgs,
	}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := app.Load(*path)
		key := ""
		if err == nil {
			key, err = config.Check()
		}
		if wrong := app.Problems(err); len(wrong) > 0 {
			for _, one := range wrong {
				fmt.Fprintln(c.ErrOrStderr(), "-", one)
			}
			return fmt.Errorf("%s: things to put right: %d", *path, len(wrong))
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "the configuration is good\nlog %s\n", key)
		return err
	}
	return c
}
