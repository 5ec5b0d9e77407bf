package app_test

import (
	"os"
	"testing"

	"varco/internal/app"
)

func FuzzConfig(f *testing.F) {
	text, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(""))
	f.Add([]byte("origin = \"x\"\n[credentials]\nlog_key = \"x\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = app.ParseConfig(text) // an error or none, and no panic
	})
}
