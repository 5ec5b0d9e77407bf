// Package ids holds the typed identifiers of Varco and the one shape they all have.
//
// An identifier is a prefix that says what it names, a hyphen, and sixteen
// characters in four groups: fifteen random ones and a check character.
//
//	t-4kd9-wq7m-x2pn-8rce
//
// The alphabet has 31 characters (no i, l, o, 0, 1), so that people can read a
// code over the telephone; 31 is prime, so the check character finds every single
// wrong character and every swap of two neighbours. Fifteen random characters are
// 74 bits: nobody guesses one, and none says anything about what it names.
//
// An identifier is a pseudonym, never a secret: it grants nothing.
package ids

import (
	"crypto/sha3"
	"fmt"
	"io"
	"strings"
)

const (
	alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
	radix    = len(alphabet)
	symbols  = 16 // fifteen random, one check
)

// What each identifier names.
type (
	// Person names a human being who uses Varco: "p-…".
	Person string
	// Organisation names a centre, an INPS office, a partner or an oversight body: "o-…".
	Organisation string
	// Case names a folder of threads; only the centre's side ever sees it: "c-…".
	Case string
	// Thread names one conversation with one member set: "t-…". It is the code that people quote.
	Thread string
	// Entry names one entry of a thread, chosen by its author's device: "e-…".
	Entry string
	// Session names a signed-in session in the ledger; it is not the session's token: "s-…".
	Session string
	// Request names one request to the service, for people who report a problem: "q-…".
	Request string
	// Lock names one way to open a keyring: "l-…".
	Lock string
	// Agreement names a local agreement or the framework agreement above it: "a-…".
	Agreement string
	// Invitation names the promise of a seat to a person who has not signed in yet: "i-…".
	Invitation string
	// Blob names one attachment, chosen by its author's device: "b-…".
	Blob string
)

// prefixes of the identifiers, by type.
const (
	person       = "p"
	organisation = "o"
	cs           = "c"
	thread       = "t"
	entry        = "e"
	session      = "s"
	request      = "q"
	lock         = "l"
	agreement    = "a"
	invitation   = "i"
	blob         = "b"
)

// named says in errors what a prefix stands for.
var named = map[string]string{person: "person", organisation: "organisation", cs: "case", thread: "thread",
	entry: "entry", session: "session", request: "request", lock: "lock", agreement: "agreement",
	invitation: "invitation", blob: "blob"}

// NewPerson draws a new Person from rand.
func NewPerson(rand io.Reader) Person { return Person(draw(person, rand)) }

// NewOrganisation draws a new Organisation from rand.
func NewOrganisation(rand io.Reader) Organisation { return Organisation(draw(organisation, rand)) }

// NewCase draws a new Case from rand.
func NewCase(rand io.Reader) Case { return Case(draw(cs, rand)) }

// NewThread draws a new Thread from rand.
func NewThread(rand io.Reader) Thread { return Thread(draw(thread, rand)) }

// NewEntry draws a new Entry from rand.
func NewEntry(rand io.Reader) Entry { return Entry(draw(entry, rand)) }

// NewSession draws a new Session from rand.
func NewSession(rand io.Reader) Session { return Session(draw(session, rand)) }

// NewRequest draws a new Request from rand.
func NewRequest(rand io.Reader) Request { return Request(draw(request, rand)) }

// NewLock draws a new Lock from rand.
func NewLock(rand io.Reader) Lock { return Lock(draw(lock, rand)) }

// NewAgreement draws a new Agreement from rand.
func NewAgreement(rand io.Reader) Agreement { return Agreement(draw(agreement, rand)) }

// NewInvitation draws a new Invitation from rand.
func NewInvitation(rand io.Reader) Invitation { return Invitation(draw(invitation, rand)) }

// NewBlob draws a new Blob from rand.
func NewBlob(rand io.Reader) Blob { return Blob(draw(blob, rand)) }

// BlobOf makes the Blob of an attachment from its author and a nonce that her device has drawn. Nobody
// else can name it when she begins an upload, and so nobody learns by that whether there is one.
func BlobOf(author Person, nonce [32]byte) Blob {
	source := sha3.NewSHAKE256()
	_, _ = source.Write([]byte("varco/v1 blob\n" + string(author) + "\n")) // never fails
	_, _ = source.Write(nonce[:])
	return NewBlob(source)
}

// ParsePerson checks the shape and the check character of s.
func ParsePerson(s string) (Person, error) { return parse[Person](person, s) }

// ParseOrganisation checks the shape and the check character of s.
func ParseOrganisation(s string) (Organisation, error) { return parse[Organisation](organisation, s) }

