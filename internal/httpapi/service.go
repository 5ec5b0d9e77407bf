package httpapi

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/session"
)

func (s *server) alive(context.Context, session.From, *none) (*none, error) { return nil, nil }

func (s *server) ready(ctx context.Context, _ session.From, _ *none) (*none, error) {
	if err := s.Ready(ctx); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "checking readiness")
	}
	return nil, nil
}

func (s *server) service(ctx context.Context, _ session.From, _ *none) (*answer[api.Service], error) {
	return said(s.Service(ctx))
}

// document is sent as it was made.
type document struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        []byte
}

func (s *server) openAPI(context.Context, session.From, *none) (*document, error) {
	return &document{"application/json", s.document}, nil
}

// anyObject describes an answer that is an object of whatever form.
func anyObject() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}}
}

// plainText describes an answer in words.
func plainText() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
		"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}

// eventStream describes server-sent events.
func eventStream() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
		"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}
