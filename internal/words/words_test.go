package words_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/tyler-smith/go-bip39/wordlists"

	"varco/internal/words"
)

// What the package comment says of the list.
func TestList(t *testing.T) {
	heads := map[string]bool{}
	for _, word := range wordlists.Italian {
		if len(word) < 4 || len(word) > 9 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q is not four to nine plain letters", word)
		}
		if heads[word[:4]] {
			t.Errorf("%q begins as another word does", word)
		}
		heads[word[:4]] = true
	}
	if len(wordlists.Italian) != 2048 {
		t.Errorf("%d words", len(wordlists.Italian))
	}
}

// Every word stands where a library of BIP 39 has it, too.
func TestListIsThatOfBIP39(t *testing.T) {
	for i, want := range wordlists.Italian {
		high, low := byte(i>>8), byte(i)
		got, err := words.Draw(bytes.NewReader(bytes.Repeat([]byte{high, low}, words.Six)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([words.Six]string{want, want, want, want, want, want}, got); diff != "" {
			t.Fatalf("word %d: (-want +got)\n%s", i, diff)
		}
	}
}

func TestDraw(t *testing.T) {
	list := wordlists.Italian
	for name, tt := range map[string]struct {
		random []byte
		want   [words.Six]string
	}{
		"first": {make([]byte, 12), [6]string{list[0], list[0], list[0], list[0], list[0], list[0]}},
		"last": {bytes.Repeat([]byte{0xff}, 12),
			[6]string{list[2047], list[2047], list[2047], list[2047], list[2047], list[2047]}},
		"the high bits do not count": {[]byte{0xf8, 1, 8, 2, 0, 3, 7, 0xff, 15, 0xff, 0, 0},
			[6]string{list[1], list[2], list[3], list[2047], list[2047], list[0]}},
	} {
		got, err := words.Draw(bytes.NewReader(tt.random))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestDrawFails(t *testing.T) {
	broken := errors.New("no randomness")
	if _, err := words.Draw(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if _, err := words.Draw(bytes.NewReader(make([]byte, 11))); err == nil {
		t.Error("drawn from too little randomness")
	}
}

// Every word comes up about as often as any other: 2,048 words, 300 expected of each, and
// a deviation of six standard deviations is seen once in a thousand thousand runs.
func TestDrawIsUnbiased(t *testing.T) {
	counts := map[string]int{}
	for range 2048 * 50 {
		drawn, err := words.Draw(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range drawn {
			counts[word]++
		}
	}
	for _, word := range wordlists.Italian {
		if n := counts[word]; n < 300-110 || n > 300+110 {
			t.Errorf("%s was drawn %d times, want about 300", word, n)
		}
	}
}

// The words are computed here in another way, with big numbers.
func TestOf(t *testing.T) {
	for i := range 100 {
		hash := sha256.Sum256([]byte{byte(i)})
		sum := sha256.Sum256(append([]byte("varco/v1 words\n"), hash[:]...))
		number := new(big.Int).SetBytes(sum[:])
		number.Rsh(number, 256-66)
		var want [words.Six]string
		for j := len(want) - 1; j >= 0; j-- {
			want[j] = wordlists.Italian[new(big.Int).And(number, big.NewInt(2047)).Int64()]
			number.Rsh(number, 11)
		}
		if diff := cmp.Diff(want, words.Of(hash)); diff != "" {
			t.Fatalf("%d: (-want +got)\n%s", i, diff)
		}
	}
}

func TestOfIsFixed(t *testing.T) {
	want := [words.Six]string{"telefono", "baita", "umile", "andare", "poroso", "luppolo"}
	if diff := cmp.Diff(want, words.Of([32]byte{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestClosest(t *testing.T) {
	for typed, want := range map[string]string{
		"abaco": "abaco", "abacco": "abaco", "bbaco": "abaco", "zuppaa": "zuppa", "abac": "abaco", "zupp": "zuppa",
	} {
		if got := words.Closest(typed); got != want {
			t.Errorf("Closest(%q) = %q, want %q", typed, got, want)
		}
	}
	if !words.Known("abaco") || words.Known("Abaco") || words.Known("") {
		t.Error("Known does not know its list")
	}
}

func FuzzClosest(f *testing.F) {
	f.Add("abaco")
	f.Add("")
	f.Add("\xff città")
	f.Fuzz(func(t *testing.T, typed string) {
		if len(typed) > 64 {
			return
		}
		got := words.Closest(typed)
		if !words.Known(got) {
			t.Fatalf("Closest(%q) = %q, which is not in the list", typed, got)
		}
		if words.Known(typed) && got != typed {
			t.Fatalf("Closest(%q) = %q", typed, got)
		}
	})
}
