package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// clientAddress finds the client's address: the peer's, or what trusted proxies say of theirs.
func (s *server) clientAddress() func(http.Handler) http.Handler {
	if len(s.TrustedProxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	prefixes := make([]string, len(s.TrustedProxies))
	for i, p := range s.TrustedProxies {
		prefixes[i] = p.String()
	}
	return middleware.ClientIPFromXFF(prefixes...)
}

// source puts the blinded address, and only that, where handlers see it.
func (s *server) source(b *blinder) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			from := fromOf(r.Context())
			address := middleware.GetClientIPAddr(r.Context())
			from.Source = b.blind(address)
			ctx := context.WithValue(r.Context(), fromKey{}, from)
			ctx = context.WithValue(ctx, networkKey{}, b.blind(network(address)))
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

type networkKey struct{}

// networkOf is the blinded address by which strangers are counted, "" when it is not known.
func networkOf(ctx context.Context) string {
	blinded, _ := ctx.Value(networkKey{}).(string)
	return blinded
}

// network is what one customer of a provider has of an address: of IPv6 at least a /64 (RFC 6177),
// from which she could draw a new one for each request.
func network(address netip.Addr) netip.Addr {
	address = address.Unmap()
	if !address.Is6() {
		return address
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.Addr()
}

const (
	blindKeyBytes = 32
	sourceBytes   = 16
)

// blinder turns addresses into texts that can be compared within a day (UTC) and can't be
// read: HMAC-SHA-256 by a key that is drawn for the day. There are few enough addresses to
// try them all, so the key is kept in memory only and forgotten with the day. A restart
// forgets it too: sources from before and after one can't be compared.
type blinder struct {
	now  func() time.Time
	rand io.Reader

	mu  sync.Mutex
	day time.Time // guarded by mu
	key []byte    // guarded by mu; of the day
}

func (b *blinder) blind(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	mac := hmac.New(sha256.New, b.today())
	mac.Write(address.AsSlice())
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:sourceBytes])
}

// today returns the day's key.
func (b *blinder) today() []byte {
	day := b.now().UTC().Truncate(24 * time.Hour)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.key == nil || !b.day.Equal(day) {
		key := make([]byte, blindKeyBytes)
		if _, err := io.ReadFull(b.rand, key); err != nil {
			panic("internal error: drawing a key: " + err.Error())
		}
		b.day, b.key = day, key
	}
	return b.key
}
