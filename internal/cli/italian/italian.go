// Package italian has the words of Varco's vocabulary as people say them, and makes texts that
// somebody else wrote fit to be shown. The vocabulary itself is in packages act and policies,
// which the service reads too; here is only how a person is told of it.
package italian

import (
	"slices"
	"strings"
	"unicode"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/session"
	"varco/internal/thread"
	"varco/internal/words"
	"varco/policies"
)

// Clean frees a text that somebody else wrote of everything that could steer a terminal or
// make a text look like another: controls but for line ends and tabs, and characters that
// have no shape or turn the direction of writing.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}

var roleNames = map[act.Role]string{
	act.Operator: "operatrice", act.Coordinator: "responsabile del centro", act.Officer: "referente INPS",
	act.Manager: "responsabile di sede", act.Partner: "persona del Comune o dell'associazione", act.Auditor: "controllo del registro",
	act.Registrar: "gestione della rete", act.Observer: "osservatrice",
}

var kindNames = map[act.Kind]string{
	act.Centre: "centro antiviolenza", act.Refuge: "casa rifugio", act.INPS: "sede INPS",
	act.Associate: "Comune o associazione", act.Oversight: "organismo di controllo",
}

var seatNames = map[act.Seat]string{
	act.SeatCentre: "centro", act.SeatHolder: "titolare INPS", act.SeatSubstitute: "sostituta INPS",
	act.SeatPartner: "Comune o associazione",
}

var sideNames = map[thread.Side]string{
	thread.INPS: "con INPS", thread.Internal: "interna del centro", thread.Partner: "con Comune o associazione",
}

var outcomeNames = map[act.Outcome]string{act.Allow: "fatto", act.Deny: "negato", act.Refuse: "rifiutato"}

var actNames = map[act.Act]string{
	act.CaseOpen: "apre un caso", act.CaseExtend: "apre un altro thread in un caso", act.CaseList: "elenca i suoi casi",
	act.EntryAppend: "scrive", act.ThreadRead: "legge",
	act.BlobPut: "carica un allegato", act.BlobDrop: "toglie un allegato non inviato", act.BlobRead: "scarica un allegato",
	act.ReadersRead: "guarda chi ha letto", act.CardPut: "pubblica la sua carta", act.RosterPut: "pubblica l'elenco",
	act.KeyringPut: "deposita le sue chiavi", act.KeyringReset: "rifà le sue chiavi senza la firma della carta", act.KeyringRead: "ritira le sue chiavi", act.DirectoryRead: "guarda chi è chi", act.AgreementsRead: "guarda gli accordi",
	act.PersonRead: "guarda chi è", act.ProofRead: "chiede una prova", act.AuditRead: "legge il registro", act.AuditSample: "estrae un campione dal registro",
	act.SessionBegin: "entra", act.SessionEnd: "esce", act.SessionList: "guarda le sessioni",
	act.SessionRevoke: "chiude una sessione", act.SessionLogout: "è uscita dal suo accesso", act.PersonEnd: "chiude un accesso per sempre",
	act.NetworkApply: "aggiorna la rete", act.Heads: "punto delle conversazioni",
	act.LedgerBegin: "comincia il registro", act.PolicyLoad: "carica le regole", act.InvitationUse: "usa un invito",
	act.SessionUse:   "torna con una sessione terminata",
	act.RequestLimit: "chiede troppo spesso", act.PokesOpen: "aspetta novità",
	act.NoticesRead: "guarda dove riceve gli avvisi", act.NoticesPut: "sceglie dove ricevere gli avvisi",
}

var phaseNames = map[thread.Phase]string{thread.PhaseOpen: "aperta", thread.PhaseResolved: "risolta", thread.PhaseClosed: "chiusa"}

var waitNames = map[act.Kind]string{act.Centre: "si aspetta il centro", act.INPS: "si aspetta INPS", act.Associate: "si aspetta il Comune o l'associazione"}

// Status says how a conversation stands.
func Status(s thread.Status) string {
	says := named(phaseNames, s.Phase)
	if s.Outcome != "" {
		says += ", esito " + OutcomeLine(s.Outcome)
	}
	if s.Waits != "" {
		says += ", " + named(waitNames, s.Waits)
	}
	return says
}

// Role names a role.
func Role(r act.Role) string { return named(roleNames, r) }

// Kind names a kind of organisation.
func Kind(k act.Kind) string { return named(kindNames, k) }

// Seat names a seat in a conversation.
func Seat(s act.Seat) string { return named(seatNames, s) }

// Side names a side that a conversation is with.
func Side(s thread.Side) string { return named(sideNames, s) }

// Line is Clean for what stands on one line: line ends and tabs could fake another.
func Line(s string) string {
	return strings.NewReplacer("\n", "\ufffd", "\t", "\ufffd").Replace(Clean(s))
}

