package client

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/seal"
	"varco/internal/secret"
	"varco/internal/thread"
)

// MaxName is the size limit of an attachment's name in bytes.
const MaxName = 200

// DefaultType is the type of an attachment of which nothing is known.
const DefaultType = "application/octet-stream"

// Attachment is a file that an entry carries. Attach makes one, Fetch gets it; it opens for whoever
// can open the entry. In JSON it has no key, but in what Content.Bytes makes, which is sealed.
type Attachment struct {
	Blob ids.Blob `json:"blob"`
	Name string   `json:"name"` // of the file: see CheckName
	Type string   `json:"type"` // media type: see CheckType
	Size int64    `json:"size"` // bytes

	key    seal.BlobKey
	sealed thread.Sealed // of the file that the service has
}

// forbidden in names: what separates folders, and what no system lets a file have.
const forbidden = `/\<>:"|?*`

// CheckName refuses (class form) what is no plain name of one file: empty or over MaxName, not
// in the one Unicode form NFC, with characters that can't be seen or turn the direction of
// writing, with a separator of folders, or hidden by a dot in front.
func CheckName(name string) error {
	bad := !utf8.ValidString(name) || name == "" || len(name) > MaxName || !norm.NFC.IsNormalString(name) ||
		strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.TrimSpace(name) != name ||
		strings.ContainsAny(name, forbidden) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
	if bad {
		return fault.Refuse(fault.ClassForm, "checking an attachment: its name is not that of one file, or is not printable")
	}
	return nil
}

// NameOf makes a good name of whatever a file is called where it comes from, without its folder.
func NameOf(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError || strings.ContainsRune(forbidden, r) {
			return '_'
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, "_")))
	for len(name) > MaxName { // the end of a name says what it is
		_, first := utf8.DecodeRuneInString(name)
		name = norm.NFC.String(name[first:])
	}
	if name = strings.Trim(name, ". "); name == "" {
		return "allegato"
	}
	return name
}

var mediaType = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$`)

// CheckType refuses (class form) what is no media type in lower case without parameters.
func CheckType(name string) error {
	if !mediaType.MatchString(name) {
		return fault.Refuse(fault.ClassForm, "checking an attachment: %.40q is no media type", name)
	}
	return nil
}

// attached is an attachment as it stands in a content.
type attached struct {
	Blob     ids.Blob `json:"blob"`
	Identity string   `json:"identity"`
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Size     int64    `json:"size"`
}

// withKeys prints attachments with their keys: into what will be sealed.
var withKeys = json.WithMarshalers(json.MarshalToFunc(func(to *jsontext.Encoder, a Attachment) error {
	return json.MarshalEncode(to, attached{a.Blob, a.key.Reveal(), a.Name, a.Type, a.Size})
}))

// readKeys reads what withKeys prints.
var readKeys = json.WithUnmarshalers(json.UnmarshalFromFunc(readAttached))

// readAttached reads an attachment with its key, and refuses what Attach does not make.
func readAttached(from *jsontext.Decoder, a *Attachment) error {
	var w attached
	if err := json.UnmarshalDecode(from, &w, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	key, err := seal.ParseBlobKey(secret.NewString(w.Identity))
	if err != nil {
		return errors.New("an identity that is none")
	}
	if _, err := ids.ParseBlob(string(w.Blob)); err != nil {
		return err
	}
	if _, err := seal.BlobSize(w.Size); err != nil {
		return err
	}
	if err := errors.Join(CheckName(w.Name), CheckType(w.Type)); err != nil {
		return err
	}
	*a = Attachment{Blob: w.Blob, Name: w.Name, Type: w.Type, Size: w.Size, key: key}
	return nil
}

// blobs are the lines of the header for a content's attachments.
func (c *Content) blobs() ([]thread.Blob, error) {
	if len(c.Attachments) > thread.MaxBlobs {
		return nil, fault.New(fault.TooLarge, "attaching: %d files, at most %d", len(c.Attachments), thread.MaxBlobs)
	}
	lines := make([]thread.Blob, len(c.Attachments))
	for i, a := range c.Attachments {
		if a.sealed.Size == 0 {
			return nil, fault.New(fault.Invalid, "attaching: %s was not uploaded", a.Blob)
		}
		lines[i] = thread.Blob{ID: a.Blob, Sealed: a.sealed}
	}
	slices.SortFunc(lines, func(a, b thread.Blob) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return lines, nil
}

// carries compares a content's attachments with what the signed header carries: the same ones,
// each of the size that its own gives (class missing, padding).
func (c *Content) carries(lines []thread.Blob) error {
	if len(c.Attachments) != len(lines) {
		return fault.Refuse(fault.ClassMissing, "opening an entry: %d attachments, and its header has %d", len(c.Attachments), len(lines))
	}
	seen := map[ids.Blob]bool{}
	for i := range c.Attachments {
		a := &c.Attachments[i]
		at := slices.IndexFunc(lines, func(b thread.Blob) bool { return b.ID == a.Blob })
		if at < 0 || seen[a.Blob] {
			return fault.Refuse(fault.ClassMissing, "opening an entry: %s is not in its header, or twice in its body", a.Blob)
		}
		seen[a.Blob] = true
		if sealed, err := seal.BlobSize(a.Size); err != nil || sealed != lines[at].Sealed.Size {
			return fault.Refuse(fault.ClassPadding, "opening an entry: the size of %s is not that of its file", a.Blob)
		}
		a.sealed = lines[at].Sealed
	}
	return nil
}
