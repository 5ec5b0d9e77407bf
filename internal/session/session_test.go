package session_test

import (
	"regexp"
	"strings"
	"testing"

	"varco/internal/session"
)

func TestCompare(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		challenge := strings.Repeat("A", len(seen)%43+1) + strings.Repeat("b", len(seen)/43)
		code := session.Compare(challenge)
		if !regexp.MustCompile(`^[a-z]+( [a-z]+){3}$`).MatchString(code) || code != session.Compare(challenge) {
			t.Errorf("Compare = %q", code)
		}
		seen[code] = true
	}
	// It is shown to people by two programs: it never changes.
	if got := session.Compare("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"); got != "farmaco grazia sonetto reddito" {
		t.Errorf("Compare = %q", got)
	}
}

func TestBrowserOf(t *testing.T) {
	for agent, want := range map[string]session.Device{
		"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0":                                                session.DeviceFirefox,
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":       session.DeviceChrome,
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":     session.DeviceEdge,
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15": session.DeviceSafari,
		"varco": session.DeviceBrowser, "terminal": session.DeviceBrowser, "": session.DeviceBrowser,
	} {
		if got := session.BrowserOf(agent); got != want || !got.Page() {
			t.Errorf("BrowserOf(%q) = %s", agent, got)
		}
	}
	if session.DeviceTerminal.Page() {
		t.Error("the command line is the page")
	}
}
