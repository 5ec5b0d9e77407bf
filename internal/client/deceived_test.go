package client_test

import (
	"bytes"
	"testing"

	"varco/internal/client"
	"varco/internal/varcotest"
)

// deceived does what a device is lied to about, and returns how it was refused. Nothing comes of
// the lie: to the byte the device remembers what it did before, and once it was told nothing leaves
// it that changes anything at the service, but for what is of a kind that may be tried again.
func deceived(t *testing.T, d *varcotest.Device, act func() error, again ...func(method, path string) bool) error {
	t.Helper()
	before, tell, told := memory(t, d), d.Wire.Lie, -1
	d.Wire.Lie = func(method, path string, status int, answer []byte) (int, []byte) {
		said, text := tell(method, path, status, answer)
		if told < 0 && (said != status || !bytes.Equal(text, answer)) {
			told = len(d.Wire.Seen())
		}
		return said, text
	}
	err := act()
	d.Wire.Lie = tell
	if told < 0 {
		t.Error("nobody asked for the lie")
		return err
	}
	for _, e := range d.Wire.Seen()[told+1:] {
		tried := false
		for _, match := range again {
			tried = tried || match(e.Method, e.Path)
		}
		if changes(e.Method, e.Path) && !tried {
			t.Errorf("after the lie it has sent %s %s", e.Method, e.Path)
		}
	}
	if after := memory(t, d); after != before {
		t.Errorf("of the lie something is remembered:\n%s\nbefore:\n%s", after, before)
	}
	return err
}

// changes reports whether a request changes anything at the service but its log.
func changes(method, path string) bool {
	return method != "GET" && !to("POST", "/readings")(method, path) && !to("POST", "/audit/checkpoint")(method, path)
}

// memory is what a device remembers, as it is kept.
func memory(t *testing.T, d *varcotest.Device) string {
	t.Helper()
	text, err := remembered(t, d).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reads reads a thread on a device that is lied to.
func reads(t *testing.T, d *varcotest.Device, read func() (*client.Conversation, error)) error {
	t.Helper()
	return deceived(t, d, func() error {
		v, err := read()
		if err != nil && v != nil {
			t.Errorf("%d entries are shown of what was refused", len(v.Entries))
		}
		return err
	})
}
