package house_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"varco/internal/api"
	"varco/internal/bundle"
	"varco/internal/envelope"
	"varco/internal/gate"
	"varco/internal/httpapi"
	"varco/internal/keyring"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/witness"
)

// limits are rows of the table of docs/protocol.md, by how they begin, and what their second
// column says, in this order.
var limits = map[string][]int64{
	"note":                         {note.MaxBytes},
	"members of a thread":          {thread.MaxMembers},
	"entries of one append":        {api.MaxParcels, api.MaxPage},
	"request that brings entries":  {httpapi.MaxEntryBodyBytes, httpapi.MaxBodyBytes},
	"part of an upload":            {httpapi.MaxBodyBytes, gate.MaxUnboundBlobs, gate.MaxUnboundBytes},
	"blobs of an entry":            {thread.MaxBlobs},
	"rosters in a header":          {thread.MaxRosters},
	"new rosters of one steward":   {gate.MaxRosters, 24},
	"epochs of a thread":           {thread.MaxEpochs},
	"time to not-after":            {int64(thread.MaxLife.Minutes())},
	"page of a thread":             {api.MaxPage, api.MaxPageBytes},
	"padded body":                  {envelope.MaxBody, envelope.MaxKeyring},
	"padded blob":                  {envelope.MaxBlob},
	"padded grant":                 {envelope.LockSize},
	"credential's id":              {keyring.MaxCredential, keyring.MaxName},
	"record":                       {ledger.MaxRecordBytes},
	"leaves of one page":           {api.MaxLeaves},
	"readings that are listed":     {gate.MaxReadings},
	"line of a bundle":             {bundle.MaxLineBytes},
	"cosignatures of a checkpoint": {note.MaxCosignatures},
	"request to a witness":         {witness.MaxRequestBytes},
}

// The limits that docs/protocol.md states are those of the code.
func TestLimitsAreInTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Limits\n")
	table, _, _ = strings.Cut(table, "\n## ")
	if api.MaxCheckpoints != api.MaxLeaves {
		t.Error("leaves and checkpoints of a page share a row")
	}
	for what, want := range limits {
		_, row, _ := strings.Cut(table, "\n| "+what)
		row, _, _ = strings.Cut(row, " |\n")
		_, said, found := strings.Cut(row, " | ")
		if !found {
			t.Errorf("no row begins with %q", what)
		}
		for _, n := range want {
			_, rest, ok := strings.Cut(" "+said, " "+grouped(n))
			if !ok || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
				t.Errorf("%s: the document says %q, and the limit is %s", what, said, grouped(n))
			}
			said = rest
		}
	}
}

// grouped prints 65536 as 65,536.
func grouped(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
