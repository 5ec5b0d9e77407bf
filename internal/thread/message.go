package thread

// messageRule says something to all members, sealed to the epoch.
var messageRule = rule{body: always, blobs: true}
