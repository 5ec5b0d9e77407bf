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

// Seal makes a new K and a new phrase lock for it, and seals the keyring behind them. All
// earlier locks are left out and open the new file no longer: so a keyring is sealed for
// the first time, a phrase is changed, and a lock is removed. It refuses what is not a
// phrase (class phrase).
func Seal(k *Keyring, phrase secret.String, work Work) (Sealed, error) {
	if err := work.check(); err != nil {
		return Sealed{}, err
	}
	key, err := hybrid.NewIdentity()
	if err != nil {
		return Sealed{}, err
	}
	lock, err := lockWithPhrase(key, k.person, phrase, work)
	if err != nil {
		return Sealed{}, err
	}
	k.key, k.locks = key, []Lock{lock}
	return Update(k)
}

// Open opens a keyring with its phrase, in any spelling that ParsePhrase takes. It refuses
// a lock or a set of locks that this package does not make, or that belongs to another
// keyring (class lock), a phrase that does not open the lock (class phrase), a file that is
// not sealed to exactly one post-quantum recipient (class envelope), and a keyring that has
// not its one form (class form).
func Open(s Sealed, phrase secret.String, work Work) (*Keyring, error) {
	if err := work.check(); err != nil {
		return nil, err
	}
	if err := envelope.CheckKeyring(s.File); err != nil {
		return nil, err
	}
	lock, err := only(s.Locks, KindPhrase)
	if err != nil {
		return nil, err
	}
	u, err := unlockWithPhrase(lock, phrase, work)
	if err != nil {
		return nil, err
	}
	return u.open(s)
}

func lockWithPhrase(key hybrid.Identity, person ids.Person, phrase secret.String, work Work) (Lock, error) {
	parsed, err := ParsePhrase(phrase.Reveal())
	if err != nil {
		return Lock{}, err
	}
	id := ids.NewLock(rand.Reader)
	file, err := sealWithPhrase(lockText(id, person, key), parsed, work)
	return Lock{ID: id, Kind: KindPhrase, File: file}, err
}

func unlockWithPhrase(lock Lock, phrase secret.String, work Work) (unlocked, error) {
	parsed, err := ParsePhrase(phrase.Reveal())
	if err != nil {
		return unlocked{}, err
	}
	text, err := openWithPhrase(lock.File, parsed, work)
	if err != nil {
		return unlocked{}, err
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
