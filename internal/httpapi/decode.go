package httpapi

import (
	"io"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// strict reads JSON in one way only: every member is one that the type has, in its spelling,
// once, and the text is UTF-8. Two readers of one body see the same.
var strict = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, _ = w.Write(text) // who is gone need not be told
		return nil
	},
	Unmarshal: func(text []byte, v any) error {
		return json.Unmarshal(text, v, json.RejectUnknownMembers(true))
	},
}
