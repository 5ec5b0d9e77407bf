package app

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"varco/internal/store"
)

// checkDatabase returns what is wrong with the database's connection string alone.
func (c Config) checkDatabase() error {
	if err := store.Check(c.Database); err != nil {
		return err
	}
	if c.Credentials.Pgpass == "" {
		return nil
	}
	if store.IsFile(c.Database) {
		return errors.New("credentials.pgpass is for a database on a PostgreSQL server")
	}
	if strings.Contains(c.Database, "passfile=") {
		return errors.New("credentials.pgpass and passfile in the database's URL name the password twice")
	}
	return nil
}

// database is the connection string with the password file, if there is one. The password
// itself is read where the connection is made, and is in no string of ours.
func (c Config) database() (string, error) {
	if c.Credentials.Pgpass == "" {
		return c.Database, nil
	}
	if _, err := readCredential(c.Credentials.Pgpass); err != nil {
		return "", fmt.Errorf("reading the database's password file: %w", err)
	}
	u, err := url.Parse(c.Database)
	if err != nil {
		return "", errors.New("reading the database's URL: it is none")
	}
	query := u.Query()
	query.Set("passfile", c.Credentials.Pgpass)
	u.RawQuery = query.Encode()
	return u.String(), nil
}
