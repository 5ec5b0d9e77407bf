package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
)

// routes registers every route. What is registered by open needs no session.
func (s *server) routes() {
	open(s, route{method: http.MethodGet, path: "/healthz", id: "Alive", status: http.StatusNoContent, unlimited: true,
		summary: "Whether the service runs"}, s.alive)
	open(s, route{method: http.MethodGet, path: "/readyz", id: "Ready", status: http.StatusNoContent, unlimited: true,
		summary: "Whether the service answers requests"}, s.ready)
	open(s, route{method: http.MethodGet, path: "/v1/openapi.json", id: "OpenAPI", status: http.StatusOK,
		summary: "This document", responses: anyObject()}, s.openAPI)
	open(s, route{method: http.MethodGet, path: "/problems/{kind}", id: "Problem", status: http.StatusOK, unlimited: true,
		summary: "What a type of problem means", responses: plainText()}, s.explain)
	open(s, route{method: http.MethodGet, path: "/v1/service", id: "Service", status: http.StatusOK,
		summary: "What a client needs to know before signing in"}, s.service)

	open(s, route{method: http.MethodGet, path: "/v1/login", id: "Begin", status: http.StatusSeeOther,
		summary: "Send a browser to the provider to sign in"}, s.begin)
	open(s, route{method: http.MethodGet, path: "/v1/login/page", id: "BeginPage", status: http.StatusSeeOther,
		summary: "Send the page's browser to the provider to sign in"}, s.beginPage)
	open(s, route{method: http.MethodGet, path: CallbackPath, id: "Callback", presents: true, status: http.StatusSeeOther, anyQuery: true,
		summary: "Take the provider's answer: the page is signed in, or a code is shown to compare with the command line's"}, s.callback)
	open(s, route{method: http.MethodPost, path: "/v1/login/invitation", id: "RedeemInvitation", presents: true, limit: MaxCodeBytes, status: http.StatusCreated,
		summary: "Begin the page's session with an invitation, after a sign-in that is bound to nobody"}, s.redeemInvitation)
	open(s, route{method: http.MethodPost, path: LogoutPath, id: "ProviderLogout", status: http.StatusOK, limit: MaxTokenBytes,
		summary: "Take a provider's word that somebody has signed out there"}, s.providerLogout)
	open(s, route{method: http.MethodPost, path: "/v1/session", id: "Redeem", presents: true, limit: MaxCodeBytes, status: http.StatusCreated,
		summary: "Begin a command line's session with the one-time code of a sign-in"}, s.redeem)
	signed(s, route{method: http.MethodDelete, path: "/v1/session", id: "EndSession", status: http.StatusNoContent,
		summary: "Sign out"}, s.end)

	signed(s, route{method: http.MethodGet, path: "/v1/sessions", id: "Sessions", status: http.StatusOK,
		summary: "One's own sessions"}, asked(s.Gate.Sessions))
	signed(s, route{method: http.MethodDelete, path: "/v1/sessions/{session}", id: "RevokeSession", status: http.StatusNoContent,
		summary: "End a session of one's own, or of a colleague as her steward"}, s.revokeSession)
	signed(s, route{method: http.MethodGet, path: "/v1/people/{person}/sessions", id: "SessionsOf", status: http.StatusOK,
		summary: "The sessions of a colleague, for her steward"}, s.sessionsOf)
	signed(s, route{method: http.MethodDelete, path: "/v1/people/{person}/sessions", id: "RevokeSessions", status: http.StatusOK,
		summary: "End all sessions of a colleague, or all one's own but this one"}, s.revokeSessions)
	signed(s, route{method: http.MethodPost, path: "/v1/people/{person}/end", id: "EndPerson", status: http.StatusOK,
		summary: "End the sign-in of a colleague who has left, for good"}, s.endPerson)

	signed(s, route{method: http.MethodGet, path: "/v1/me", id: "Me", status: http.StatusOK,
		summary: "What the service says of oneself"}, asked(s.Gate.Me))
	signed(s, route{method: http.MethodGet, path: "/v1/keyring", id: "Keyring", status: http.StatusOK,
		summary: "One's own sealed keyring"}, asked(s.Gate.Keyring))
	signed(s, route{method: http.MethodPut, path: "/v1/keyring", id: "PutKeyring", status: http.StatusOK,
		summary: "Replace one's own sealed keyring"}, given(s.Gate.PutKeyring))
	signed(s, route{method: http.MethodPost, path: "/v1/cards", id: "PutCard", status: http.StatusCreated,
		summary: "Publish one's own card"}, given(s.Gate.PutCard))
	signed(s, route{method: http.MethodPost, path: "/v1/rosters", id: "PutRoster", status: http.StatusCreated,
		summary: "Publish the next roster of one's own organisation"}, given(s.Gate.PutRoster))
	signed(s, route{method: http.MethodGet, path: "/v1/directory", id: "Directory", status: http.StatusOK,
		summary: "Cards, rosters and names of the organisations that one deals with"}, asked(s.Gate.Directory))
	signed(s, route{method: http.MethodGet, path: "/v1/agreements", id: "Agreements", status: http.StatusOK,
		summary: "The agreements of one's own organisation, and until when they are good"}, asked(s.Gate.Agreements))

	signed(s, route{method: http.MethodPost, path: "/v1/cases", id: "OpenCase", status: http.StatusCreated, limit: MaxEntryBodyBytes,
		summary: "Open a case with its first threads"}, given(s.Gate.OpenCase))
	signed(s, route{method: http.MethodGet, path: "/v1/notices", id: "Notices", status: http.StatusOK,
		summary: "Where one is told by mail that something has come"}, asked(s.Gate.Notices))
	signed(s, route{method: http.MethodPut, path: "/v1/notices", id: "PutNotices", status: http.StatusOK,
		summary: "Say where, or that one wants no mail"}, given(s.Gate.PutNotices))
	signed(s, route{method: http.MethodGet, path: "/v1/pokes", id: "Pokes", status: http.StatusOK,
		summary: "A stream that says when it is worth to list again, and nothing else", responses: eventStream()}, s.pokes)
	signed(s, route{method: http.MethodGet, path: "/v1/cases", id: "ListCases", status: http.StatusOK,
		summary: "The threads that one may read"}, asked(s.Gate.ListCases))
	signed(s, route{method: http.MethodPost, path: "/v1/entries", id: "AppendEntry", status: http.StatusCreated, limit: MaxEntryBodyBytes,
		summary: "Append entries to threads, all or none"}, given(s.Gate.AppendEntry))
	signed(s, route{method: http.MethodPost, path: "/v1/threads/{thread}/readings", id: "ReadThread", status: http.StatusOK,
		summary: "Read entries of a thread, which is recorded"}, s.read)
	signed(s, route{method: http.MethodGet, path: "/v1/threads/{thread}/readers", id: "Readers", status: http.StatusOK,
		summary: "Who has read a thread"}, s.readers)
	signed(s, route{method: http.MethodGet, path: "/v1/threads/{thread}/freshness", id: "Freshness", status: http.StatusOK,
		summary: "How far a thread had come when that was last recorded, with its proof"}, s.freshness)
	signed(s, route{method: http.MethodGet, path: "/v1/entries/{entry}/proof", id: "Proof", status: http.StatusOK,
		summary: "The proof that an entry is recorded"}, s.proof)

	signed(s, route{method: http.MethodPost, path: "/v1/blobs", id: "BeginBlob", status: http.StatusCreated,
		summary: "Begin to upload an attachment, or ask how far that has come"}, given(s.Gate.BeginBlob))
	signed(s, route{method: http.MethodPut, path: "/v1/blobs/{blob}/parts/{at}", id: "PutPart", status: http.StatusOK,
		inPieces: true, body: binary(), summary: "Upload the next part of an attachment, at most 4 MiB with its Content-Length"}, s.putPart)
	signed(s, route{method: http.MethodPost, path: "/v1/blobs/{blob}/whole", id: "FinishBlob", status: http.StatusOK,
		summary: "Say that an attachment is uploaded whole"}, s.finishBlob)
	signed(s, route{method: http.MethodDelete, path: "/v1/blobs/{blob}", id: "DropBlob", status: http.StatusNoContent,
		summary: "Remove an attachment of one's own that no entry carries"}, s.dropBlob)
	signed(s, route{method: http.MethodGet, path: "/v1/blobs/{blob}", id: "ReadBlob", status: http.StatusOK, inPieces: true,
		responses: map[string]*huma.Response{"200": {Description: "The sealed file", Content: binary()}},
		summary:   "An attachment of a thread that one may read, which is recorded"}, s.readBlob)

	signed(s, route{method: http.MethodPost, path: "/v1/audit/checkpoint", id: "AuditCheckpoint", status: http.StatusCreated,
		summary: "Sign the ledger as it is now"}, s.auditCheckpoint)
	signed(s, route{method: http.MethodGet, path: "/v1/audit/checkpoints", id: "Checkpoints", status: http.StatusOK,
		summary: "Checkpoints up to a size, in pages"}, s.checkpoints)
	signed(s, route{method: http.MethodGet, path: "/v1/audit/leaves", id: "Audit", status: http.StatusOK,
		summary: "Leaves of the ledger and what their records name"}, s.leaves)
	signed(s, route{method: http.MethodGet, path: "/v1/audit/records", id: "SearchLedger", status: http.StatusOK,
		summary: "Records chosen by person, object, act, outcome and time, the newest first"}, s.records)
	signed(s, route{method: http.MethodPost, path: "/v1/audit/samples", id: "DrawSample", status: http.StatusCreated,
		summary: "Records of an act, drawn by a seed that is recorded first"}, given(s.Gate.DrawSample))
}

