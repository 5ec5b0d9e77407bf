import type { Says } from '../says';
import type { sessions as italian } from '../it/sessions';

export const sessions: Says<typeof italian> = {
  'sessions.list': 'Open sessions',
  'sessions.none': 'No open session.',
  'sessions.this': 'this one',
  'sessions.times': 'Begun {begun}, used {used}',
  'sessions.end': 'End',
  'sessions.end.which': 'End the session of {device}, begun {begun}',
  'sessions.end.others': 'End all the others',
  'sessions.end.all': 'End all',
  'sessions.end.title': 'End this session?',
  'sessions.end.all.title': 'End all these sessions?',
  'sessions.end.text': 'It counts at once: whoever is using it reads and writes nothing more. One can always sign in again with one’s own account.',
  'device.terminal': 'Command line',
  'device.firefox': 'Firefox',
  'device.edge': 'Edge',
  'device.chrome': 'Chrome',
  'device.safari': 'Safari',
  'device.browser': 'Another browser',
};
