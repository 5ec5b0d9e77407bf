package client

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/secret"
)

// Transport reaches the service: net/http for the command line, fetch in a browser.
type Transport interface {
	// Do sends one request and returns the status and the whole answer. The token, when it
	// is not zero, goes into "Authorization: Bearer"; the body, when there is one, is JSON.
	// An error means that no answer came: what was asked may have been done all the same.
	Do(ctx context.Context, token secret.String, method, path string, body []byte) (status int, answer []byte, err error)
	// Stream sends one request whose body, when there is one, is bytes and no JSON
	// ("application/octet-stream", with its length), and returns the answer to be read as it
	// comes; the caller closes it. An answer that ends early, and every break, is an error of its
	// Read; one that ends as the service has announced it is io.EOF. What does not move any more
	// is cut after a while, however long all of it takes. The body is not used after the return.
	Stream(ctx context.Context, token secret.String, method, path string, body []byte) (status int, answer io.ReadCloser, err error)
}

// attempts is how often a request is sent whose answer was lost.
const attempts = 4

// firstWait is the pause before the second attempt.
const firstWait = 250 * time.Millisecond

func wait(ctx context.Context, attempt int) error {
	timer := time.NewTimer(firstWait << (attempt - 1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServiceError is a refusal that the service answered: its own word, and only about what
// was asked of it. Its kind and class are found by fault.KindOf and fault.ClassOf. What the
// device itself has found out about the service is never a ServiceError.
type ServiceError struct {
	Status  int
	Request string // to quote when reporting a problem, "" if the service gave none
	// Place is where the service says that a thread goes on, with a conflict; nil if it said nothing.
	Place *api.Place
	cause error
}

// Error says what it means to the person.
func (e *ServiceError) Error() string {
	if e.Request == "" {
		return e.cause.Error()
	}
	return e.cause.Error() + " (request " + e.Request + ")"
}

// Unwrap returns the error with the kind and class.
func (e *ServiceError) Unwrap() error { return e.cause }

// meaning of each kind to the person who asked.
var meaning = map[fault.Kind]string{
	fault.Invalid:         "the service could not read the request: this program may be older or newer than the service",
	fault.Refused:         "the service refuses it",
	fault.Unauthenticated: "nobody is signed in, or the session has ended: sign in again",
	fault.NotFound:        "there is nothing here for you: it does not exist, or it is not yours; check the code for a slip",
	fault.ReasonRequired:  "say why before opening: give a reason",
	fault.FreshRequired:   "sign in again first: this is not for a session that was left open",
	fault.Conflict:        "somebody else was first: look again and repeat",
	fault.TooLarge:        "it is too large for the service",
	fault.Limited:         "too many requests: wait a little and repeat",
	fault.Unavailable:     "the service can't do it now and nothing was done: repeat later",
	fault.NotKnown:        "the service can't say whether it was done: look before you repeat",
	fault.Internal:        "the service made a mistake, and it may or may not have been done: look, and report it",
}

// kindByStatus is for answers that are no problem document, as a proxy gives: when it had none of
// the service in time, the service may have done what was asked.
var kindByStatus = map[int]fault.Kind{
	400: fault.Invalid, 401: fault.Unauthenticated, 404: fault.NotFound, 413: fault.TooLarge,
	429: fault.Limited, 502: fault.NotKnown, 503: fault.NotKnown, 504: fault.NotKnown,
}

// refusal turns an answer that is not a success into an error.
func refusal(status int, answer []byte) error {
	var p api.Problem
	kind, known := kindByStatus[status]
	if !known {
		kind = fault.Internal
	}
	class := fault.Class("")
	if json.Unmarshal(answer, &p) == nil {
		if said := fault.Kind(strings.TrimPrefix(p.Type, "/problems/")); slices.Contains(fault.Kinds, said) {
			kind = said
		}
		if said := fault.Class(p.Class); slices.Contains(fault.Classes, said) {
			class = said
		}
	}
	cause := fault.New(kind, "asking the service: %s", meaning[kind])
	if kind == fault.Refused {
		cause = fault.Refuse(class, "asking the service: %s (%s)", meaning[kind], class)
	}
	return &ServiceError{Status: status, Request: p.Request, Place: p.Place, cause: cause}
}

// ask sends a request that may be repeated, since the service does it once: the same bytes
// again when an answer was lost, or the service does not know itself. It fills answer unless that
// is nil.
func (c *Client) ask(ctx context.Context, method, path string, request, answer any) error {
	body, err := encode(request)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := c.send(ctx, method, path, body, answer)
		lost, ok := err.(*lostError) //nolint:errorlint // made by send and not wrapped
		if !ok {
			return err
		}
		if attempt == attempts || ctx.Err() != nil {
			return lost.told()
		}
		if err := c.parts.Wait(ctx, attempt); err != nil {
			return lost.told()
		}
	}
}

// askOnce sends a request that the service would not do twice.
func (c *Client) askOnce(ctx context.Context, method, path string, request, answer any) error {
	body, err := encode(request)
	if err != nil {
		return err
	}
	err = c.send(ctx, method, path, body, answer)
	if lost, ok := err.(*lostError); ok { //nolint:errorlint // made by send and not wrapped
		return lost.told()
	}
	return err
}

// lostError says that no answer came, or one that does not say whether it was done.
type lostError struct{ cause error }

func (e *lostError) Error() string { return e.cause.Error() }
func (e *lostError) Unwrap() error { return e.cause }

// refused is the error of an answer that is not a success: a lostError when it does not say whether
// it was done.
func refused(status int, answer []byte) error {
	err := refusal(status, answer)
	if fault.KindOf(err) == fault.NotKnown {
		return &lostError{err}
	}
	return err
}

// told is the error as the caller gets it.
func (e *lostError) told() error {
	return fault.Wrap(fault.NotKnown, e.cause, "asking the service: no answer, so it may or may not have been done")
}

func (c *Client) send(ctx context.Context, method, path string, body []byte, answer any) error {
	status, got, err := c.parts.Transport.Do(ctx, c.parts.Token, method, path, body)
	if err != nil {
		return &lostError{err}
	}
	if status < 200 || status > 299 {
		return refused(status, got)
	}
	if answer == nil {
		return nil
	}
	// Members that this program does not know may come from a newer service, and are not
	// believed; repeated ones and other cases of a name are refused by the library.
	if err := json.Unmarshal(got, answer); err != nil {
		return fault.Refuse(fault.ClassForm, "reading the service's answer: %s", err)
	}
	return nil
}

func encode(request any) ([]byte, error) {
	if request == nil {
		return nil, nil
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "writing a request")
	}
	return body, nil
}

// pathTo prints a path; its arguments are identifiers, which need no escaping.
func pathTo(format string, args ...any) string { return fmt.Sprintf(format, args...) }
