package httpapi_test

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"varco/internal/httpapi"
)

// FuzzRequest reads what anybody may send before anything of it is checked. A body that is read,
// as whatever it is for, is written again and read as the same, unless an identifier was left out. What a client says in
// X-Forwarded-For changes nothing for a service without proxies, and for one with them nothing
// of what the proxy has added to it.
func FuzzRequest(f *testing.F) {
	bodies := httpapi.Bodies()
	if len(bodies) < 10 {
		f.Fatalf("only the bodies %v were found", bodies)
	}
	proxy := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	self, client := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("198.51.100.1")
	for _, of := range bodies {
		text, err := httpapi.Encode(reflect.New(of).Interface())
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text), "203.0.113.9, 198.51.100.1")
	}
	f.Add([]byte(`{"parcels":[{"header":"varco/v1 entry\n","body":"AAEC","grants":["AA=="]}]}`), "[2001:db8::1%eth0]:80, unknown")
	f.Add([]byte(`{"after":3,"limit":100,"reason":"answer"}`), "127.0.0.1,,::ffff:127.0.0.1")
	f.Fuzz(func(t *testing.T, body []byte, forwarded string) {
		for operation, of := range bodies {
			v, again := reflect.New(of).Interface(), reflect.New(of).Interface()
			if httpapi.Decode(body, v) != nil {
				continue
			}
			text, err := httpapi.Encode(v)
			if err != nil {
				t.Fatalf("%s: read, and not written: %v", operation, err)
			}
			if err := httpapi.Decode([]byte(text), again); err != nil {
				if !strings.Contains(text, `""`) { // an identifier that was left out, which the door refuses
					t.Fatalf("%s: written as %s, and not read: %v", operation, text, err)
				}
				continue
			}
			if twice, err := httpapi.Encode(again); err != nil || twice != text {
				t.Fatalf("%s: written as\n%s\nand then as\n%s\n%v", operation, text, twice, err)
			}
		}
		if got := httpapi.ClientOf(nil, forwarded); got != self {
			t.Errorf("without proxies %q asks for %v", forwarded, got)
		}
		for _, lines := range [][]string{{forwarded + ", 198.51.100.1"}, {forwarded, "198.51.100.1"}} {
			if got := httpapi.ClientOf(proxy, lines...); got != client {
				t.Errorf("%q behind a proxy: %v", lines, got)
			}
		}
		_ = httpapi.ClientOf(proxy, forwarded) // it comes back
	})
}
