package house_test

import (
	"strings"
	"testing"

	"varco/dev/house"
)

func TestStyle(t *testing.T) {
	long := strings.Repeat("\n", house.MaxFileLines+1)
	for _, test := range []struct {
		name, text string
		broken     bool
	}{
		{"a.go", "package a // todo lists are fine\n", false},
		{"a.go", "// TO" + "DO: later\n", true},
		{"a.sql", "-- FIX" + "ME\n", true},
		{"a.go", "// X" + "XX\n", true},
		{"a.go", "// HA" + "CK\n", true},
		{"a.go", long, true},
		{"a.tsx", long, true},
		{"a.md", long, false},
		{"web/src/core/types.ts", long, false},
		{"cmd/a/main.go", long[:house.MaxMainLines], false},
		{"cmd/a/main.go", long[:house.MaxMainLines+1], true},
		{"a_test.go", "\tt.Sk" + "ip(\"no database\")\n", true},
		{"a_test.go", "\tif testing." + "Short() {\n", true},
		{"a.md", "see /ro" + "ot/key\n", true},
		{"a.md", "`/wo" + "rk/x`\n", true},
		{"a.md", "../sha" + "red/x\n", true},
		{"a.md", "the path a/work/b and www.example.org/root/\n", false},
		{"Makefile", "GOPROXY=https://proxy." + "golang.org\n", true},
		{"package-lock.json", `"resolved": "ht` + `tps://r/x.tgz"`, true},
		{"package-lock.json", `"resolved": "packages/x"`, false},
		{"go.sum", "a/XX" + "X/b\n", false},
		{"a.png", "\x00TO" + "DO", false},
	} {
		if broken := house.Style(test.name, []byte(test.text)); (len(broken) > 0) != test.broken {
			t.Errorf("%s with %.40q: %q", test.name, test.text, broken)
		}
	}
}

func TestPrivateKeys(t *testing.T) {
	twenty := strings.Repeat("Q", 20)
	for _, test := range []struct {
		name, text string
		found      bool
	}{
		{"keys/a", "AGE-SECRET-KEY-1" + twenty, true},
		{"keys/a", "AGE-SECRET-KEY-PQ-1" + twenty, true},
		{"keys/a", "age-secret-key-1" + twenty, true},
		{"keys/a", "AGE-PLUGIN-YUBIKEY-1" + twenty, true},
		{"keys/a", "PRIVATE+KEY+varco.example/root+0a1b2c3d+" + twenty, true},
		{"keys/a", "-----BEGIN EC PRIVATE KEY-----", true},
		{"keys/a", "-----BEGIN OPENSSH PRIVATE KEY-----", true},
		{"dev/a.json", `{"kty":"RSA", "d": "` + twenty + `"}`, true},
		{"internal/keyring/a.go", `const prefix = "AGE-SECRET-KEY-PQ-"`, false},
		{"keys/a", "varco.example/root+0a1b2c3d+" + twenty, false},
		{"testdata/a", "AGE-SECRET-KEY-1" + twenty, false},
		{"internal/a/testdata/b", "AGE-SECRET-KEY-1" + twenty, false},
		{"internal/a/a_test.go", "AGE-SECRET-KEY-1" + twenty, false},
	} {
		if found := house.PrivateKeys(test.name, []byte(test.text)); (len(found) > 0) != test.found {
			t.Errorf("%s with %.40q: %q", test.name, test.text, found)
		}
	}
}
