package main

// What the people of the story write to each other.
const (
	question = "Seguiamo una donna che per sicurezza vive in un Comune diverso da quello di residenza.\n" +
		"A quale Comune presenta la domanda di reddito di libertà?"
	answer       = "Buongiorno. Verifico una circolare e vi rispondo entro domani."
	secondAnswer = "Buongiorno, da oggi vi seguo io. Ho la circolare: ecco i passi, uno per uno."
)

// What a command says to everybody who may not know: the same whether a thing is not hers
// or does not exist.
const nothingHere = "Qui per te non c'è nulla: non esiste, oppure non è tuo."

// story is the main job of Varco, from the first question to the auditor's verification.
func story(t *teller) {
	t.say("What you read here happens as you read it: a service, a sign-in provider and the devices of\n" +
		"fifteen people, on this machine. What people type is marked <, what a program answers is marked |.\n" +
		"The answers are in Italian, as they are for those who need them. Where a command asks for a phrase\n" +
		"the tour types it, and it leaves out that each says that this is a demonstration.")
	code := ask(t)
	reply(t, code)
	reading := see(t, code)
	tryOthers(t, code)
	stepAside(t, code)
	prove(t, code)
	look(t)
	audit(t, code, reading)
	t.say("That was the main job. To play it yourself: make demo")
}

// ask is the operator's part. It returns the code of the thread with the office.
func ask(t *teller) string {
	t.step("An operator signs in",
		"Anna works at Centro Alba, an anti-violence centre. She signs in through the provider of her\n"+
			"organisation; here a browser without a screen presses the buttons.")
	t.run("anna", command{line: "varco login", says: []string{"Accesso riuscito", "operatrice"}})

	t.step("She asks INPS, without a name",
		"A woman needs an answer, and nobody at INPS needs to know who she is. Anna opens a case on a topic\n"+
			"with the office of Valdoria. Her own device seals the question for Olga, the officer who will hold\n"+
			"the case, for Piero, Olga's substitute, and for Bice, a colleague.")
	opened := t.run("anna", command{phrase: true, input: question, says: []string{"Il caso è aperto.", "RDL-01", "Olga Testa", "Piero Vanni"},
		line: "varco case open --office Valdoria --topic RDL-01 --colleague Bice --holder Olga --substitute Piero"})
	return t.find(opened, `con INPS +(t-\S+)`)
}

// reply is the officer's part.
func reply(t *teller, code string) {
	t.step("The officer sees a code and a topic",
		"Olga is a designated officer of the office. Her list has one case: a code, a topic, a centre. Before\n"+
			"she opens it she has to say why, and the centre will see it. She forgets, and is asked.")
	t.run("olga", command{line: "varco case list", says: []string{code, "RDL-01"}, sayNone: []string{"residenza"}})
	t.run("olga", command{line: "varco thread read " + code, phrase: true, exits: 2, says: []string{"serve il motivo"}})

	t.step("She opens it with a reason, and answers",
		"The reason is recorded before the first byte is sent, and holds for fifteen minutes. Olga sees\n"+
			"which centre asks, and not who there.")
	t.run("olga", command{line: "varco thread read " + code + " --reason new", phrase: true, says: []string{"A quale Comune"}})
	t.run("olga", command{line: "varco thread post " + code, phrase: true, input: answer, says: []string{"Registrato", "R-"}})
}

// see is what the centre sees. It returns the number of the officer's first reading.
func see(t *teller, code string) string {
	t.step("The centre reads the answer, and who has read",
		"Anna's device verifies everything that the service hands over, from the root's signature to the\n"+
			"last receipt, before it shows a word. The centre sees who opened its case, when and why.")
	t.run("anna", command{line: "varco thread read " + code, phrase: true, says: []string{answer, "Olga Testa"}})
	readers := t.run("anna", command{line: "varco readers " + code, says: []string{"Olga Testa", "Per scrivere la risposta"}})
	return t.find(readers, `È arrivato un caso o un messaggio nuovo +(R-\S+)`)
}

