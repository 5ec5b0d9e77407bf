package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"varco/internal/cli/italian"
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/fault"
)

// What the program exits with.
const (
	exitDone      = 0
	exitFailed    = 1
	exitMisused   = 2
	exitUntrusted = 3
)

// problem is an error in the person's words: what happened, what was not lost, what to do.
type problem struct {
	exit  int
	says  string
	cause error
}

func (p *problem) Error() string { return p.says }
func (p *problem) Unwrap() error { return p.cause }

// Failed says that something was refused or could not be done.
func Failed(format string, args ...any) error {
	return &problem{exit: exitFailed, says: fmt.Sprintf(format, args...)}
}

// Because is failed with its cause, whose text is for the help desk.
func Because(cause error, format string, args ...any) error {
	return &problem{exit: exitFailed, says: fmt.Sprintf(format, args...), cause: cause}
}

// Misuse says that the command was called in a wrong way.
func Misuse(format string, args ...any) error {
	return &problem{exit: exitMisused, says: fmt.Sprintf(format, args...)}
}

// Told reports whether an error is in the person's words already.
func Told(err error) bool {
	_, ok := errors.AsType[*problem](err)
	return ok
}

// refusals are what a service's refusal means to the person.
var refusals = map[fault.Kind]string{
	fault.Invalid: "Il servizio non ha capito la richiesta e non è stato fatto nulla. Forse questo programma è più vecchio o più nuovo " +
		"del servizio: aggiornalo, o avvisa l'assistenza.",
	fault.Refused: "Il servizio non accetta questa operazione e non è stato fatto nulla. Se si ripete, avvisa l'assistenza.",
	fault.Unauthenticated: "Non c'è un accesso valido: non sei entrata, oppure la sessione è finita. Nulla è andato perso.\n" +
		"Entra di nuovo: varco login",
	fault.NotFound: "Qui per te non c'è nulla: non esiste, oppure non è tuo. Non è stato fatto nulla.\n" +
		"Controlla il codice, lettera per lettera.",
	fault.ReasonRequired: "Prima di aprire serve il motivo. Non è stato aperto nulla.",
	fault.FreshRequired: "Per questo bisogna essere entrata da non più di 15 minuti: serve a proteggere te e le tue colleghe se un computer\n" +
		"resta aperto. Non è stato fatto nulla. Entra di nuovo e ripeti: varco login",
	fault.Conflict: "Qualcun'altra è arrivata un attimo prima, e non è stato registrato nulla di tuo.\n" +
		"Guarda che cosa è cambiato e ripeti.",
	fault.TooLarge:    "È troppo lungo per il servizio e non è stato registrato nulla. Accorcialo e ripeti.",
	fault.Limited:     "Troppe richieste in poco tempo. Non è stato fatto nulla: aspetta un minuto e ripeti.",
	fault.Unavailable: "Il servizio in questo momento non può farlo, e non è stato fatto nulla. Ripeti fra poco.",
	fault.NotKnown:    unknown,
	fault.Internal: "Il servizio ha avuto un guasto. Se stavi scrivendo qualcosa, può essere stato registrato oppure no:\n" +
		"guarda (varco case list, varco thread read) prima di ripetere, e avvisa l'assistenza.",
}

