export const access = {
  'access.title': 'Dichiarazione di accessibilità',
  'access.state.title': 'A che punto siamo',
  'access.state.text': 'Questa pagina vuole rispettare le WCAG 2.1, livello AA (EN 301 549). Nessun ente esterno l’ha ancora valutata: finché non succede, la conformità è parziale.',
  'access.tested.title': 'Che cosa è stato provato, e come',
  'access.tested.text': 'Quasi ogni stanza e ogni finestra è provata, a ogni modifica, con un controllo automatico (axe): in italiano a 1280 punti di larghezza, in italiano e in inglese a 360 punti e con l’ingrandimento al 200 %; a 320 punti si prova che non serva scorrere di lato. L’orientamento è provato anche in arabo. Una giornata di lavoro, dall’entrata alla risposta, è provata con la sola tastiera. Il controllo automatico trova solo una parte degli ostacoli.',
  'access.limits.title': 'Che cosa manca',
  'access.limits.text': 'L’uso con la sola tastiera non è ancora provato in ogni stanza. Nessuna persona che usa un lettore di schermo, un ingranditore o il comando vocale l’ha ancora provata. Le immagini che le persone allegano non hanno una descrizione.',
  'access.tell.title': 'Se trovi un ostacolo',
  'access.tell.text': 'Dillo a chi gestisce il servizio nella tua organizzazione, senza dati dei casi. Se non risponde puoi rivolgerti al Difensore civico per il digitale, presso AgID.',
  'access.close': 'Chiudi',
} as const;
