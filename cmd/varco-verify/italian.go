package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/verify"
)

// results in the words of the trade.
var results = map[verify.Result]string{
	verify.Whole:      "Il registro è integro.",
	verify.Tampered:   "IL REGISTRO È ALTERATO.",
	verify.Incomplete: "IL REGISTRO È INCOMPLETO.",
}

// classes say what is wrong. Those that are not here can't be found in a bundle.
var classes = map[fault.Class]string{
	fault.ClassForm:       "qualcosa non ha la forma prevista",
	fault.ClassSize:       "qualcosa supera la dimensione massima",
	fault.ClassKey:        "una chiave pubblica non è valida",
	fault.ClassSignature:  "una firma manca o è falsa",
	fault.ClassUntrusted:  "una persona o un ruolo non risulta da alcun elenco firmato",
	fault.ClassStale:      "una data non va d'accordo con ciò che viene prima",
	fault.ClassSequence:   "qualcosa non è al suo posto",
	fault.ClassMembership: "ha letto o scritto chi non poteva",
	fault.ClassClosed:     "una voce è stata aggiunta a un thread chiuso",
	fault.ClassEpoch:      "una voce usa un sigillo che non è quello in vigore",
	fault.ClassLate:       "una voce è stata registrata fuori tempo",
	fault.ClassUnknown:    "c'è qualcosa di più recente di questo programma: serve una versione nuova",
	fault.ClassGrant:      "una voce non consegna la chiave a tutti i membri e a loro soli",
	fault.ClassReceipt:    "una ricevuta non è di questa voce",
	fault.ClassProof:      "ciò che c'è scritto non è ciò che il registro ha firmato",
	fault.ClassMissing:    "manca qualcosa che deve esserci",
	fault.ClassFork:       "esistono due storie diverse della stessa cosa",
	fault.ClassRollback:   "il registro è più corto di com'era",
	fault.ClassDuplicate:  "la stessa cosa c'è due volte",
	fault.ClassSubstitute: "una cosa è al posto di un'altra",
}

// acts in the words of the trade.
var acts = map[act.Act]string{
	act.CaseOpen:       "apertura di un caso",
	act.CaseExtend:     "apertura di un altro thread in un caso",
	act.CaseList:       "elenco dei propri casi",
	act.EntryAppend:    "voce aggiunta",
	act.ThreadRead:     "lettura",
	act.ReadersRead:    "chi ha letto",
	act.BlobPut:        "allegato caricato",
	act.BlobDrop:       "allegato tolto prima dell'invio",
	act.BlobRead:       "allegato scaricato",
	act.CardPut:        "carta pubblicata",
	act.RosterPut:      "elenco di un ente pubblicato",
	act.KeyringPut:     "portachiavi conservato",
	act.KeyringReset:   "portachiavi rifatto senza la firma della carta",
	act.KeyringRead:    "portachiavi ripreso",
	act.DirectoryRead:  "rubrica letta",
	act.AgreementsRead: "accordi letti",
	act.ProofRead:      "prova chiesta",
	act.AuditRead:      "registro letto",
	act.AuditSample:    "campione estratto",
	act.SessionBegin:   "ingresso",
	act.SessionEnd:     "uscita",
	act.SessionUse:     "ritorno con una sessione terminata",
	act.SessionList:    "sessioni elencate",
	act.SessionRevoke:  "sessione chiusa",
	act.SessionLogout:  "sessione chiusa dal fornitore dell'accesso",
	act.PersonEnd:      "accesso chiuso per sempre",
	act.NetworkApply:   "rete caricata",
	act.LedgerBegin:    "registro cominciato",
	act.Heads:          "punto delle conversazioni",
	act.PolicyLoad:     "regole caricate",
	act.PersonRead:     "propri dati letti",
	act.InvitationUse:  "invito usato",
	act.RequestLimit:   "richieste oltre il limite",
	act.PokesOpen:      "attesa di novità",
	act.NoticesRead:    "indirizzo degli avvisi letto",
	act.NoticesPut:     "indirizzo degli avvisi cambiato",
}

