export const look = {
  'look.codice-fiscale': 'un codice fiscale',
  'look.maybe': 'forse un codice fiscale, con un errore',
  'look.iban': 'un IBAN',
  'look.mail': 'un indirizzo e-mail',
  'look.phone': 'un numero di telefono',
  'look.street': 'un indirizzo',
  'look.found': 'Qui sembra esserci {what}. Se non serve, toglilo.',
  'look.title': 'Nel testo c’è qualcosa che può dire chi è la donna',
  'look.lead': 'Non è stato inviato nulla. È stato trovato su questo computer, e non lo sa nessuno:',
  'look.why': 'Chi legge potrebbe capire chi è la donna, o dove sta. Per quasi tutte le domande non serve.',
  'look.back': 'Torno a correggere',
  'look.send': 'Invio lo stesso',
} as const;
