package devprovider

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/base64"

	"github.com/go-jose/go-jose/v4"

	"varco/internal/secret"
)

// Client is a relying party that the provider knows. It proves itself by Secret
// (client_secret_basic) or, when Key is set, by the private half of Key (private_key_jwt).
type Client struct {
	ID           string
	Secret       secret.String
	Key          *ecdsa.PublicKey // P-256
	RedirectURIs []string
	LogoutURI    string // told when somebody signs out at the provider; "" for none
}

// clientMetadata is a client as OpenID Connect Dynamic Registration 1.0, section 2, names it.
type clientMetadata struct {
	ID           string              `json:"client_id"`
	Secret       string              `json:"client_secret,omitempty"`
	RedirectURIs []string            `json:"redirect_uris"`
	Method       string              `json:"token_endpoint_auth_method,omitempty"`
	Algorithm    string              `json:"token_endpoint_auth_signing_alg,omitempty"`
	LogoutURI    string              `json:"backchannel_logout_uri,omitempty"`
	LogoutNames  bool                `json:"backchannel_logout_session_required,omitempty"`
	Keys         *jose.JSONWebKeySet `json:"jwks,omitempty"`
}

func metadata(clients []Client) []clientMetadata {
	all := make([]clientMetadata, 0, len(clients))
	for _, c := range clients {
		m := clientMetadata{ID: c.ID, Secret: c.Secret.Reveal(), RedirectURIs: c.RedirectURIs, LogoutURI: c.LogoutURI,
			LogoutNames: c.LogoutURI != ""}
		if c.Key != nil {
			m.Method, m.Algorithm = "private_key_jwt", string(jose.ES256)
			m.Keys = &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public(c.Key)}}
		}
		all = append(all, m)
	}
	return all
}

// public names a key as a client that signs by it does: by its thumbprint (RFC 7638).
func public(key *ecdsa.PublicKey) jose.JSONWebKey {
	jwk := jose.JSONWebKey{Key: key, Use: "sig", Algorithm: string(jose.ES256)}
	thumb, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		panic("internal error: a public key without thumbprint: " + err.Error())
	}
	jwk.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	return jwk
}