// ParseCase checks the shape and the check character of s.
func ParseCase(s string) (Case, error) { return parse[Case](cs, s) }

// ParseThread checks the shape and the check character of s.
func ParseThread(s string) (Thread, error) { return parse[Thread](thread, s) }

// ParseEntry checks the shape and the check character of s.
func ParseEntry(s string) (Entry, error) { return parse[Entry](entry, s) }

// ParseSession checks the shape and the check character of s.
func ParseSession(s string) (Session, error) { return parse[Session](session, s) }

// ParseRequest checks the shape and the check character of s.
func ParseRequest(s string) (Request, error) { return parse[Request](request, s) }

// ParseLock checks the shape and the check character of s.
func ParseLock(s string) (Lock, error) { return parse[Lock](lock, s) }

// ParseAgreement checks the shape and the check character of s.
func ParseAgreement(s string) (Agreement, error) { return parse[Agreement](agreement, s) }

// ParseInvitation checks the shape and the check character of s.
func ParseInvitation(s string) (Invitation, error) { return parse[Invitation](invitation, s) }

// ParseBlob checks the shape and the check character of s.
func ParseBlob(s string) (Blob, error) { return parse[Blob](blob, s) }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not a Person.
func (p *Person) UnmarshalText(b []byte) (err error) { *p, err = ParsePerson(string(b)); return err }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not an Organisation.
func (o *Organisation) UnmarshalText(b []byte) (err error) {
	*o, err = ParseOrganisation(string(b))
	return err
}

// UnmarshalText lets JSON and TOML decoders refuse anything that is not a Case.
func (c *Case) UnmarshalText(b []byte) (err error) { *c, err = ParseCase(string(b)); return err }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not a Thread.
func (t *Thread) UnmarshalText(b []byte) (err error) { *t, err = ParseThread(string(b)); return err }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not an Entry.
func (e *Entry) UnmarshalText(b []byte) (err error) { *e, err = ParseEntry(string(b)); return err }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not a Lock.
func (l *Lock) UnmarshalText(b []byte) (err error) { *l, err = ParseLock(string(b)); return err }

// UnmarshalText lets JSON and TOML decoders refuse anything that is not an Agreement.
func (a *Agreement) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAgreement(string(b))
	return err
}

// UnmarshalText lets JSON and TOML decoders refuse anything that is not an Invitation.
func (i *Invitation) UnmarshalText(b []byte) (err error) {
	*i, err = ParseInvitation(string(b))
	return err
}

// UnmarshalText lets JSON and TOML decoders refuse anything that is not a Blob.
func (b *Blob) UnmarshalText(text []byte) (err error) { *b, err = ParseBlob(string(text)); return err }

// draw makes an identifier; a failing source of randomness is an internal error.
func draw(prefix string, rand io.Reader) string {
	chosen := make([]byte, 0, symbols)
	var one [1]byte
	for len(chosen) < symbols-1 {
		if _, err := io.ReadFull(rand, one[:]); err != nil {
			panic("internal error: drawing an identifier: " + err.Error())
		}
		// 248 = 8 × 31: what is above would favour the first characters.
		if one[0] < 248 {
			chosen = append(chosen, alphabet[int(one[0])%radix])
		}
	}
	chosen = append(chosen, check(chosen))
	s := string(chosen)
	return prefix + "-" + s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// check is the character that makes the weighted sum of all sixteen divisible by 31.
func check(first []byte) byte {
	sum := 0
	for i, c := range first {
		sum += (i + 2) * strings.IndexByte(alphabet, c)
	}
	return alphabet[(radix-sum%radix)%radix]
}

func parse[T ~string](prefix, s string) (T, error) {
	name := named[prefix]
	rest, ok := strings.CutPrefix(s, prefix+"-")
	if !ok || len(rest) != symbols+3 || rest[4] != '-' || rest[9] != '-' || rest[14] != '-' {
		return "", fmt.Errorf("reading the identifier of a %s: want %s-xxxx-xxxx-xxxx-xxxx", name, prefix)
	}
	plain := []byte(strings.ReplaceAll(rest, "-", ""))
	if len(plain) != symbols {
		return "", fmt.Errorf("reading the identifier of a %s: want %s-xxxx-xxxx-xxxx-xxxx", name, prefix)
	}
	for _, c := range plain {
		if strings.IndexByte(alphabet, c) < 0 {
			return "", fmt.Errorf("reading the identifier of a %s: the character %q is in no code", name, c)
		}
	}
	if check(plain[:symbols-1]) != plain[symbols-1] {
		return "", fmt.Errorf("reading the identifier of a %s: a character is wrong or two are swapped", name)
	}
	return T(s), nil
}