const (
	untrusted = "Il servizio ha risposto con qualcosa che non torna: non è firmato da chi dovrebbe, o non è quello che " +
		"questo computer aveva già visto.\nPer prudenza non è stato mostrato nulla, e quello che avevi non è andato perso. " +
		"Non riprovare: avvisa l'assistenza\ncon il dettaglio qui sotto, da un altro canale."
	tooOld = "Qui c'è qualcosa di più nuovo di questo programma, che non lo sa leggere. Nulla è andato perso.\nAggiorna il programma e ripeti."
	silent = "Il servizio non risponde. Se stavi scrivendo qualcosa, può essere stato registrato oppure no:\n" +
		"controlla il collegamento, guarda (varco case list, varco thread read) e, se manca, ripeti."
	unknown = "Il servizio non sa dire se è stato fatto. Se stavi scrivendo qualcosa, può essere stato registrato oppure no:\n" +
		"fra poco guarda (varco case list, varco thread read) e, se manca, ripeti."
	damaged = "Quello che questo computer ricorda delle altre volte è rovinato, o lo ha scritto un programma più nuovo.\n" +
		"Non è stato mostrato nulla. Aggiorna il programma; se non basta, avvisa l'assistenza."
	closed      = "Questa conversazione è chiusa, e non è stato scritto nulla. Per riaprirla: varco thread status CODICE --phase open"
	interrupted = "Interrotto. Quello che era già registrato resta; il resto non è stato fatto."
	notSetUp    = "Questo computer non è ancora preparato. Comincia con: varco setup --service INDIRIZZO"
	noAnchors   = "Questo programma non ha con sé le chiavi pubbliche di nessuna rete, quindi non può fidarsi di nessun servizio.\n" +
		"Usa il programma pubblicato dalla tua rete; per una dimostrazione su questo computer: varco setup --anchors FILE"
)

// explain finds the person's words for an error, and the status to exit with.
func explain(err error) (says string, exit int) {
	var p *problem
	var refused *client.ServiceError
	switch {
	case errors.As(err, &p):
		return p.says, p.exit
	case errors.As(err, &refused):
		return refusals[fault.KindOf(refused)], exitFailed
	case errors.Is(err, context.Canceled):
		return interrupted, exitFailed
	case errors.Is(err, profile.ErrAbsent):
		return notSetUp, exitFailed
	case errors.Is(err, profile.ErrNoAnchors):
		return noAnchors, exitFailed
	case errors.Is(err, profile.ErrDamaged):
		return damaged, exitFailed
	case fault.ClassOf(err) == fault.ClassUnknown:
		return tooOld, exitFailed
	case fault.ClassOf(err) == fault.ClassClosed:
		return closed, exitFailed
	case fault.KindOf(err) == fault.Refused:
		return untrusted, exitUntrusted
	case IsFile(err):
		return "Su questo computer un file non si lascia leggere o scrivere: il nome è giusto? C'è spazio, e il permesso?", exitFailed
	case fault.KindOf(err) == fault.NotKnown, fault.KindOf(err) == fault.Unavailable:
		return silent, exitFailed
	}
	return "Non è riuscito. Nulla di quello che era registrato è andato perso.", exitFailed
}

// IsFile reports whether a file of this computer is to blame.
func IsFile(err error) bool {
	_, ok := errors.AsType[*fs.PathError](err)
	return ok
}

// Report tells what went wrong and returns the status to exit with.
func (r *Desk) Report(err error) int {
	if err == nil {
		return exitDone
	}
	says, exit := explain(err)
	r.Tell("%s\n", says)
	if detail := detailOf(err); detail != "" {
		r.Tell("Dettaglio per l'assistenza: %s\n", italian.Clean(detail))
	}
	return exit
}

// detailOf is what the help desk needs. It holds identifiers and no content; of a service's
// refusal only the number under which it is logged, and the rule that was broken.
func detailOf(err error) string {
	for _, plain := range []error{profile.ErrAbsent, profile.ErrNoAnchors, context.Canceled} {
		if errors.Is(err, plain) {
			return ""
		}
	}
	var refused *client.ServiceError
	if errors.As(err, &refused) {
		detail := string(fault.KindOf(refused))
		if class := fault.ClassOf(refused); class != "" {
			detail += " (" + string(class) + ")"
		}
		if refused.Request != "" {
			detail += ", richiesta " + refused.Request
		}
		return detail
	}
	var p *problem
	if errors.As(err, &p) {
		if p.cause == nil {
			return ""
		}
		err = p.cause
	}
	if class := fault.ClassOf(err); class != "" {
		return fmt.Sprintf("%s (%s)", err, class)
	}
	return err.Error()
}
