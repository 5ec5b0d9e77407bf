import type { Says } from '../says';
import type { parts as italian } from '../it/parts';

export const parts: Says<typeof italian> = {
  'pages.before': 'Previous page',
  'pages.at': 'Page {page} of {pages}',
  'pages.atOf': 'Page {page}',
  'pages.next': 'Next page',
};
