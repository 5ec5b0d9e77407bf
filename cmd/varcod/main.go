// Command varcod is the service: it keeps and carries what it can't open, decides every act by
// written policy, and records it. It links nothing that could open what people write.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"varco/internal/app"
)

func main() {
	syscall.Umask(0o077) // whatever is written is for the user of the service alone
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "varcod:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	c := &cobra.Command{
		Use:           "varcod",
		Short:         "The service of Varco, a protected case channel",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.AddCommand(serve(), migrate(), networkCommand(), keysCommand(), checkConfig(), version())
	return c
}

func version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which build this is",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "varcod", app.Version())
			return err
		},
	}
}
