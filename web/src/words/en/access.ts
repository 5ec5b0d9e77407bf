import type { Says } from '../says';
import type { access as italian } from '../it/access';

export const access: Says<typeof italian> = {
  'access.title': 'Accessibility statement',
  'access.state.title': 'Where we are',
  'access.state.text': 'This page means to follow WCAG 2.1, level AA (EN 301 549). Nobody from outside has evaluated it yet: until then it is partially conformant.',
  'access.tested.title': 'What was tried, and how',
  'access.tested.text': 'Almost every room and dialog is checked automatically (axe) at every change: in Italian 1280 points wide, and in Italian and English 360 points wide and at 200% zoom; 320 points wide it is checked that nothing has to be scrolled sideways. The questionnaire is checked in Arabic too. A day’s work, from signing in to an answer, is tried with the keyboard alone. An automatic check finds only a part of the obstacles.',
  'access.limits.title': 'What is missing',
  'access.limits.text': 'The keyboard alone is not tried in every room yet. Nobody who uses a screen reader, a magnifier or voice control has tried it yet. Images that people attach have no description.',
  'access.tell.title': 'If you find an obstacle',
  'access.tell.text': 'Tell whoever runs the service in your organisation, without data of cases. If no answer comes, you may turn to the Digital Ombudsman at AgID.',
  'access.close': 'Close',
};
