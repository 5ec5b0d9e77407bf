package envelope_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"varco/internal/envelope"
	"varco/internal/fault"
)

func TestPadded(t *testing.T) {
	for _, tt := range []struct{ data, want int }{
		{0, 1024}, {1, 1024}, {1016, 1024}, {1017, 1088}, {1080, 1088}, {1081, 1152}, {2040, 2048}, {2041, 2176},
		{9000, 9216}, {65528, 65536}, {65529, 67584}, {1<<20 - 8, 1 << 20}, {1<<20 - 7, 1<<20 + 1<<15},
	} {
		if got := envelope.Padded(tt.data); got != tt.want {
			t.Errorf("Padded(%d) = %d, want %d", tt.data, got, tt.want)
		}
	}
}

// Padmé as its authors print it, with logarithms, and its two promises: at most 12 % more,
// and few sizes.
func TestPaddedIsPadme(t *testing.T) {
	sizes := map[int]bool{}
	for data := range 300_000 {
		got, length := envelope.Padded(data), data+8
		want := 1024
		if length > 1024 {
			e := math.Floor(math.Log2(float64(length)))
			s := math.Floor(math.Log2(e)) + 1
			mask := int(math.Exp2(e-s)) - 1
			want = (length + mask) &^ mask
		}
		if got != want {
			t.Fatalf("Padded(%d) = %d, want %d", data, got, want)
		}
		if length > 1024 && float64(got) > 1.12*float64(length) {
			t.Fatalf("Padded(%d) = %d, more than 12 %% more", data, got)
		}
		sizes[got] = true
	}
	if len(sizes) > 170 {
		t.Errorf("300,000 lengths show as %d sizes", len(sizes))
	}
}

func TestPadUnpad(t *testing.T) {
	for _, n := range []int{0, 1, 1015, 1016, 1017, 5000, 1<<20 - 8} {
		data := bytes.Repeat([]byte{0}, n) // zeros: the length alone tells data from padding
		padded, err := envelope.Pad(data, envelope.MaxBody)
		if err != nil {
			t.Fatal(err)
		}
		if len(padded) != envelope.Padded(n) {
			t.Errorf("%d bytes were padded to %d", n, len(padded))
		}
		got, err := envelope.Unpad(padded)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d, %v", n, len(got), err)
		}
		if cap(got) != len(got) {
			t.Errorf("an append to %d bytes would write into the padding", n)
		}
	}
	if _, err := envelope.Pad(make([]byte, 1<<20-7), envelope.MaxBody); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("over the limit: %v", err)
	}
}

func TestUnpadRefuses(t *testing.T) {
	pad := func(n int) []byte {
		padded, err := envelope.Pad(bytes.Repeat([]byte{7}, n), envelope.MaxBody)
		if err != nil {
			t.Fatal(err)
		}
		return padded
	}
	set := func(padded []byte, length uint64) []byte {
		binary.BigEndian.PutUint64(padded, length)
		return padded
	}
	last := pad(100)
	last[len(last)-1] = 1
	first := pad(100)
	first[108] = 1
	for name, padded := range map[string][]byte{
		"empty":                nil,
		"under the floor":      pad(100)[:1023],
		"no zeros":             last,
		"first not zero":       first,
		"shorter length":       set(pad(100), 99),
		"longer than all":      set(pad(1016), 1017),
		"huge":                 set(pad(100), math.MaxUint64),
		"huge for int":         set(pad(100), 1<<63),
		"padded too far":       append(pad(100), make([]byte, 64)...),
		"a floor too far":      append(set(pad(0), 0), make([]byte, 1024)...),
		"not a size of Padmé":  append(pad(1017), 0),
		"of the size below":    set(pad(1081), 1080),
		"little-endian length": set(pad(100), 100<<56),
	} {
		if got, err := envelope.Unpad(padded); fault.ClassOf(err) != fault.ClassPadding {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// Whatever is accepted has one spelling.
func FuzzUnpad(f *testing.F) {
	for _, n := range []int{0, 1, 1016, 1017, 4000} {
		padded, err := envelope.Pad(make([]byte, n), envelope.MaxBody)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(padded)
	}
	f.Fuzz(func(t *testing.T, padded []byte) {
		data, err := envelope.Unpad(padded)
		var asRead bytes.Buffer
		n, readErr := envelope.UnpadTo(&asRead, bytes.NewReader(padded), int64(len(padded)))
		if (readErr == nil) != (err == nil) || err == nil && (!bytes.Equal(asRead.Bytes(), data) || n != int64(len(data))) {
			t.Fatalf("at once %x, %v, and as it is read %x, %v", data, err, asRead.Bytes(), readErr)
		}
		if err != nil {
			if fault.ClassOf(err) != fault.ClassPadding {
				t.Fatalf("class %q", fault.ClassOf(err))
			}
			return
		}
		again, err := envelope.Pad(data, len(padded))
		if err != nil || !bytes.Equal(again, padded) {
			t.Fatalf("%x is padded again as %x, %v", padded, again, err)
		}
	})
}
