import type { Says } from '../says';
import type { dialog as italian } from '../it/dialog';

export const dialog: Says<typeof italian> = {
  'dialog.cancel': 'Cancel',
  'dialog.back': 'Done',
  'dialog.working': 'One moment…',
  'dialog.type': 'To confirm, type: {text}',
};
