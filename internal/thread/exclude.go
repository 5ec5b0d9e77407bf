package thread

import "varco/internal/act"

// excludeRule says in the internal thread's sealed content who must not be chosen as a member in
// this case, or may be again. The service never learns it: the centre's devices keep to it when
// they choose members.
var excludeRule = rule{seats: []act.Seat{act.SeatCentre}, internal: true, body: always, closed: true}
