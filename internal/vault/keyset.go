package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/secret"
)

// MaxFileBytes is the size limit of a key-set file. It has room for hundreds of rotations.
const MaxFileBytes = 64 << 10

const keysetKind = "keyset"

// keys is what a key-set file holds. In the file it is a form of package note, each of
// Tink's own key sets in base64 of its binary form:
//
//	varco/v1 keyset
//	columns <base64>
//	lookups <base64>
//
// Tink and age take no source of randomness: both draw from crypto/rand.
type keys struct{ columns, lookups *keyset.Handle }

// NewCredential makes the identity that opens a key-set file and the recipient to whom the
// file is sealed. The identity is the whole of the credential file; stock age opens with it.
func NewCredential() (identity secret.String, recipient string, err error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return secret.String{}, "", fault.Wrap(fault.Internal, err, "making a credential")
	}
	return secret.NewString(i.String()), i.Recipient().String(), nil
}

// Create makes a key-set file with new keys, sealed to a recipient "age1pq1…". It is for a
// command of its own, which must not write over a file: without its keys a database's
// sealed columns are lost.
func Create(recipient string) ([]byte, error) {
	to, err := age.ParseHybridRecipient(recipient)
	if err != nil {
		// age's error repeats the text, which may be an identity given by mistake.
		return nil, fault.New(fault.Invalid, "reading the recipient of a key set: want age1pq1…")
	}
	var k keys
	if k.columns, err = keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate()); err == nil {
		k.lookups, err = keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "making a key set")
	}
	return k.seal(to)
}

// Open opens a key-set file. The identity is the text of the credential file; spaces and
// line ends around it don't matter.
func Open(file []byte, identity secret.String) (*Vault, error) {
	_, k, err := unseal(file, identity)
	if err != nil {
		return nil, err
	}
	return newVault(k.columns, k.lookups)
}

// Rotate returns the key-set file with a new key that everything is sealed with from now
// on; what was sealed before still opens. The file must be in its place before a service
// starts with it, and the old one can't open what the new key sealed.
//
// The key of the look-ups stays, since a look-up can't be opened and made again: after a
// change of it every search would miss. Rotating takes nothing back from somebody who had
// the old file and the credential.
func Rotate(file []byte, identity secret.String) ([]byte, error) {
	i, k, err := unseal(file, identity)
	if err != nil {
		return nil, err
	}
	manager := keyset.NewManagerFromHandle(k.columns)
	id, err := manager.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err == nil {
		k.columns, err = manager.Handle()
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "rotating a key set")
	}
	return k.seal(i.Recipient())
}

func (k keys) seal(to *age.HybridRecipient) ([]byte, error) {
	columns, err := printHandle(k.columns)
	if err != nil {
		return nil, err
	}
	lookups, err := printHandle(k.lookups)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to)
	if err == nil {
		_, err = io.WriteString(w, note.Print(keysetKind).Line("columns", columns).Line("lookups", lookups).String())
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing a key set")
	}
	if file.Len() > MaxFileBytes {
		return nil, fault.Refuse(fault.ClassSize, "sealing a key set: %d bytes, at most %d", file.Len(), MaxFileBytes)
	}
	return file.Bytes(), nil
}

func unseal(file []byte, identity secret.String) (*age.HybridIdentity, keys, error) {
	i, err := age.ParseHybridIdentity(strings.TrimSpace(identity.Reveal()))
	if err != nil {
		// age's error may repeat parts of the identity.
		return nil, keys{}, fault.New(fault.Invalid, "reading the credential of a key set: want AGE-SECRET-KEY-PQ-1…")
	}
	if len(file) > MaxFileBytes {
		return nil, keys{}, fault.Refuse(fault.ClassSize, "opening a key set: %d bytes, at most %d", len(file),
			MaxFileBytes)
	}
	r, err := age.Decrypt(bytes.NewReader(file), only{i})
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, keys{}, fault.New(fault.Invalid, "opening a key set: it is not sealed to this credential")
	}
	if err != nil {
		return nil, keys{}, fault.Refuse(fault.ClassEnvelope, "opening a key set: %s", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, keys{}, fault.Refuse(fault.ClassEnvelope, "opening a key set: %s", err)
	}
	k, err := parseKeys(string(text))
	return i, k, err
}

// only is an identity that opens a file sealed to it and to nobody else, with the one kind
// of stanza that is post-quantum.
type only struct{ *age.HybridIdentity }

// Unwrap sees all stanzas of the file, whatever their type.
func (o only) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != "mlkem768x25519" {
		return nil, errors.New("not exactly one post-quantum recipient")
	}
	return o.HybridIdentity.Unwrap(stanzas)
}

func parseKeys(text string) (keys, error) {
	s := note.Scan(text, keysetKind)
	columns, lookups := s.One("columns"), s.One("lookups")
	if err := s.Done(); err != nil {
		return keys{}, err
	}
	if err := note.Same(text, note.Print(keysetKind).Line("columns", columns).Line("lookups", lookups).String()); err != nil {
		return keys{}, err
	}
	var k keys
	var err error
	if k.columns, err = parseHandle(columns); err != nil {
		return keys{}, err
	}
	k.lookups, err = parseHandle(lookups)
	return k, err
}

// printHandle prints the keys in clear: the age file around them is what seals them.
func printHandle(h *keyset.Handle) (string, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewBinaryWriter(&b)); err != nil {
		return "", fault.Wrap(fault.Internal, err, "printing a key set")
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func parseHandle(text string) (*keyset.Handle, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != text {
		return nil, fault.Refuse(fault.ClassForm, "reading a key set: not canonical base64")
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "reading a key set")
	}
	return h, nil
}
