package thread

// rekeyRule starts a new epoch for the same members: when one has left, or when its author
// can't open the current one.
var rekeyRule = rule{key: true, closed: true}
