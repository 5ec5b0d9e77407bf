import type { Says } from '../says';
import type { app as italian } from '../it/app';

export const app: Says<typeof italian> = {
  'app.title': 'Agenda',
  'app.skip': 'Skip to content',
  'app.demonstration': 'DEMONSTRATION: nothing here is real. Write no real data.',
  'app.starting': 'Getting ready…',
  'news.some': 'There is something new.',
  'app.nav': 'Sections',
  'app.language': 'Language',
  'app.language.it': 'Italiano',
  'app.language.en': 'English',
  'app.lock': 'Lock',
  'app.signOut': 'Sign out',
  'app.leaving': 'Signing out…',
  'app.unended.title': 'You are not signed out yet',
  'app.unended.text':
    'Nothing can be read in this page any more, and your keys are no longer in it. But the service did not answer, and your session may still be open. Check the connection and try again.',
  'app.unended.else':
    'If it doesn’t work, close all windows of the browser. As soon as you can, from another computer, end this session in your profile, or ask your coordinator to.',
  'app.unended.again': 'Try again',
  'app.blocked.title': 'This page can’t work here',
  'app.blocked.text':
    'The browser of this computer doesn’t permit a part of the program. Nothing was lost. Ask your help desk to permit “WebAssembly” and “Web Worker” for the address {address}. Meanwhile you can use another computer, or another browser.',
  'app.missing.title': 'A part of the program did not arrive',
  'app.missing.text':
    'Nothing was lost. Check the connection and start again. If it happens again, ask your help desk to let all files of the address {address} through unchanged, also those that end in “.wasm”.',
  'app.broken.title': 'Something has stopped',
  'app.broken.text': 'The program stopped by a mistake of ours. What you had sent is recorded; what you were writing is not. Start again.',
  'app.again': 'Start again',

  'room.cases': 'My cases',
  'room.orientation': 'Orientation',
  'room.network': 'Network',
  'room.log': 'Log',
  'room.profile': 'Profile',

  'exit.button': 'Quick exit',
  'exit.hint': 'or Shift 3 times',
  'exit.help': 'Covers the page at once, closes everything and signs out. It can’t remove from the history that this site was visited.',

  'side.inps': 'with INPS',
  'side.internal': 'internal to the centre',
  'side.partner': 'with municipality or association',
  'side.centre': 'with the centre',
  'urgency.U1': 'within 1 working day',
  'urgency.U2': 'within 3 working days',
  'urgency.U3': 'within 10 working days',
  'seat.centre': 'centre',
  'seat.holder': 'INPS holder',
  'seat.substitute': 'INPS substitute',
  'seat.partner': 'Comune or association',
  'role.operator': 'operator',
  'role.coordinator': 'coordinator of the centre',
  'role.officer': 'INPS officer',
  'role.manager': 'office manager',
  'role.partner': 'person of the municipality or association',
  'role.auditor': 'auditor',
  'role.registrar': 'registrar of the network',
  'role.observer': 'observer',

  'idle.soon': 'It locks in a minute. Press a key to go on.',
  'idle.go': 'Go on',
  'idle.title': 'Page locked',
  'idle.text': 'Nothing happened for 10 minutes, and the page locked itself. What you were writing is gone. Unlock to go on.',
};