// Act names an act, as of who does it.
func Act(a act.Act) string { return named(actNames, a) }

var deviceNames = map[session.Device]string{session.DeviceTerminal: "riga di comando", session.DeviceFirefox: "Firefox",
	session.DeviceEdge: "Edge", session.DeviceChrome: "Chrome", session.DeviceSafari: "Safari", session.DeviceBrowser: "browser"}

// Device names what a session is used from.
func Device(d session.Device) string { return named(deviceNames, d) }

// Outcome names an outcome.
func Outcome(o act.Outcome) string { return named(outcomeNames, o) }

// named finds the Italian for a word of the vocabulary, the word itself when it is newer
// than this program.
func named[T ~string](names map[T]string, word T) string {
	if name, ok := names[word]; ok {
		return name
	}
	return Line(string(word))
}

// Roles names several roles, and none.
func Roles(roles []act.Role) string {
	if len(roles) == 0 {
		return "nessuno"
	}
	all := make([]string, len(roles))
	for i, role := range roles {
		all[i] = Role(role)
	}
	return strings.Join(all, ", ")
}

// Reason says why an officer opens a conversation, in the network's words.
func Reason(code act.Reason) (string, error) {
	all, err := policies.Reasons()
	if err != nil {
		return "", err
	}
	for _, reason := range all {
		if reason.Code == string(code) {
			return reason.It, nil
		}
	}
	return Line(string(code)), nil
}

// OutcomeLine is the code of what became of a conversation with its label, the code alone where
// there is none.
func OutcomeLine(code string) string {
	all, err := policies.Outcomes()
	if err == nil {
		for _, o := range all {
			if o.Code == code {
				return o.Code + " (" + o.It + ")"
			}
		}
	}
	return Line(code)
}

// Topic finds a topic by its code, in any case; nil when there is none.
func Topic(code string) (*policies.Topic, error) {
	all, err := policies.Topics()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(t policies.Topic) bool { return strings.EqualFold(t.Code, code) })
	if i < 0 {
		return nil, nil //nolint:nilnil // a topic that was taken off the list is no error
	}
	return &all[i], nil
}

// TopicLine is a code with its label, the code alone where there is none.
func TopicLine(code string) (string, error) {
	t, err := Topic(code)
	if err != nil || t == nil {
		return Line(code), err
	}
	return t.Code + " " + t.It, nil
}

var urgencyNames = map[string]string{"U1": "risposta entro 1 giorno lavorativo", "U2": "risposta entro 3 giorni lavorativi",
	"U3": "risposta entro 10 giorni lavorativi"}

// Urgency is the code of an urgency with what it asks for.
func Urgency(code string) string {
	if name, ok := urgencyNames[code]; ok {
		return code + ", " + name
	}
	return Line(code)
}

// Words prints verification words.
func Words(six [words.Six]string) string { return strings.Join(six[:], " ") }

// SameWords compares verification words as they were said with those of a card, whatever is
// between them.
func SameWords(said string, six [words.Six]string) bool {
	letters := strings.FieldsFunc(strings.ToLower(said), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.Equal(letters, six[:])
}

// OtherWords is what to do when the words are not those of somebody's card.
func OtherWords(who string) string {
	return "Le parole non sono quelle della carta di " + who + ". Non è stato firmato nulla.\nFattele rileggere. Se non coincidono ancora, " +
		"fermati e avvisa l'assistenza da un altro canale: la carta può non essere sua."
}

// Called is a person's name with her code, or the code alone where no name is known.
func Called(name string, id ids.Person) string {
	if name == "" {
		return Line(string(id))
	}
	return Line(name + " (" + string(id) + ")")
}

// Barred says why nothing may be sealed to somebody today.
func Barred(why error) string {
	switch fault.ClassOf(why) {
	case fault.ClassStale:
		return "la sua carta o l'elenco della sua organizzazione è scaduto"
	case fault.ClassUntrusted:
		return "oggi non è nell'elenco della sua organizzazione"
	case fault.ClassSubstitute:
		return "la sua carta è cambiata: confronta di nuovo le parole di verifica (varco card accept)"
	case fault.ClassMissing:
		return "di lei questo computer non sa nulla"
	default:
		return "la sua carta oggi non vale"
	}
}

// Unreadable says why an entry has no text here. The other entries are not touched by it.
func Unreadable(why error) string {
	switch fault.ClassOf(why) {
	case fault.ClassUnknown:
		return "è stato scritto con un programma più nuovo: aggiorna il tuo"
	case fault.ClassGrant:
		return "non è stato affidato alla tua carta di oggi; chiedi a una collega di riaprirlo per te"
	case fault.ClassMissing:
		return "il servizio non l'ha consegnato"
	default:
		return "quello che è arrivato non è quello che è stato scritto: avvisa l'assistenza"
	}
}

// OrDash is a cell of a table that is never empty.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
