package main_test

import (
	"os"
	"os/exec"
	"testing"
)

// The program is for the browser only, so that what goes over the whole tree on this machine
// passes it by: here it is looked at as it will be built.
func TestVet(t *testing.T) {
	vet := exec.CommandContext(t.Context(), "go", "vet", ".")
	vet.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if said, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}
