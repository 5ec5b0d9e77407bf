package sample

import (
	_ "embed"
	"fmt"
	"slices"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/network"
)

//go:embed network.toml
var networkFile []byte

// Person is somebody of the sample network.
type Person struct {
	Handle string // "anna": how the demo and the tour call her, and her account's subject
	Name   string // as rosters display her
	Label  string // of her account on the provider's page, in Italian
	ID     ids.Person
	Roles  []act.Role
	Act    string // number of the act that designates her, "" if there is none

	Organisation ids.Organisation // that she acts for
	Place        string           // that organisation's name
}

// Steward reports whether she signs the roster of her organisation.
func (p *Person) Steward() bool {
	return slices.ContainsFunc(p.Roles, func(r act.Role) bool {
		return slices.Contains([]act.Role{act.Coordinator, act.Manager, act.Partner, act.Auditor}, r)
	})
}

// everybody, without what network.toml says of them. Nothing says that dora works at the refuge.
func everybody() []Person {
	return []Person{
		{Handle: "anna", Name: "Anna Berti", Label: "Operatrice 1, Centro Alba", ID: "p-nf6c-vpvh-ft7d-7c8c", Roles: []act.Role{act.Operator}},
		{Handle: "bice", Name: "Bice Landi", Label: "Operatrice 2, Centro Alba", ID: "p-7qhb-x3db-f6me-4cyv", Roles: []act.Role{act.Operator}},
		{Handle: "carla", Name: "Carla Monti", Label: "Responsabile, Centro Alba", ID: "p-jmma-m4r6-9dcm-tjws", Roles: []act.Role{act.Coordinator}},
		{Handle: "dora", Name: "Dora Fusi", Label: "Operatrice 3, Centro Alba", ID: "p-wtj7-m96n-btz7-taqt", Roles: []act.Role{act.Operator}},

		{Handle: "elisa", Name: "Elisa Conti", Label: "Responsabile, Centro Mimosa", ID: "p-43hn-kvyt-w23h-a4hg", Roles: []act.Role{act.Coordinator}},
		{Handle: "frida", Name: "Frida Neri", Label: "Operatrice 1, Centro Mimosa", ID: "p-hf7q-zq78-qwuu-paan", Roles: []act.Role{act.Operator}},
		{Handle: "gina", Name: "Gina Sala", Label: "Operatrice 2, Centro Mimosa", ID: "p-tndy-xg66-r3v8-c3d3", Roles: []act.Role{act.Operator}},

		{Handle: "marco", Name: "Marco Riva", Label: "Responsabile di sede, INPS Valdoria", ID: "p-b9ne-crst-qh3f-pemh", Roles: []act.Role{act.Manager}},
		{Handle: "olga", Name: "Olga Testa", Label: "Referente 1, INPS Valdoria", ID: "p-nk52-6z4f-edw8-fsvs", Roles: []act.Role{act.Officer}, Act: "VD/2026/101"},
		{Handle: "piero", Name: "Piero Vanni", Label: "Referente 2, INPS Valdoria", ID: "p-zmpu-j33b-pkfv-5vxr", Roles: []act.Role{act.Officer}, Act: "VD/2026/102"},

		{Handle: "nadia", Name: "Nadia Porta", Label: "Responsabile di sede, INPS Ombrena", ID: "p-up9c-qeyu-nzh3-269w", Roles: []act.Role{act.Manager}},
		{Handle: "rosa", Name: "Rosa Leone", Label: "Referente 1, INPS Ombrena", ID: "p-64uh-t6cu-7ngg-ys74", Roles: []act.Role{act.Officer}, Act: "OM/2026/201"},
		{Handle: "silvio", Name: "Silvio Mori", Label: "Referente 2, INPS Ombrena", ID: "p-wxee-a6s4-te5e-vpeb", Roles: []act.Role{act.Officer}, Act: "OM/2026/202"},

		{Handle: "teresa", Name: "Teresa Galli", Label: "Assistente sociale, Comune di Valdoria", ID: "p-9edn-d6yy-8rq6-h2x8", Roles: []act.Role{act.Partner}},
		{Handle: "ugo", Name: "Ugo Serra", Label: "Auditor, Comitato di garanzia", ID: "p-jqjd-pn2f-cj3n-w7g4", Roles: []act.Role{act.Auditor}},
	}
}

// newcomer and another one have an account and an invitation, and have never signed in.
var newcomer = Person{Handle: "zoe", Name: "Zoe Valli", Label: "Operatrice 4, Centro Alba", ID: "p-zeeq-h2b3-u27t-tq4d",
	Roles: []act.Role{act.Operator}}

var another = Person{Handle: "ada", Name: "Ada Ricci", Label: "Operatrice 5, Centro Alba", ID: "p-kj4j-6dmq-gvuw-z9sz",
	Roles: []act.Role{act.Operator}}

// People returns the people of the sample network, those of an organisation beside each other.
func People() ([]Person, error) {
	file, err := network.Parse(networkFile)
	if err != nil {
		return nil, err
	}
	people := everybody()
	for i := range people {
		if err := people[i].place(file); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// place finds the organisation that a person acts for: for a refuge its managing body.
func (p *Person) place(file *network.File) error {
	for _, invited := range file.Invitations {
		if invited.Person == p.ID {
			p.Organisation = invited.Organisation
		}
	}
	o := organisation(file, p.Organisation)
	if o.Body != "" {
		o = organisation(file, o.Body)
	}
	if o.ID == "" {
		return fmt.Errorf("placing %s: network.toml does not invite her", p.Handle)
	}
	p.Organisation, p.Place = o.ID, o.Name
	return nil
}

func organisation(file *network.File, id ids.Organisation) network.Organisation {
	for _, o := range file.Organisations {
		if o.ID == id {
			return o
		}
	}
	return network.Organisation{}
}