// tell writes the report for people.
func tell(out io.Writer, r verify.Report, saved string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", results[r.Result])
	if f := r.Finding; f != nil {
		fmt.Fprintf(&b, "\n%s: %s.\n(%s: %s)\n", where(f, r.Size), saysOf(f.Class), f.Class, f.Why)
	}
	fmt.Fprintln(&b)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "Registro\t%s\n", r.Origin)
	fmt.Fprintf(w, "Righe verificate\t%d di %d\n", r.Leaves, r.Size)
	if r.Erased > 0 {
		fmt.Fprintf(w, "Righe cancellate\t%d, il cui testo non è conservato oltre i termini\n", r.Erased)
	}
	if !r.First.IsZero() {
		fmt.Fprintf(w, "Periodo\tdal %s al %s (UTC)\n", day(r.First), day(r.Last))
	}
	fmt.Fprintf(w, "Punti di controllo\t%d; più di un'ora senza: %s\n", r.Checkpoints, gaps(r.Gaps, r.LongestGap, r.Gap))
	fmt.Fprintf(w, "Punto dei thread\tpiù di un'ora senza: %s\n", gaps(r.HeadsGaps, r.LongestHeadsGap, r.HeadsGap))
	fmt.Fprintf(w, "Testimoni\t%s\n", witnesses(r))
	if r.Since != nil {
		fmt.Fprintf(w, "Dall'ultima volta\tle prime %d righe sono quelle di allora\n", *r.Since)
	}
	if saved != "" && r.Result == verify.Whole {
		fmt.Fprintf(w, "Da conservare\tpunto di controllo scritto in %s\n", saved)
	}
	fmt.Fprintf(w, "Persone\t%d (pseudonimi), %d carte, %d elenchi di enti\n", r.People, r.Cards, r.Rosters)
	fmt.Fprintf(w, "Thread\t%d, con %d voci\n", r.Threads, r.Entries)
	if err := w.Flush(); err != nil {
		return err
	}
	if err := tellActs(&b, r.Acts); err != nil {
		return err
	}
	tellSamples(&b, r.Samples)
	_, err := b.WriteTo(out)
	return err
}

func tellSamples(out io.Writer, samples []verify.Sample) {
	for _, s := range samples {
		numbers := make([]string, len(s.Leaves))
		for i, leaf := range s.Leaves {
			numbers[i] = ledger.Number(leaf)
		}
		fmt.Fprintf(out, "\nCampione %s del %s (%s, %s, righe da %d a %d, seme %s):\n%s\n", ledger.Number(s.Leaf), day(s.At), s.Person, acts[s.Of],
			s.From, s.Until-1, s.Seed, strings.Join(numbers, " "))
	}
}

func tellActs(out io.Writer, counts verify.Acts) error {
	if len(counts) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "Atti\t\tfatti\tnegati\trifiutati\n")
	for _, a := range act.Acts {
		if n := counts[a]; n != nil {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\n", acts[a], a, n[act.Allow], n[act.Deny], n[act.Refuse])
		}
	}
	return w.Flush()
}

// where names leaves by the numbers that people quote.
func where(f *verify.Finding, size int64) string {
	switch {
	case f.First >= f.Last && f.First >= size:
		return "Alla fine"
	case f.First >= f.Last:
		return fmt.Sprintf("Riga %d (%s)", f.First, ledger.Number(f.First))
	}
	return fmt.Sprintf("Righe da %d (%s) a %d (%s)", f.First, ledger.Number(f.First), f.Last, ledger.Number(f.Last))
}

func saysOf(class fault.Class) string {
	if s, ok := classes[class]; ok {
		return s
	}
	return "una regola non è rispettata"
}

func gaps(count, seconds int64, first *verify.Gap) string {
	if count == 0 {
		return "mai"
	}
	longest := time.Duration(seconds) * time.Second
	return fmt.Sprintf("%d volte, al massimo %s; la prima dal %s al %s (UTC)", count, longest, day(first.From), day(first.Until))
}

// witnesses says up to where others vouch for the log.
func witnesses(r verify.Report) string {
	switch {
	case !r.Quorum:
		return "non chiesti (--policy): del registro risponde soltanto chi lo tiene"
	case r.Witnessed == nil:
		return "NESSUN punto di controllo è confermato da un quorum"
	}
	by := strings.Join(r.Witnessed.By, ", ")
	if r.Witnessed.Size < r.Size {
		return fmt.Sprintf("confermano le prime %d righe dal %s (%s); LE ALTRE %d NO", r.Witnessed.Size, day(r.Witnessed.At), by, r.Size-r.Witnessed.Size)
	}
	return fmt.Sprintf("confermano tutte le righe dal %s (%s)", day(r.Witnessed.At), by)
}

func day(t time.Time) string { return t.UTC().Format("2/1/2006 15:04:05") }
