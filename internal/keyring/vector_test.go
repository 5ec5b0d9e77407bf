package keyring_test

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/vector"
)

var update = flag.Bool("update", false, "make the test vectors of locks and keyrings anew")

const (
	lockVectors    = "../../testdata/vectors/lock"
	keyringVectors = "../../testdata/vectors/keyring"
)

// Vectors of both folders are a stored keyring that is opened with a phrase or, where there is
// a line "opens", with the passkey of that lock, whose output is base64 in the line "prf" and
// gives the recipient in the line "prf-gives". Locks are the sections called "<id> <kind>",
// with "<id> credential" and "<id> salt" of a passkey's; "work" is min and max, when they are not the default ones,
// so that scrypt with the default is run once only. A vector with "serial" goes on to
// compare the keyring with a card.
func TestVectors(t *testing.T) {
	if *update {
		for folder, vectors := range map[string][]*vector.Vector{lockVectors: makeLocks(t), keyringVectors: makeKeyrings(t)} {
			if err := vector.Store(folder, vectors); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, folder := range []string{lockVectors, keyringVectors} {
		vectors, err := vector.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors {
			t.Run(filepath.Base(folder)+"/"+v.Name, func(t *testing.T) {
				got := vector.OK
				if err := run(t, v); err != nil {
					got = string(fault.ClassOf(err))
				}
				if got != v.Expect {
					t.Errorf("%s: got %q, want %q", v.Says, got, v.Expect)
				}
			})
		}
	}
}

func run(t *testing.T, v *vector.Vector) error {
	t.Helper()
	s := keyring.Sealed{File: v.Bytes("keyring")}
	for _, name := range v.Sections() {
		switch id, kind, ok := strings.Cut(name, " "); {
		case kind == "credential":
			s.Locks[len(s.Locks)-1].Credential = v.Bytes(name)
		case kind == "salt":
			s.Locks[len(s.Locks)-1].Salt = v.Bytes(name)
		case ok:
			s.Locks = append(s.Locks, keyring.Lock{ID: ids.Lock(id), Kind: kind, File: v.Bytes(name)})
		}
	}
	work := keyring.DefaultWork()
	if text := v.Get("work"); text != "" {
		if _, err := fmt.Sscanf(text, "%d %d", &work.Min, &work.Max); err != nil {
			t.Fatal(err)
		}
		work.Seal = work.Min
	}
	k, err := open(t, v, s, work)
	if err != nil {
		if k != nil {
			t.Error("a keyring was returned with an error")
		}
		return err
	}
	if string(k.Person()) != v.Get("person") {
		t.Errorf("the keyring is of %s", k.Person())
	}
	if diff := cmp.Diff(v.Get("serials"), serials(k)); diff != "" {
		t.Errorf("serials (-want +got)\n%s", diff)
	}
	if v.Get("serial") == "" {
		return nil
	}
	c := card.Card{Person: ids.Person(v.Get("card")), SealsTo: v.Get("seals-to")}
	if c.Serial, err = strconv.ParseInt(v.Get("serial"), 10, 64); err != nil {
		t.Fatal(err)
	}
	if c.SignsWith, err = note.ParsePublicKey(v.Get("signs-with")); err != nil {
		t.Fatal(err)
	}
	return k.Matches(c)
}

func open(t *testing.T, v *vector.Vector, s keyring.Sealed, work keyring.Work) (*keyring.Keyring, error) {
	t.Helper()
	id := v.Get("opens")
	if id == "" {
		return keyring.Open(s, secret.NewString(v.Get("phrase")), work)
	}
	output, err := base64.StdEncoding.DecodeString(v.Get("prf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(output) == keyring.PRFSize {
		seed, err := hkdf.Key(sha256.New, output, nil, "varco/v1 passkey-lock", 32)
		if err != nil {
			t.Fatal(err)
		}
		own, err := hybrid.FromSeed(secret.NewBytes(seed))
		if want := v.Get("prf-gives"); err != nil || want != "" && own.Recipient() != want {
			t.Errorf("the output gives the recipient %.30s…, %v", own.Recipient(), err)
		}
	}
	key, err := keyring.OpenPasskeyLock(s.Locks, ids.Lock(id), secret.NewBytes(output))
	if err != nil {
		return nil, err
	}
	return keyring.OpenWith(s, key)
}

func serials(k *keyring.Keyring) string { return strings.Trim(fmt.Sprint(k.Serials()), "[]") }
