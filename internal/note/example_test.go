package note_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"

	"varco/internal/note"
)

// A form prints its lines, and whoever signs it adds a signature line.
func ExampleSign() {
	seed := sha256.Sum256([]byte("only an example"))
	signer := note.NewSigner("anna.example", ed25519.NewKeyFromSeed(seed[:]))
	msg, err := note.Sign(note.Print("example").Line("greeting", "good", "morning").String(), signer)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(msg))
	// Output:
	// varco/v1 example
	// greeting good morning
	//
	// — anna.example Nh0ZRj3W/et84J9++10MCn5zt7uJ02TPB5AuXnspZinik4X1gjY/UGFbFpnXPjR7vpswftnchZLWVwVsMYqObOYa+AQ=
}

// A reader asks for the lines in the order of the form, and at the end whether all was right.
func ExampleScan() {
	s := note.Scan("varco/v1 example\ngreeting good morning\ncount 01\n", "example")
	words := s.Values("greeting", 2)
	count := s.Int(s.One("count"))
	fmt.Println(words, count)
	fmt.Println(s.Done())
	// Output:
	// [good morning] 0
	// reading a form: not a whole number: "01"
}
