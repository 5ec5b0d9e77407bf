package gate

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/store"
)

// addressColumn names the sealed column of mail addresses.
const addressColumn = "addresses.address_sealed"

// Notices tells the caller where she is told that something has come.
func (g *Gate) Notices(ctx context.Context, who caller.Caller) (api.Notices, error) {
	var n api.Notices
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.NoticesRead)
		if err != nil {
			return err
		}
		sealed, err := d.Address(who.Person)
		if err != nil {
			return err
		}
		if sealed != nil {
			plain, err := g.Vault.Open(addressColumn, string(who.Person), sealed)
			if err != nil {
				return err
			}
			n.Address = string(plain)
		}
		_, err = d.allow(r, nil)
		return err
	})
	return n, err
}

// PutNotices keeps where the caller wants to be told, or forgets it when that is nowhere.
func (g *Gate) PutNotices(ctx context.Context, who caller.Caller, req api.Notices) (api.Notices, error) {
	if err := checkAddress(req.Address); err != nil {
		return api.Notices{}, err
	}
	sealed, err := g.Vault.Seal(addressColumn, string(who.Person), []byte(req.Address))
	if err != nil {
		return api.Notices{}, err
	}
	err = g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.NoticesPut)
		if err != nil {
			return err
		}
		if _, err := d.allow(r, nil); err != nil {
			return err
		}
		if req.Address == "" {
			return d.DropAddress(who.Person)
		}
		return d.PutAddress(who.Person, sealed)
	})
	return req, err
}

// checkAddress takes one plain address (RFC 5322 addr-spec) without a name or a second spelling.
func checkAddress(address string) error {
	if address == "" {
		return nil
	}
	a, err := mail.ParseAddress(address)
	_, domain, _ := strings.Cut(address, "@")
	plain := strings.IndexFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) < 0
	if err != nil || len(address) > api.MaxAddressBytes || a.Address != address || !plain || !strings.Contains(domain, ".") {
		return fault.New(fault.Invalid, "reading a mail address: it is not one plain address")
	}
	return nil
}

// Notice is somebody who is to be told now.
type Notice struct {
	Person  ids.Person
	Address secret.String
	Tries   int64 // before this one
}

// ClaimNotices takes some of those who are to be told of what came before a time, so that nobody
// else takes them before next: a notice is tried by one process, and one whose end nobody learns
// waits for the next time. Who would not see on her list what she is told of, by the policies as
// they are now, is told nothing. One that can't be read waits for next and keeps nobody else's back:
// the error, beside those that were taken, says whose.
func (g *Gate) ClaimNotices(ctx context.Context, before, next time.Time, limit int64) (claimed []Notice, err error) {
	var unread error
	err = g.Store.Write(ctx, func(tx *store.Tx) error {
		claimed, unread = nil, nil
		due, err := tx.NoticesDue(before, limit)
		if err != nil {
			return err
		}
		for _, n := range due {
			wanted, err := g.wanted(tx, n)
			if err != nil {
				return err
			}
			if !wanted {
				if err := tx.EndNotice(n.Person, before); err != nil {
					return err
				}
				continue
			}
			plain, err := g.Vault.Open(addressColumn, string(n.Person), n.Sealed)
			if err != nil {
				unread = errors.Join(unread, fault.Wrap(fault.Internal, err, "reading the address of %s", n.Person))
				if err := tx.PostponeNotice(n.Person, next, true); err != nil {
					return err
				}
				continue
			}
			claimed = append(claimed, Notice{n.Person, secret.NewString(string(plain)), n.Tries})
			if err := tx.PostponeNotice(n.Person, next, true); err != nil {
				return err
			}
		}
		return nil
	})
	return claimed, orErr(err, unread)
}

// wanted reports whether something that a notice is for is on its person's list.
func (g *Gate) wanted(tx *store.Tx, n store.Notice) (bool, error) {
	stirs, err := tx.StirsOf(n.Person, n.Leaf)
	for _, s := range stirs {
		if err != nil {
			break
		}
		var listed bool
		if listed, err = g.lists(tx, s); listed {
			return true, err
		}
	}
	return false, err
}

// EndNotice notes that somebody was told of what came before a time, or can't be.
func (g *Gate) EndNotice(ctx context.Context, person ids.Person, before time.Time) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndNotice(person, before) })
}

// RetryNotice has somebody tried again who surely was not told.
func (g *Gate) RetryNotice(ctx context.Context, person ids.Person, at time.Time) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error { return tx.PostponeNotice(person, at, false) })
}
