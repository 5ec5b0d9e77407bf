package ledger_test

import (
	"fmt"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"

	"varco/internal/ledger"
	"varco/internal/note"
)

// Every head of every tree is proven, and nothing else is.
func TestHeads(t *testing.T) {
	for size := range 34 {
		heads := make([]ledger.Head, size)
		for i := range heads {
			heads[i] = ledger.Head{Object: fmt.Sprintf("t-%03d", (i*7+3)%41), Next: int64(i + 1), Hash: note.Sum([]byte{byte(i)})}
		}
		tree, err := ledger.NewHeads(heads)
		if err != nil {
			t.Fatal(err)
		}
		root, err := tree.Root()
		if err != nil || tree.Size() != int64(size) {
			t.Fatalf("%d heads of %d: %v", tree.Size(), size, err)
		}
		if size == 0 && root != note.Hash(rfc6962.DefaultHasher.EmptyRoot()) {
			t.Errorf("the root of no heads is %s", root)
		}
		for _, head := range heads {
			placed, found, err := tree.Of(head.Object)
			if err != nil || !found || placed.Head != head {
				t.Fatalf("the head of %s is %+v, %v, %v", head.Object, placed, found, err)
			}
			if err := placed.Check(root); err != nil {
				t.Errorf("%s among %d: %v", head.Object, size, err)
			}
			for name, change := range map[string]func(*ledger.Placed){
				"another object": func(p *ledger.Placed) { p.Object += "x" },
				"fewer entries":  func(p *ledger.Placed) { p.Next-- },
				"another end":    func(p *ledger.Placed) { p.Hash[0] ^= 1 },
				"another place":  func(p *ledger.Placed) { p.Position++ },
				"no place":       func(p *ledger.Placed) { p.Position = -1 },
				"no size":        func(p *ledger.Placed) { p.Size = 0 },
				"a longer path":  func(p *ledger.Placed) { p.Path = append(p.Path, note.Hash{}) },
			} {
				other := placed
				change(&other)
				if other.Check(root) == nil {
					t.Errorf("%s among %d: %s is proven", head.Object, size, name)
				}
			}
		}
		if _, found, _ := tree.Of("t-nobody"); found {
			t.Error("a thread that is not there has a head")
		}
	}
}

func TestHeadsTwice(t *testing.T) {
	if _, err := ledger.NewHeads([]ledger.Head{{Object: "t-1", Next: 1}, {Object: "t-1", Next: 2}}); err == nil {
		t.Error("one object has two heads")
	}
}
