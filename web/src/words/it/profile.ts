export const profile = {
  'profile.place': 'Organizzazione',
  'profile.roles': 'Ruolo',
  'profile.words': 'Le tue parole di verifica',
} as const;
