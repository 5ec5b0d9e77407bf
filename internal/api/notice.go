package api

// MaxAddressBytes is the size limit of a mail address (RFC 5321, 4.5.3.1.3).
const MaxAddressBytes = 254

// Notices is where a person wants to be told by mail that something has come: GET and PUT
// /v1/notices.
type Notices struct {
	Address string `json:"address" doc:"her own mail address, empty for none"`
}
