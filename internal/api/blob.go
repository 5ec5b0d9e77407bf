package api

import (
	"varco/internal/ids"
	"varco/internal/note"
)

// BeginBlob begins to upload an attachment. Its id is drawn on the author's device; asked for
// again it says how far the upload has come.
type BeginBlob struct {
	Blob ids.Blob `json:"blob"`
	Size int64    `json:"size"` // bytes of the sealed file
}

// Received says how much of an upload is on the service's disk: the next part begins there.
type Received struct {
	Received int64 `json:"received"`
}

// FinishBlob says that all parts were sent.
type FinishBlob struct {
	Hash note.Hash `json:"hash"` // of the sealed file
}
