package varcotest

import "varco/internal/act"

type organisation struct {
	name, display string
	kind          act.Kind
	province      string
}

// The sample: two centres, two INPS offices, a Comune and an oversight body.
var sampleOrganisations = []organisation{
	{"aurora", "Centro antiviolenza Aurora", act.Centre, ""},
	{"betulla", "Centro antiviolenza Betulla", act.Centre, ""},
	{"levante", "INPS Levante", act.INPS, "LV"},
	{"ponente", "INPS Ponente", act.INPS, "PN"},
	{"valfiore", "Comune di Valfiore", act.Associate, ""},
	{"vigilanza", "Organismo di vigilanza", act.Oversight, ""},
}

// Both centres have an agreement with the office of Levante and the Comune; Aurora has one
// with the office of Ponente too.
var sampleAgreements = [][]string{{"aurora", "betulla", "levante", "valfiore"}, {"aurora", "ponente"}}

type person struct {
	name, display, organisation string
	steward                     bool
	roles                       []act.Role
}

// Of each organisation a steward comes first: she signs the roster with all of them.
var samplePeople = []person{
	{"carla-responsabile", "Carla Riva", "aurora", true, []act.Role{act.Coordinator}},
	{"alba-operatrice", "Alba Conti", "aurora", false, []act.Role{act.Operator}},
	{"bruna-operatrice", "Bruna Sala", "aurora", false, []act.Role{act.Operator}},
	{"elsa-responsabile", "Elsa Leone", "betulla", true, []act.Role{act.Coordinator, act.Operator}},
	{"dina-operatrice", "Dina Moro", "betulla", false, []act.Role{act.Operator}},
	{"ines-direttrice", "Ines Galli", "levante", true, []act.Role{act.Manager}},
	{"franca-referente", "Franca Villa", "levante", false, []act.Role{act.Officer}},
	{"gino-referente", "Gino Serra", "levante", false, []act.Role{act.Officer}},
	{"nora-direttrice", "Nora Pace", "ponente", true, []act.Role{act.Manager}},
	{"luca-referente", "Luca Fonte", "ponente", false, []act.Role{act.Officer}},
	{"marta-referente", "Marta Greco", "ponente", false, []act.Role{act.Officer}},
	{"pia-responsabile", "Pia Longo", "valfiore", true, []act.Role{act.Partner}},
	{"olga-sportello", "Olga Testa", "valfiore", false, []act.Role{act.Partner}},
	{"rita-registro", "Rita Marchi", "vigilanza", true, []act.Role{act.Registrar}},
	{"quinto-controllo", "Quinto Vela", "vigilanza", false, []act.Role{act.Auditor}},
}
