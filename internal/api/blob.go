package api

import "varco/internal/note"

// BeginBlob begins to upload an attachment, whose id is ids.BlobOf its author and the nonce, which her
// device draws; asked for again it says how far the upload has come.
type BeginBlob struct {
	Nonce note.Hash `json:"nonce"`
	Size  int64     `json:"size"` // bytes of the sealed file
}

// Received says how much of an upload is on the service's disk: the next part begins there.
type Received struct {
	Received int64 `json:"received"`
}

// FinishBlob says that all parts were sent.
type FinishBlob struct {
	Hash note.Hash `json:"hash"` // of the sealed file
}
