package thread

import "varco/internal/act"

// linkRule names other threads of the case, in the internal thread's sealed content: so the
// centre's devices know them by a colleague's signature, not by the service's word.
var linkRule = rule{seats: []act.Seat{act.SeatCentre}, internal: true, body: always, closed: true}
