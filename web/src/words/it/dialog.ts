export const dialog = {
  'dialog.cancel': 'Annulla',
  'dialog.back': 'Ho finito',
  'dialog.working': 'Un momento…',
  'dialog.type': 'Per confermare scrivi: {text}',
} as const;