type (
	none          struct{}
	body[T any]   struct{ Body T }
	answer[T any] struct{ Body T }
	redirect      struct {
		Location string `header:"Location"`
	}
)

// asked makes a handler of a use case that takes nothing.
func asked[O any](do func(context.Context, caller.Caller) (O, error)) func(context.Context, caller.Caller, *none) (*answer[O], error) {
	return func(ctx context.Context, who caller.Caller, _ *none) (*answer[O], error) { return said(do(ctx, who)) }
}

// given makes a handler of a use case that takes a body.
func given[I, O any](do func(context.Context, caller.Caller, I) (O, error)) func(context.Context, caller.Caller, *body[I]) (*answer[O], error) {
	return func(ctx context.Context, who caller.Caller, in *body[I]) (*answer[O], error) {
		return said(do(ctx, who, in.Body))
	}
}

func said[O any](out O, err error) (*answer[O], error) { return &answer[O]{out}, err }

type threadPath struct {
	Thread string `path:"thread"`
}

func (p threadPath) id() (ids.Thread, error) { return inPath(ids.ParseThread(p.Thread)) }

// inPath is for what is read as a text: an identifier that is none is not found, just as one that
// names nothing.
func inPath[T any](id T, err error) (T, error) {
	if err != nil {
		return id, fault.Wrap(fault.NotFound, err, "reading the path")
	}
	return id, nil
}
