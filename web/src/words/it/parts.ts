export const parts = {
  'pages.before': 'Pagina precedente',
  'pages.at': 'Pagina {page} di {pages}',
  'pages.atOf': 'Pagina {page}',
  'pages.next': 'Pagina successiva',
} as const;
