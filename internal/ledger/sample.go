package ledger

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strconv"

	"varco/internal/note"
)

// MaxSample is how many records a sample has at most.
const MaxSample = 200

// Sample chooses count of the leaves, or all when there are fewer, by a seed that was recorded:
// those with the smallest HMAC-SHA256 of the label and their index under the seed, in that order.
// Who has the log can do it again.
func Sample(seed note.Hash, leaves []int64, count int64) []int64 {
	type ranked struct {
		leaf int64
		rank []byte
	}
	all := make([]ranked, len(leaves))
	for i, leaf := range leaves {
		mac := hmac.New(sha256.New, seed[:])
		mac.Write([]byte("varco/v1 sample\n" + strconv.FormatInt(leaf, 10)))
		all[i] = ranked{leaf, mac.Sum(nil)}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(bytes.Compare(a.rank, b.rank), cmp.Compare(a.leaf, b.leaf))
	})
	chosen := make([]int64, min(max(count, 0), int64(len(all))))
	for i := range chosen {
		chosen[i] = all[i].leaf
	}
	return chosen
}