// tryOthers lets everybody else try, and a code that nobody has ever used.
func tryOthers(t *teller, code string) {
	t.step("For everybody else the case does not exist",
		"Dora works at the same centre, but has not been given the case; Frida at another centre; Piero is\n"+
			"the substitute, but Olga is there; Marco manages the office. They are told: here is nothing for you,\n"+
			"it does not exist, or it is not yours. A code that never was gets the same answer.")
	const absent = "t-2222-2222-2222-2222"
	var answers []string
	for _, other := range []struct{ handle, line string }{
		{"dora", "varco thread read " + code},
		{"frida", "varco thread read " + code},
		{"piero", "varco thread read " + code + " --reason new"},
		{"marco", "varco thread read " + code + " --reason verify"},
		{"frida", "varco thread read " + absent},
	} {
		answers = append(answers, t.run(other.handle, command{line: other.line, phrase: true, exits: 1, says: []string{nothingHere}, shows: 1}))
	}
	t.same(answers)
}

// stepAside is the officer's recusal, and the substitute's first day.
func stepAside(t *teller, code string) {
	t.step("The officer recognises the story, and steps aside",
		"Olga may know the woman. She recuses herself, without saying why. From now on the case does not\n"+
			"exist for her either.")
	t.run("olga", command{line: "varco thread recuse " + code + " --yes", phrase: true, says: []string{"Ti sei astenuta"}})
	t.run("olga", command{line: "varco thread read " + code + " --reason answer", phrase: true, exits: 1,
		says: []string{nothingHere}, shows: 1})

	t.step("Her substitute takes over at once",
		"Nobody has to grant Piero anything: the case was sealed for him too, and now the policy lets him\n"+
			"in. His first message starts a new key, which Olga never gets.")
	t.run("piero", command{line: "varco thread read " + code + " --reason substitution", phrase: true, says: []string{"A quale Comune"}})
	t.run("piero", command{line: "varco thread post " + code, phrase: true, input: secondAnswer, says: []string{"Registrato"}})
	t.run("anna", command{line: "varco thread read " + code, phrase: true,
		says: []string{"si è astenuta", "chi ha lasciato la conversazione non può aprire più nulla", secondAnswer}})
}

// prove is a receipt that is held against the log.
func prove(t *teller, code string) {
	t.step("A receipt is more than a number",
		"Every entry has a receipt that people can quote. Anna's device asks the log to prove hers: from\n"+
			"the entry's record, hash by hash, to the root that the log has signed.")
	t.run("anna", command{line: "varco receipt verify " + code + " 0", phrase: true, says: []string{"La ricevuta è vera"}})
}

// look is what a thief of the service's disk would find.
func look(t *teller) {
	t.step("The service can't read a word",
		"Here are its database and its log. The tour looks in them for what was written, and for the name\n"+
			"of everybody:")
	t.check(t.searchService)
}

// audit is the auditor's part. Reading is the number of the record that is changed.
func audit(t *teller, code, reading string) {
	const log, forged, later, kept = "registro.jsonl", "falso.jsonl", "registro2.jsonl", "conservato.txt"
	verify := "varco-verify --anchors " + anchorsFile + " "

	t.step("The auditor sees who did what, and no content",
		"Ugo audits the network. Who was turned away is in the log as well, under pseudonyms.")
	t.run("ugo", command{line: "varco audit --outcome deny", says: []string{"legge", "negato", code}, sayNone: []string{"Frida", answer}})

	t.step("He takes the log away and verifies it, without the service",
		"The verifier recomputes every hash, signature and receipt: the log is whole. Ugo keeps the signed\n"+
			"checkpoint at which it ended, for the next time.")
	t.run("ugo", command{line: "varco audit bundle " + log, says: []string{log}})
	t.run("ugo", command{line: verify + "--save " + kept + " " + log, says: []string{"Il registro è integro."}})

	t.step("One changed byte",
		"Somebody would rather have another reason in the log for Olga's first reading, the one that the\n"+
			"centre saw as "+reading+". The verifier says that the log was changed, and where.")
	t.check(func() error { return t.forge(log, forged) })
	t.run("ugo", command{line: verify + forged, exits: 1, says: []string{"IL REGISTRO È ALTERATO.", reading}, shows: 4})

	t.step("The next time",
		"The log has grown, by the taking away at least. It must begin with what it was then, or somebody\n"+
			"has rewritten it.")
	t.run("ugo", command{line: "varco audit bundle " + later, says: []string{later}})
	t.run("ugo", command{line: verify + "--since " + kept + " " + later, says: []string{"Il registro è integro.", "sono quelle di allora"}, shows: 7})
}
