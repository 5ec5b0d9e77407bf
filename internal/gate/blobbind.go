package gate

import (
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
)

// blobs checks that what an entry attaches is here: uploaded whole by its author, with the size
// and hash of the header, and carried by no other entry. What is not is refused in one way,
// whoever has it. used are those of the entries before, in the same request.
func (d *desk) blobs(a arrival, used map[ids.Blob]bool) error {
	for _, b := range a.entry.Blobs {
		kept, _, err := d.Blob(b.ID)
		if err != nil {
			return err
		}
		if used[b.ID] || kept.Author != d.who.Person || kept.State != store.BlobWhole || kept.Entry != "" ||
			kept.Size != b.Sealed.Size || orZero(kept.Hash) != b.Sealed.Hash {
			return fault.Refuse(fault.ClassMissing, "appending an entry: the blob %s is not here", b.ID)
		}
		used[b.ID] = true
	}
	return nil
}

// bind notes that an entry carries what it attaches.
func (d *desk) bind(a arrival) error {
	for _, b := range a.entry.Blobs {
		bound, err := d.BindBlob(b.ID, a.entry.ID)
		if err != nil {
			return err
		}
		if !bound {
			return fault.New(fault.Internal, "binding a blob: it moved within a transaction")
		}
	}
	return nil
}
