package keyring

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"

	"filippo.io/age"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/secret"
)

// Work says how much scrypt work a phrase lock takes: logarithms of N, with r = 8 and p = 1.
// Seal is what a new lock takes; a lock that asks for less than Min or more than Max is
// refused before any work is done: less would let whoever copied it guess faster, more
// would let whoever serves it use up the device. Only tests take another than DefaultWork.
type Work struct{ Seal, Min, Max int }

// DefaultWork is 18, age's own default: about a second and 256 MiB for each try.
func DefaultWork() Work { return Work{Seal: 18, Min: 17, Max: 19} }

// maxWork is the most that age accepts by itself.
const maxWork = 22

// Seal makes a new K and a new phrase lock for it, and seals the keyring behind it and the
// locks of its passkeys, which are made anew. What opened the file before opens the new one
// no longer: so a keyring is sealed for the first time, a phrase is changed, and a passkey is
// taken off (Forget). It refuses what is not a phrase (class phrase).
func Seal(k *Keyring, phrase secret.String, work Work) (Sealed, error) {
	key, lock, err := NewPhraseLock(k.person, phrase, work)
	if err != nil {
		return Sealed{}, err
	}
	return SealWith(k, key, lock)
}

// Open opens a keyring with its phrase: OpenPhraseLock, then OpenWith, and it refuses what
// they refuse.
func Open(s Sealed, phrase secret.String, work Work) (*Keyring, error) {
	if err := envelope.CheckKeyring(s.File); err != nil {
		return nil, err
	}
	key, err := OpenPhraseLock(s.Locks, phrase, work)
	if err != nil {
		return nil, err
	}
	return OpenWith(s, key)
}

// NewPhraseLock draws a new K for a person's keyring and makes a lock that the phrase opens.
// It refuses what is not a phrase (class phrase).
func NewPhraseLock(person ids.Person, phrase secret.String, work Work) (Key, Lock, error) {
	if err := work.check(); err != nil {
		return Key{}, Lock{}, err
	}
	identity, err := hybrid.NewIdentity()
	if err != nil {
		return Key{}, Lock{}, err
	}
	parsed, err := ParsePhrase(phrase.Reveal())
	if err != nil {
		return Key{}, Lock{}, err
	}
	id := ids.NewLock(rand.Reader)
	file, err := sealWithPhrase(lockText(id, person, identity), parsed, work)
	return Key{person, identity}, Lock{ID: id, Kind: KindPhrase, File: file}, err
}

// OpenPhraseLock opens the one phrase lock among a keyring's locks, with the phrase in any
// spelling that ParsePhrase takes. It refuses a lock or a set of locks that this package does
// not make (class lock), and a phrase that does not open the lock (class phrase).
func OpenPhraseLock(locks []Lock, phrase secret.String, work Work) (Key, error) {
	if err := work.check(); err != nil {
		return Key{}, err
	}
	lock, err := only(locks, KindPhrase)
	if err != nil {
		return Key{}, err
	}
	parsed, err := ParsePhrase(phrase.Reveal())
	if err != nil {
		return Key{}, err
	}
	text, err := openWithPhrase(lock.File, parsed, work)
	if err != nil {
		return Key{}, err
	}
	return scanLock(text, lock.ID)
}

// sealWithPhrase makes an age file with one scrypt stanza. The phrase is in its one spelling.
func sealWithPhrase(text string, phrase secret.String, work Work) ([]byte, error) {
	to, err := age.NewScryptRecipient(phrase.Reveal())
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "making a phrase lock")
	}
	to.SetWorkFactor(work.Seal)
	padded, err := envelope.Pad([]byte(text), envelope.LockSize)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "making a phrase lock")
	}
	if _, err := w.Write(padded); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "making a phrase lock")
	}
	if err := w.Close(); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "making a phrase lock")
	}
	return file.Bytes(), nil
}

// openWithPhrase opens what sealWithPhrase made.
func openWithPhrase(file []byte, phrase secret.String, work Work) (string, error) {
	asked, err := envelope.PhraseWork(file)
	if err != nil {
		return "", err
	}
	if asked < work.Min || asked > work.Max {
		return "", fault.Refuse(fault.ClassLock, "opening a phrase lock: work factor %d, want %d to %d", asked,
			work.Min, work.Max)
	}
	identity, err := age.NewScryptIdentity(phrase.Reveal())
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "opening a phrase lock")
	}
	identity.SetMaxWorkFactor(work.Max)
	r, err := age.Decrypt(bytes.NewReader(file), identity)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return "", fault.Refuse(fault.ClassPhrase, "opening a phrase lock: the phrase does not open it")
	}
	if err != nil {
		return "", fault.Refuse(fault.ClassLock, "opening a phrase lock: its header was changed")
	}
	padded, err := io.ReadAll(r)
	if err != nil {
		return "", fault.Refuse(fault.ClassLock, "opening a phrase lock: changed")
	}
	plain, err := envelope.Unpad(padded)
	if err != nil {
		return "", fault.Refuse(fault.ClassLock, "opening a phrase lock: badly padded")
	}
	return string(plain), nil
}

func (w Work) check() error {
	if w.Min < 1 || w.Seal < w.Min || w.Max < w.Seal || w.Max > maxWork {
		return fault.New(fault.Internal, "choosing scrypt work: %d, from %d to %d", w.Seal, w.Min, w.Max)
	}
	return nil
}
