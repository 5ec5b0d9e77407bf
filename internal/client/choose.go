package client

import (
	"context"
	"crypto/rand"
	"math/big"
	"slices"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Draw says who would get a case now: the officers that were named, others by chance; substitute is
// "" where the office has no second one. It is for who wants to see them before: OpenCase with
// them named chooses the same.
func (u *Unlocked) Draw(ctx context.Context, n NewCase) (holder, substitute ids.Person, err error) {
	d, err := u.Directory(ctx)
	if err != nil {
		return "", "", err
	}
	office := d.Organisation(n.With)
	if office == nil || office.Kind != act.INPS {
		return "", "", fault.New(fault.NotFound, "drawing officers: no such INPS office in the directory")
	}
	officers, err := u.chooseOfficers(office, n)
	if err != nil {
		return "", "", err
	}
	if len(officers) > 1 {
		substitute = officers[1].ID
	}
	return officers[0].ID, substitute, nil
}

// chooseOfficers returns the holder and, where the office has a second officer who may have
// the case, the substitute: those that were named, others by chance.
func (u *Unlocked) chooseOfficers(office *Organisation, n NewCase) ([]seated, error) {
	var free []seated
	for i := range office.People {
		p := seated{&office.People[i], act.SeatHolder}
		if p.may() == nil && !slices.Contains(n.Exclude, p.ID) && p.ID != n.Holder && p.ID != n.Substitute {
			free = append(free, p)
		}
	}
	holder, free, err := u.chooseOfficer(office, n, n.Holder, free)
	if err != nil {
		return nil, err
	}
	if holder.Person == nil {
		return nil, fault.New(fault.NotFound, "opening a case: the office has no designated officer who may have it today")
	}
	substitute, _, err := u.chooseOfficer(office, n, n.Substitute, free)
	if err != nil {
		return nil, err
	}
	if substitute.Person == nil {
		return []seated{holder}, nil
	}
	if substitute.ID == holder.ID {
		return nil, fault.New(fault.Invalid, "opening a case: %s can't be holder and substitute", holder.ID)
	}
	substitute.seat = act.SeatSubstitute
	return []seated{holder, substitute}, nil
}

// chooseOfficer returns the officer with the id, or one of the free by chance, nobody if
// there is none; and who is then still free.
func (u *Unlocked) chooseOfficer(office *Organisation, n NewCase, id ids.Person, free []seated) (seated, []seated, error) {
	if id == "" {
		if len(free) == 0 {
			return seated{}, nil, nil
		}
		drawn, err := rand.Int(u.parts.Rand, big.NewInt(int64(len(free))))
		if err != nil {
			return seated{}, nil, fault.Wrap(fault.Internal, err, "choosing an officer")
		}
		i := int(drawn.Int64())
		chosen := free[i]
		return chosen, slices.Delete(free, i, i+1), nil
	}
	if slices.Contains(n.Exclude, id) {
		return seated{}, nil, fault.New(fault.Invalid, "opening a case: %s is chosen and excluded", id)
	}
	for i := range office.People {
		if office.People[i].ID == id {
			chosen := seated{&office.People[i], act.SeatHolder}
			return chosen, free, chosen.may()
		}
	}
	return seated{}, nil, fault.New(fault.Invalid, "opening a case: %s is no officer of this office", id)
}
