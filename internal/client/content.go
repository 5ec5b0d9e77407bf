package client

import (
	"errors"
	"slices"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
)

// Content is what people say to each other in one entry. Sealed, it is one JSON object; what an
// entry has nothing to say of is left out.
type Content struct {
	Text string `json:"text"`
	// Attachments are the files that the entry carries.
	Attachments []Attachment `json:"attachments,omitempty"`
	// Items are what a request asks for, one by one: "certificato di presa in carico".
	Items []string `json:"items,omitempty"`
	// Reference is the number under which the institute has registered this on its side.
	Reference string `json:"reference,omitempty"`
	// Case is the case that the centre's own thread is of (open).
	Case ids.Case `json:"case,omitempty"`
	// Threads are other threads of the case, in the centre's own thread (open, link).
	Threads []Linked `json:"threads,omitempty"`
	// Exclude says who must not be chosen as a member in this case, or may be again, in the
	// centre's own thread (open, exclude). Nobody outside it learns of it.
	Exclude []Exclusion `json:"exclude,omitempty"`
}

// Linked is another thread of the case.
type Linked struct {
	Thread ids.Thread       `json:"thread"`
	Side   thread.Side      `json:"side"`
	With   ids.Organisation `json:"with,omitempty"`
}

// Exclusion is one person, or a whole organisation when Person is "".
type Exclusion struct {
	Organisation ids.Organisation `json:"organisation"`
	Person       ids.Person       `json:"person,omitempty"`
	Lift         bool             `json:"lift,omitempty"` // she may be chosen again
}

// MaxItems is how many things one request asks for, threads or exclusions an entry names.
const MaxItems = 64

// MaxText is the size limit of a text in bytes. It leaves room in a body for what sealing
// adds.
const MaxText = 512 << 10

// Bytes prints the content as JSON. It refuses (kind too-large) more than MaxText in all, and more
// than MaxItems of anything.
func (c Content) Bytes() ([]byte, error) {
	if !c.small() {
		return nil, fault.New(fault.TooLarge, "writing a content: at most %d bytes in all, and %d of anything", MaxText, MaxItems)
	}
	b, err := json.Marshal(c, withKeys)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "writing a content")
	}
	return b, nil
}

// ParseContent reads what Bytes prints. A member that this program does not know was
// written by a newer one (class unknown), and may change what the others mean: nothing of it
// is shown.
func ParseContent(b []byte) (Content, error) {
	var c Content
	err := json.Unmarshal(b, &c, json.RejectUnknownMembers(true), readKeys)
	switch {
	case err == nil && c.whole():
		return c, nil
	case errors.Is(err, json.ErrUnknownName):
		return Content{}, fault.Refuse(fault.ClassUnknown, "reading a content: it is newer than this program")
	default:
		return Content{}, fault.Refuse(fault.ClassForm, "reading a content: not one JSON object")
	}
}

// whole reports whether nothing is left out that an exclusion or an attachment can't be without.
func (c *Content) whole() bool {
	return !slices.ContainsFunc(c.Exclude, func(e Exclusion) bool { return e.Organisation == "" }) &&
		!slices.ContainsFunc(c.Attachments, func(a Attachment) bool { return a.Blob == "" })
}

// small reports whether a content keeps to MaxText and MaxItems.
func (c *Content) small() bool {
	size := len(c.Text) + len(c.Reference)
	for _, item := range c.Items {
		size += len(item)
	}
	return size <= MaxText && max(len(c.Items), len(c.Threads), len(c.Exclude)) <= MaxItems
}

// belongs refuses (class form) a content that says what is not said in an entry of its kind, or not
// in a thread of its side: nobody shows as the centre's word what an officer wrote.
func (c *Content) belongs(kind thread.Kind, side thread.Side) error {
	inside := side == thread.Internal
	agree := c.small() &&
		(len(c.Items) == 0 || kind == thread.Request) &&
		(c.Reference == "" || kind == thread.Message || kind == thread.KindStatus) &&
		(c.Case == "" || inside && kind == thread.Open) &&
		(len(c.Threads) == 0 || inside && (kind == thread.Open || kind == thread.Link)) &&
		(len(c.Exclude) == 0 || inside && (kind == thread.Open || kind == thread.Exclude))
	if !agree {
		return fault.Refuse(fault.ClassForm, "reading a content: it says what does not belong to an entry of kind %s", kind)
	}
	return nil
}
