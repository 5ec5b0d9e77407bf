package httpapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"

	"varco/internal/session"
)

// The last page of a sign-in that does not end in the page itself. Title and address say
// nothing; it runs no script, asks for nothing, and sends nothing.
//
//go:embed landing.html
var landingText string

//go:embed landing.css
var landingStyle string

var landingTemplate = template.Must(template.New("landing").Parse(landingText))

// landingPolicy permits the one style sheet, by its hash.
var landingPolicy = func() string {
	sum := sha256.Sum256([]byte(landingStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// landed is what the page says.
type landed struct {
	Style    template.CSS
	Says     []string
	Compare  string       // the code that must be in the command line too
	Continue template.URL // on 127.0.0.1, ours
}

// landing is an answer that sends a browser on, or a page, or both with cookies.
type landing struct {
	Status      int
	Location    string   `header:"Location"`
	SetCookie   []string `header:"Set-Cookie"`
	ContentType string   `header:"Content-Type" hidden:"true"`
	Policy      string   `header:"Content-Security-Policy" hidden:"true"`
	Body        []byte
}

func page(status int, says landed, cookies ...string) (*landing, error) {
	says.Style = template.CSS(landingStyle) //nolint:gosec // our own file
	var text bytes.Buffer
	if err := landingTemplate.Execute(&text, says); err != nil {
		return nil, err
	}
	return &landing{Status: status, SetCookie: cookies, ContentType: "text/html; charset=utf-8", Policy: landingPolicy,
		Body: text.Bytes()}, nil
}

func goTo(location string, cookies ...string) *landing {
	return &landing{Status: http.StatusSeeOther, Location: location, SetCookie: cookies}
}

// refusedWords say what a person can do about a sign-in that was refused.
func refusedWords(reason session.Reason) []string {
	switch reason {
	case session.ReasonSecondFactor:
		return []string{"Per entrare serve anche il secondo passaggio (un codice o una chiave), e questa volta non c'è stato.",
			"Non sei entrata: ripeti, e se non ti viene chiesto avvisa chi gestisce il tuo accesso."}
	case session.ReasonUnavailable:
		return []string{"L'accesso della tua organizzazione non risponde. Non sei entrata: ripeti fra poco."}
	case session.ReasonLate, session.ReasonState:
		return []string{"È passato troppo tempo, o la pagina era già stata usata. Non sei entrata: ripeti."}
	case session.ReasonVerifier:
		return []string{"L'accesso è cominciato in un altro browser. Non sei entrata.",
			"Se non l'hai cominciato tu, chiudi questa pagina."}
	case session.ReasonProvider:
		return []string{"L'accesso della tua organizzazione non ti ha lasciata passare. Non sei entrata: ripeti."}
	default:
		return []string{"L'accesso non è valido e non sei entrata. Ripeti; se succede ancora, avvisa l'assistenza."}
	}
}
