export const failure = {
  'failure.request': 'Da dire all’assistenza: {request}',
  'failure.detail': 'Dettaglio per l’assistenza',
  'failure.invalid': 'Il servizio non ha capito la richiesta e non è stato fatto nulla. Ricarica la pagina; se si ripete, avvisa l’assistenza.',
  'failure.refused': 'Il servizio non accetta questa operazione e non è stato fatto nulla. Se si ripete, avvisa l’assistenza.',
  'failure.signed-out': 'L’accesso è finito. Nulla di quello che avevi inviato è andato perso. Entra di nuovo.',
  'failure.not-found': 'Qui per te non c’è nulla: non esiste, oppure non è tuo, o non lo è più. Non è stato fatto nulla. Se fino a poco fa lo leggevi, torna ai casi e parlane con una collega.',
  'failure.reason': 'Prima di aprire serve il motivo. Non è stato aperto nulla.',
  'failure.fresh': 'Per questa operazione serve entrare di nuovo, anche se sei già dentro. Non è stato fatto nulla.',
  'failure.conflict': 'Nel frattempo qui è cambiato qualcosa, e questa volta non è stato registrato nulla di tuo. Può essere stata un’altra persona, o un tuo invio di prima che era rimasto senza risposta. Guarda che cosa è cambiato e, se serve, ripeti.',
  'failure.too-large': 'È troppo lungo e non è stato registrato nulla. Accorcialo e ripeti.',
  'failure.limited': 'Troppe richieste in poco tempo. Non è stato fatto nulla: aspetta un minuto e ripeti.',
  'failure.unavailable': 'Il servizio in questo momento non può farlo, e non è stato fatto nulla. Ripeti fra poco.',
  'failure.internal': 'Il servizio ha avuto un guasto e non ha fatto nulla. Ripeti fra poco; se continua, avvisa l’assistenza.',
  'failure.cancelled': 'Interrotto. Quello che era già registrato resta.',
  'failure.silent': 'Il servizio non risponde. Se stavi inviando qualcosa può essere stato registrato oppure no: controlla il collegamento, aggiorna e guarda.',
  'failure.untrusted':
    'Il servizio ha risposto con qualcosa che non torna: non è firmato da chi dovrebbe. Per prudenza non si mostra nulla, e quello che avevi non è andato perso. Non riprovare: avvisa l’assistenza da un altro canale.',
  'failure.untrusted.card':
    'La carta di qualcuno non è quella che ha firmato la sua organizzazione: forse qualcuno si è messo al suo posto. Con quella carta non è stato inviato nulla e non si può inviare nulla. Non riprovare: avvisa la responsabile e l’assistenza, a voce o per telefono.',
  'failure.untrusted.gap':
    'In quello che il servizio ha mandato manca qualcosa, oppure l’ordine è stato cambiato. Per prudenza non si mostra, e da qui non parte nulla. Quello che era registrato resta. Non riprovare: avvisa l’assistenza da un altro canale.',
  'failure.untrusted.fork':
    'Il servizio mostra due versioni diverse della stessa conversazione: forse ne fa vedere una a te e un’altra ad altre persone. Per prudenza non si mostra, e da qui non parte nulla. Non riprovare: avvisa l’assistenza da un altro canale e senti le colleghe a voce.',
  'failure.untrusted.back':
    'Il servizio mostra meno di quello che c’era prima: qualcosa è stato tolto o trattenuto. Per prudenza non si mostra, e da qui non parte nulla. Non riprovare: avvisa l’assistenza da un altro canale.',
  'failure.too-old': 'Qui c’è qualcosa di più nuovo di questa pagina. Nulla è andato perso: ricarica la pagina e ripeti.',
  'failure.no-anchors': 'Questa pagina non appartiene a nessuna rete e non può fidarsi di nessun servizio. Usa l’indirizzo che ti ha dato la tua rete.',
  'failure.locked': 'La pagina è bloccata. Sblocca e ripeti.',
  'failure.phrase': 'Non è la frase giusta. Controlla le sei parole e il loro ordine. Non è stato perso nulla.',
  'failure.word': 'La parola numero {word} non è nella lista: forse manca una lettera. Non è stato perso nulla.',
  'failure.barred': 'A una delle persone di questa conversazione oggi non si può scrivere: la sua carta è cambiata o scaduta, oppure non è più nell’elenco. Non è stato inviato nulla. Guarda chi è in «Chi sa cosa»: se non deve più leggere, toglila; se la carta è cambiata confronta le parole con lei e riapri; altrimenti avvisa la responsabile.',
  'failure.unlisted': 'Non sei più nell’elenco del tuo ente, e qui per te non c’è più nulla. Se è uno sbaglio parlane con la tua responsabile: serve un invito nuovo.',
  'failure.passkey': 'Questo dispositivo non apre le tue carte: forse è stato tolto. Non è stato perso nulla: usa un altro dispositivo o la frase.',
  'failure.no-checkpoint':
    'Questo file non è un punto di controllo di questo registro: forse è un altro file, o è stato modificato. Non è stato verificato nulla. Scegli quello che avevi conservato («punto-di-controllo.txt»), o verifica senza.',
  'failure.failed': 'Non è riuscito. Quello che era già registrato resta. Ripeti; se continua, avvisa l’assistenza.',
} as const;
