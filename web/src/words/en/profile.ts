import type { Says } from '../says';
import type { profile as italian } from '../it/profile';

export const profile: Says<typeof italian> = {
  'profile.place': 'Organisation',
  'profile.roles': 'Role',
  'profile.words': 'Your verification words',
};
