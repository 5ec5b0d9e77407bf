import type { Says } from '../says';
import type { look as italian } from '../it/look';

export const look: Says<typeof italian> = {
  'look.codice-fiscale': 'an Italian tax code',
  'look.maybe': 'perhaps an Italian tax code, with a mistake',
  'look.iban': 'an IBAN',
  'look.mail': 'a mail address',
  'look.phone': 'a telephone number',
  'look.street': 'a street address',
  'look.found': 'There seems to be {what} in it. If it isn’t needed, take it out.',
  'look.title': 'The text may tell who the woman is',
  'look.lead': 'Nothing was sent. It was found on this computer, and nobody is told:',
  'look.why': 'Whoever reads it could find out who the woman is, or where she lives. Nearly no question needs it.',
  'look.back': 'Go back and correct it',
  'look.send': 'Send it all the same',
};
