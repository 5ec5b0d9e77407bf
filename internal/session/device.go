package session

import "strings"

// Device says what a session is used from, as coarsely as lets a person recognise her own in
// a list: the family of a browser, or the command line. It is no fingerprint: neither version
// nor operating system is kept.
type Device string

// The devices.
const (
	DeviceTerminal Device = "terminal" // the command line, with a bearer token
	DeviceFirefox  Device = "firefox"
	DeviceEdge     Device = "edge"
	DeviceChrome   Device = "chrome" // and what is made of it and does not say so
	DeviceSafari   Device = "safari"
	DeviceBrowser  Device = "browser" // any other
)

// Devices lists every device.
var Devices = []Device{DeviceTerminal, DeviceFirefox, DeviceEdge, DeviceChrome, DeviceSafari, DeviceBrowser}

// Page reports whether it is a browser, whose session is in a cookie and never a bearer's.
func (d Device) Page() bool { return d != DeviceTerminal }

// BrowserOf reads the family from a User-Agent header. Edge calls itself Chrome too, and all
// of them Safari, so the order matters.
func BrowserOf(userAgent string) Device {
	for _, family := range []struct {
		mark   string
		device Device
	}{{"Firefox/", DeviceFirefox}, {"Edg/", DeviceEdge}, {"Chrome/", DeviceChrome}, {"Safari/", DeviceSafari}} {
		if strings.Contains(userAgent, family.mark) {
			return family.device
		}
	}
	return DeviceBrowser
}
