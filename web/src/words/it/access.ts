export const access = {
  'access.title': 'Dichiarazione di accessibilità',
  'access.state.title': 'A che punto siamo',
  'access.state.text': 'Questa pagina vuole rispettare le WCAG 2.1, livello AA (EN 301 549). Nessun ente esterno l’ha ancora valutata: finché non succede, la conformità è parziale.',
  'access.tested.title': 'Che cosa è stato provato, e come',
  'access.tested.text': 'Ogni stanza e ogni finestra provata con un controllo automatico (axe) in italiano, e guardata a 1280 e a 360 punti di larghezza. Il controllo automatico trova solo una parte degli ostacoli.',
  'access.limits.title': 'Che cosa manca',
  'access.limits.text': 'Non è stata ancora provata da persone che usano un lettore di schermo, né con un ingranditore, né con il solo comando vocale. Le immagini che le persone allegano non hanno una descrizione.',
  'access.tell.title': 'Se trovi un ostacolo',
  'access.tell.text': 'Dillo a chi gestisce il servizio nella tua organizzazione, senza dati dei casi: deve rispondere entro 30 giorni. Se non risponde puoi rivolgerti al Difensore civico per il digitale, presso AgID.',
  'access.close': 'Chiudi',
} as const;
