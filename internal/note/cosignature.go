package note

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"varco/internal/fault"
)

const (
	// algCosignature is the signature type of C2SP tlog-cosignature for Ed25519.
	algCosignature = 4

	// MaxCosignatures is how many witnesses may cosign one checkpoint.
	MaxCosignatures = 16

	keyIDBytes       = 4
	timestampBytes   = 8
	cosignatureBytes = timestampBytes + ed25519.SignatureSize
	dash             = "— "
)

// NewCosigner cosigns checkpoints with a private key under a name (C2SP tlog-cosignature,
// Ed25519). The clock is asked at each signature, since a cosignature says when it was made.
func NewCosigner(name string, key ed25519.PrivateKey, now func() time.Time) Signer {
	public := key.Public().(ed25519.PublicKey) //nolint:forcetypeassert // crypto/ed25519 promises it
	return signer{name, keyHash(algCosignature, name, string(public)), func(msg []byte) []byte {
		at := uint64(max(now().Unix(), 0))
		return append(binary.BigEndian.AppendUint64(nil, at), ed25519.Sign(key, cosigned(at, msg))...)
	}}
}

// cosigned is what a cosignature signs.
func cosigned(at uint64, text []byte) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text)
}

// Cosigner verifies cosignatures by the key under a name.
func (k PublicKey) Cosigner(name string) Verifier { return cosigner{name, k} }

// ParseCosigner reads the verifier key of who cosigns, "<name>+<hash>+<base64>" with
// signature type 4, and checks the key in it. A log's key is none.
func ParseCosigner(vkey string) (Verifier, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	_, b64, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.Strict().DecodeString(b64)
	if err != nil || len(raw) == 0 || raw[0] != algCosignature || name == "" || !printable(name) || strings.Contains(name, " ") {
		return nil, fault.Refuse(fault.ClassKey, "reading a witness's key: malformed, or not one that cosigns")
	}
	key, err := NewPublicKey(raw[1:])
	if err != nil {
		return nil, err
	}
	if CosignerKey(name, key) != vkey {
		return nil, fault.Refuse(fault.ClassKey, "reading a witness's key: not its one spelling")
	}
	return key.Cosigner(name), nil
}

// CosignerKey prints the C2SP verifier key of who cosigns.
func CosignerKey(name string, key PublicKey) string { return printKey(algCosignature, name, key) }

type cosigner struct {
	name string
	key  PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return keyHash(algCosignature, c.name, c.key.raw) }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != cosignatureBytes || len(c.key.raw) != ed25519.PublicKeySize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return at <= math.MaxInt64 && ed25519.Verify(ed25519.PublicKey(c.key.raw), cosigned(at, msg), sig[timestampBytes:])
}

// Cosigned is one verified cosignature.
type Cosigned struct {
	Name string    // of the witness's key
	At   time.Time // when the witness says that it cosigned, in whole seconds
}

// OpenCosigned returns the text of a note that signer has signed first, and the verified
// cosignatures that stand below. Their lines are in the strict order of their names' bytes,
// each name once, each of the length of a cosignature, MaxCosignatures at most. One of a known
// cosigner must verify; one of another key is passed over, as C2SP asks, so that a witness can
// be added before everybody knows it.
func OpenCosigned(msg []byte, signer Verifier, known []Verifier) (string, []Cosigned, error) {
	n, err := splitUpTo(msg, 1+MaxCosignatures)
	if err != nil {
		return "", nil, err
	}
	sigs := n.UnverifiedSigs
	if sigs[0].Name != signer.Name() || sigs[0].Hash != signer.KeyHash() || !signer.Verify([]byte(n.Text), rawOf(sigs[0])) {
		return "", nil, fault.Refuse(fault.ClassSignature, "opening a cosigned note: the first signature is not a good one by %s", signer.Name())
	}
	var by []Cosigned
	for i, sig := range sigs[1:] {
		if len(rawOf(sig)) != cosignatureBytes || i > 0 && sigs[i].Name >= sig.Name {
			return "", nil, fault.Refuse(fault.ClassSignature, "opening a cosigned note: signature %d is no cosignature in its place", i+2)
		}
		verified, ok, err := verifyCosignature(n.Text, sig, known)
		if err != nil {
			return "", nil, err
		}
		if ok {
			by = append(by, verified)
		}
	}
	return n.Text, by, nil
}

// CosignedText is Text for a note that may have cosignatures.
func CosignedText(msg []byte) (string, error) {
	n, err := splitUpTo(msg, 1+MaxCosignatures)
	if err != nil {
		return "", err
	}
	return n.Text, nil
}

func verifyCosignature(text string, sig note.Signature, known []Verifier) (Cosigned, bool, error) {
	at := slices.IndexFunc(known, func(v Verifier) bool { return v.Name() == sig.Name && v.KeyHash() == sig.Hash })
	if at < 0 {
		return Cosigned{}, false, nil
	}
	raw := rawOf(sig)
	if !known[at].Verify([]byte(text), raw) {
		return Cosigned{}, false, fault.Refuse(fault.ClassSignature, "opening a cosigned note: %s has not cosigned it", sig.Name)
	}
	seconds := int64(binary.BigEndian.Uint64(raw)) //nolint:gosec // Verify has compared it with the greatest
	return Cosigned{sig.Name, time.Unix(seconds, 0).UTC()}, true, nil
}

// rawOf returns a signature without its key ID. The base64 was checked by split.
func rawOf(sig note.Signature) []byte {
	raw, _ := base64.StdEncoding.DecodeString(sig.Base64)
	return raw[keyIDBytes:]
}

// SignLine returns the signature line of one signer under a text, and not the text: what a
// witness answers.
func SignLine(text string, s Signer) (string, error) {
	msg, err := Sign(text, s)
	if err != nil {
		return "", err
	}
	return string(msg[len(text)+1:]), nil
}

// FindCosignature looks through the signature lines that a witness has answered for that of
// the known cosigner under a text, and returns the line with its end. Lines of other keys are
// passed over. None, or one that does not verify, is refused (signature).
func FindCosignature(text, lines string, known Verifier) (string, Cosigned, error) {
	for line := range strings.Lines(lines) {
		n, err := splitUpTo([]byte(text+"\n"+line), 1)
		if err != nil {
			return "", Cosigned{}, err
		}
		verified, ok, err := verifyCosignature(text, n.UnverifiedSigs[0], []Verifier{known})
		if ok || err != nil {
			return line, verified, err
		}
	}
	return "", Cosigned{}, fault.Refuse(fault.ClassSignature, "reading a witness's answer: no cosignature by %s", known.Name())
}

// AddCosignatures puts signature lines below those of a note, in the order of OpenCosigned.
func AddCosignatures(msg []byte, lines []string) ([]byte, error) {
	name := func(line string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, dash), " ")
		return name
	}
	sorted := slices.SortedFunc(slices.Values(lines), func(a, b string) int { return strings.Compare(name(a), name(b)) })
	all := append(slices.Clone(msg), strings.Join(sorted, "")...)
	_, err := splitUpTo(all, 1+MaxCosignatures)
	return all, err
}

// Uncosigned returns the text of a note with cosignatures, and the note with its first
// signature alone. It verifies nobody: nothing may be believed because of it.
func Uncosigned(msg []byte) (text string, signed []byte, err error) {
	n, err := splitUpTo(msg, 1+MaxCosignatures)
	if err != nil {
		return "", nil, err
	}
	first := n.UnverifiedSigs[0]
	return n.Text, []byte(n.Text + "\n" + dash + first.Name + " " + first.Base64 + "\n"), nil
}
