package client_test

import (
	"strings"
	"testing"

	"varco/internal/client"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// TestVectorsOfContent runs testdata/vectors/content: the section "json" is read as what somebody
// says in an entry. It runs natively alone: the other tests here have a whole service with them,
// which can't be built for WebAssembly, and dev/wasm looks for names that end in Vectors.
func TestVectorsOfContent(t *testing.T) {
	var all []*vector.Vector
	add := func(name, expect, says, json string) {
		all = append(all, vector.New(name, expect, says).Attach("json", []byte(json)))
	}
	const (
		blob = `"blob":"b-8xby-uhs4-98h5-wsfv"`
		file = `"name":"permesso.jpg","type":"image/jpeg","size":48211`
	)
	key := `"identity":"` + attachmentKey(t) + `"`
	attachment := func(members ...string) string {
		return `{"text":"ecco","attachments":[{` + strings.Join(members, ",") + `}]}`
	}
	add("ok", vector.OK, "a text", `{"text":"Buongiorno."}`)
	add("ok-request", vector.OK, "a request for two documents", `{"text":"Servono:","items":["certificato di presa in carico","permesso di soggiorno"]}`)
	add("ok-reference", vector.OK, "the institute's own number", `{"text":"","reference":"INPS.1234.22/11/2026.0000001"}`)
	add("ok-internal", vector.OK, "the first entry of a centre's own thread",
		`{"text":"","case":"c-8xby-uhs4-98h5-wsfv","threads":[{"thread":"t-8xby-uhs4-98h5-wsfv","side":"inps","with":"o-8xby-uhs4-98h5-wsfv"}],`+
			`"exclude":[{"organisation":"o-8xby-uhs4-98h5-wsfv"},{"organisation":"o-8xby-uhs4-98h5-wsfv","person":"p-8xby-uhs4-98h5-wsfv","lift":true}]}`)
	add("refused-newer", "unknown", "a member that this program does not know", `{"text":"","spoken":"x"}`)
	add("refused-twice", "form", "a member twice", `{"text":"a","text":"b"}`)
	add("refused-capital", "unknown", "a member whose name is spelled otherwise", `{"Text":"a"}`)
	add("refused-list", "form", "no object", `["a"]`)
	add("refused-two", "form", "two objects", `{"text":"a"}{"text":"b"}`)
	add("refused-number", "form", "a number where a text belongs", `{"text":1}`)
	add("refused-utf-8", "form", "bytes that are no UTF-8", "{\"text\":\"\xff\"}")
	add("refused-case", "form", "a case that is none", `{"text":"","case":"c-8xby-uhs4-98h5-wsfw"}`)
	add("ok-attachment", vector.OK, "an attachment with its key", attachment(blob, key, file))
	add("refused-no-key", "form", "an attachment without its key", attachment(blob, file))
	add("refused-folder", "form", "an attachment whose name leads to a folder", attachment(blob, key, strings.Replace(file, "permesso", "../permesso", 1)))
	add("refused-turned", "form", "an attachment whose name is shown turned", attachment(blob, key, strings.Replace(file, "permesso", "permes\u202eso", 1)))
	add("refused-type", "form", "an attachment of no media type", attachment(blob, key, strings.Replace(file, "image/jpeg", "image", 1)))
	add("refused-size", "form", "an attachment of a negative size", attachment(blob, key, strings.Replace(file, "48211", "-1", 1)))
	notetest.Run(t, "content", all, func(v *vector.Vector) error {
		_, err := client.ParseContent(v.Bytes("json"))
		return err
	})
}

// attachmentKey is the key of a vector of an attachment: a new one would be another each time.
func attachmentKey(t *testing.T) string {
	t.Helper()
	all, err := vector.Load("../../testdata/vectors/blob")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if key := v.Get("identity"); v.Expect == vector.OK && key != "" {
			return key
		}
	}
	t.Fatal("no vector of an attachment has a key")
	return ""
}
