package client

import (
	"errors"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
)

// Content is what people say to each other in one entry. Sealed, it is one JSON object.
type Content struct {
	Text string `json:"text"`
}

// MaxText is the size limit of a text in bytes. It leaves room in a body for what sealing
// adds.
const MaxText = 512 << 10

// Bytes prints the content as JSON. It refuses (kind too-large) more than MaxText.
func (c Content) Bytes() ([]byte, error) {
	if len(c.Text) > MaxText {
		return nil, fault.New(fault.TooLarge, "writing a content: %d bytes, at most %d", len(c.Text), MaxText)
	}
	b, err := json.Marshal(c)
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
	err := json.Unmarshal(b, &c, json.RejectUnknownMembers(true))
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, json.ErrUnknownName):
		return Content{}, fault.Refuse(fault.ClassUnknown, "reading a content: it is newer than this program")
	default:
		return Content{}, fault.Refuse(fault.ClassForm, "reading a content: not one JSON object")
	}
}
