package agent

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// form is what a page's form would send, and what can be read on its buttons.
type form struct {
	action, method string
	values         url.Values
	buttons        []button
}

type button struct{ name, value, text string }

// choose reads the page's forms: the one that names the account, or the only one.
func choose(page []byte, at *url.URL, account string) (move, error) {
	// As a browser without scripts reads it: what is in noscript counts.
	doc, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		return move{}, fmt.Errorf("reading the page: %w", err)
	}
	forms := readForms(doc)
	for _, f := range forms {
		if b, ok := f.names(account); ok {
			return f.press(b, at)
		}
	}
	switch {
	case len(forms) == 0:
		return follow(doc, at)
	case len(forms) == 1 && len(forms[0].buttons) <= 1:
		b := button{}
		if len(forms[0].buttons) == 1 {
			b = forms[0].buttons[0]
		}
		return forms[0].press(b, at)
	default:
		return move{}, fmt.Errorf("reading the page: no button for the account %q", account)
	}
}

// follow goes where the page says that one goes on: to the address of its link "next".
func follow(doc *html.Node, at *url.URL) (move, error) {
	for n := range doc.Descendants() {
		if n.DataAtom == atom.A && attr(n, "rel") == "next" {
			next, err := at.Parse(attr(n, "href"))
			return move{at: next}, err
		}
	}
	return move{}, nil
}

// names finds the button that says the account's label, or sends its subject.
func (f form) names(account string) (button, bool) {
	for _, b := range f.buttons {
		if b.value == account || b.text == account || strings.HasSuffix(b.text, ": "+account) {
			return b, true
		}
	}
	if len(f.buttons) == 1 {
		for _, values := range f.values {
			for _, value := range values {
				if value == account {
					return f.buttons[0], true
				}
			}
		}
	}
	return button{}, false
}

// press is the move that the button makes.
func (f form) press(b button, at *url.URL) (move, error) {
	if f.method != http.MethodPost {
		return move{}, errors.New("submitting the form: only POST is supported")
	}
	action, err := at.Parse(f.action)
	if err != nil {
		return move{}, fmt.Errorf("submitting the form: %w", err)
	}
	if b.name != "" {
		f.values.Add(b.name, b.value)
	}
	return move{at: action, form: f.values}, nil
}

func readForms(doc *html.Node) []form {
	var forms []form
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Form {
			forms = append(forms, readForm(n))
		}
	}
	return forms
}

func readForm(n *html.Node) form {
	f := form{action: attr(n, "action"), method: strings.ToUpper(attr(n, "method")), values: url.Values{}}
	for field := range n.Descendants() {
		name, value := attr(field, "name"), attr(field, "value")
		switch field.DataAtom {
		case atom.Input:
			if attr(field, "type") == "submit" {
				f.buttons = append(f.buttons, button{name, value, value})
			} else if name != "" {
				f.values.Add(name, value)
			}
		case atom.Button:
			f.buttons = append(f.buttons, button{name, value, strings.TrimSpace(text(field))})
		default: // what it looks like
		}
	}
	return f
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
