package envelope_test

import (
	"flag"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/vector"
)

var update = flag.Bool("update", false, "make the test vectors of recipients anew")

const vectors = "../../testdata/vectors/"

// The vectors of recipients say what CheckRecipient says.
func TestVectors(t *testing.T) {
	if *update {
		all := []*vector.Vector{vector.New("ok", vector.OK, "a recipient as it should be").
			Attach("recipient", []byte(hybridRecipient(t).String()))}
		for _, bad := range badRecipients(t) {
			all = append(all, vector.New(bad.name, string(fault.ClassKey), bad.says).Attach("recipient", []byte(bad.text)))
		}
		if err := vector.Store(vectors+"recipient", all); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "recipient", "expect", func(v *vector.Vector) error { return envelope.CheckRecipient(string(v.Bytes("recipient"))) })
}

// The service sees the outside of the vectors that seal and keyring open: what it can
// refuse it does refuse, and what is good it takes.
func TestServiceHalf(t *testing.T) {
	run(t, "body", "service", func(v *vector.Vector) error { return envelope.Check(v.Bytes("file")) })
	run(t, "grant", "service", func(v *vector.Vector) error { return envelope.CheckGrant(v.Bytes("file")) })
	run(t, "blob", "service", func(v *vector.Vector) error {
		size, err := strconv.ParseInt(v.Get("sealed"), 10, 64)
		if err != nil {
			return err
		}
		return envelope.CheckBlob(v.Bytes("file"), size)
	})
	run(t, "keyring", "service", func(v *vector.Vector) error { return envelope.CheckKeyring(v.Bytes("keyring")) })
	run(t, "lock", "service", func(v *vector.Vector) error {
		for _, name := range v.Sections() {
			if id, ok := strings.CutSuffix(name, " passkey"); ok {
				return envelope.CheckPasskeyLock(v.Bytes(name), v.Bytes(id+" credential"), v.Bytes(id+" salt"))
			}
			if strings.HasSuffix(name, " phrase") {
				_, err := envelope.PhraseWork(v.Bytes(name))
				return err
			}
		}
		return nil
	})
}

// run compares a check with the key of each vector that has it.
func run(t *testing.T, folder, key string, check func(*vector.Vector) error) {
	t.Helper()
	all, err := vector.Load(filepath.Join(vectors, folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		want := v.Get(key)
		if key == "expect" {
			want = v.Expect
		}
		t.Run(folder+"/"+v.Name, func(t *testing.T) {
			got := vector.OK
			if err := check(v); err != nil {
				got = string(fault.ClassOf(err))
			}
			if got != want {
				t.Errorf("%s: got %q, want %q", v.Says, got, want)
			}
		})
	}
}
