package envelope_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/plugin"
	"filippo.io/hpke"

	"varco/internal/envelope"
	"varco/internal/fault"
)

// keyBytes are the two halves of a new recipient: 1,184 bytes of ML-KEM and 32 of X25519.
func keyBytes(t testing.TB) []byte {
	t.Helper()
	key, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return key.PublicKey().Bytes()
}

// recipient prints two halves as age prints a recipient.
func recipient(lattice, curve []byte) string {
	return plugin.EncodeRecipient("pq", append(bytes.Clone(lattice), curve...))
}

func TestCheckRecipient(t *testing.T) {
	for range 20 {
		if s := hybridRecipient(t).String(); envelope.CheckRecipient(s) != nil {
			t.Fatalf("%s: %v", s, envelope.CheckRecipient(s))
		}
	}
	raw := keyBytes(t)
	if s := recipient(raw[:1184], raw[1184:]); envelope.CheckRecipient(s) != nil {
		t.Fatalf("%s: %v", s, envelope.CheckRecipient(s))
	}
}

func TestCheckRecipientRefuses(t *testing.T) {
	for _, bad := range badRecipients(t) {
		if err := envelope.CheckRecipient(bad.text); fault.ClassOf(err) != fault.ClassKey {
			t.Errorf("%s: %v", bad.says, err)
		}
	}
}

type badRecipient struct{ name, says, text string }

func badRecipients(t *testing.T) []badRecipient {
	raw := keyBytes(t)
	lattice, curve := raw[:1184], raw[1184:]
	good := recipient(lattice, curve)
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	high := bytes.Clone(curve)
	high[31] |= 0x80
	x25519, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	private, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	unreduced := bytes.Clone(lattice)
	unreduced[0], unreduced[1] = 0xff, 0xff // a coefficient of 4095, not below 3329
	ones := strings.Repeat("ff", 30)
	return []badRecipient{
		{"empty", "nothing", ""},
		{"x25519", "an X25519 recipient", x25519.Recipient().String()},
		{"private", "a private key", private.String()},
		{"upper-case", "all in capitals", strings.ToUpper(good)},
		{"mixed-case", "partly in capitals", good[:100] + strings.ToUpper(good[100:])},
		{"space", "a space at the end", good + " "},
		{"line-end", "a line end in place of the last letter", good[:len(good)-1] + "\n"},
		{"letter", "a wrong letter", good[:100] + other(good[100]) + good[101:]},
		{"checksum", "a wrong checksum", good[:len(good)-1] + other(good[len(good)-1])},
		{"tagged", "a recipient of another post-quantum type", plugin.EncodeRecipient("tagpq", raw)},
		{"half", "the ML-KEM half only", recipient(lattice, nil)},
		{"short", "one byte short", recipient(lattice, curve[:31])},
		{"long", "one byte long", recipient(lattice, append(bytes.Clone(curve), 0))},
		{"coefficient", "an ML-KEM coefficient that is not reduced", recipient(unreduced, curve)},
		{"high-bit", "an X25519 key with the unused bit set", recipient(lattice, high)},
		{"zero", "the X25519 key 0, of small order", recipient(lattice, make([]byte, 32))},
		{"one", "the X25519 key 1, of small order", recipient(lattice, unhex("01"+strings.Repeat("00", 31)))},
		{"order-8", "an X25519 key of order 8",
			recipient(lattice, unhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"))},
		{"order-8-other", "the other X25519 key of order 8",
			recipient(lattice, unhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"))},
		{"p-minus-1", "the X25519 key p - 1, of small order", recipient(lattice, unhex("ec"+ones+"7f"))},
		{"p", "the X25519 key p, which is 0 written otherwise", recipient(lattice, unhex("ed"+ones+"7f"))},
		{"p-plus-1", "the X25519 key p + 1, which is 1 written otherwise", recipient(lattice, unhex("ee"+ones+"7f"))},
		{"p-plus-9", "the X25519 key p + 9, which is 9 written otherwise", recipient(lattice, unhex("f6"+ones+"7f"))},
		{"all-ones", "an X25519 key of ones", recipient(lattice, bytes.Repeat([]byte{0xff}, 32))},
	}
}

// other is another letter of the same alphabet.
func other(c byte) string {
	if c == 'q' {
		return "p"
	}
	return "q"
}

// What is accepted can be sealed to.
func FuzzCheckRecipient(f *testing.F) {
	good := hybridRecipient(f).String()
	f.Add(good)
	f.Add(strings.ToUpper(good))
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, s string) {
		if err := envelope.CheckRecipient(s); err != nil {
			if fault.ClassOf(err) != fault.ClassKey {
				t.Fatalf("class %q", fault.ClassOf(err))
			}
			return
		}
		to, err := age.ParseHybridRecipient(s)
		if err != nil || to.String() != s {
			t.Fatalf("%s: %v", s, err)
		}
		if _, err := to.Wrap(make([]byte, 16)); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	})
}
