// Command browser signs in where a person would click: it follows a login page to its
// end as the account that VARCO_DEV_ACCOUNT names (its subject or its label), against the
// development provider, which asks no password. Its use is as $BROWSER of the command
// line, in the demo and in tests.
//
//	VARCO_DEV_ACCOUNT=operator-a browser URL
package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	"varco/dev/browser/agent"
)

const limit = 30 * time.Second

func main() {
	if err := run(os.Args[1:], os.Getenv("VARCO_DEV_ACCOUNT")); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run(args []string, account string) error {
	if len(args) != 1 || account == "" {
		return fmt.Errorf("reading the arguments: want VARCO_DEV_ACCOUNT=account browser URL")
	}
	start, err := url.Parse(args[0])
	if err != nil {
		return fmt.Errorf("reading the address: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	a, err := agent.New(account)
	if err != nil {
		return err
	}
	_, err = a.Visit(ctx, start, nil)
	return err
}
