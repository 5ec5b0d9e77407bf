package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

// version is that of the API: paths begin with its major part.
const version = "1.0.0"

func description() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			Info: &huma.Info{Title: "Varco", Version: version,
				Description: "A protected case channel. Notes are signed texts, sealed bytes are base64; " +
					"docs/protocol.md says what they hold."},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearerScheme: {Type: "http", Scheme: "bearer", Description: "The token of a command line's session"},
					cookieScheme: {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "A session of the page; a change " +
						"also needs Sec-Fetch-Site same-origin or our Origin, and a type of content that no form can send"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": strict, "json": strict},
		DefaultFormat: "application/json",
	}
}

// Document returns the OpenAPI 3.1 document of the API, indented: docs/openapi.json.
func Document() ([]byte, error) {
	_, s := build(Config{})
	text, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("printing the OpenAPI document: %w", err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		return nil, fmt.Errorf("printing the OpenAPI document: %w", err)
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}
