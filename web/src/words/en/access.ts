import type { Says } from '../says';
import type { access as italian } from '../it/access';

export const access: Says<typeof italian> = {
  'access.title': 'Accessibility statement',
  'access.state.title': 'Where we are',
  'access.state.text': 'This page means to follow WCAG 2.1, level AA (EN 301 549). Nobody from outside has evaluated it yet: until then it is partially conformant.',
  'access.tested.title': 'What was tried, and how',
  'access.tested.text': 'Almost every room is checked automatically (axe) at every change, 1280 points wide, in Italian; the questionnaire in English and Arabic too. An automatic check finds only a part of the obstacles.',
  'access.limits.title': 'What is missing',
  'access.limits.text': 'Not tried yet in every room are 200% zoom, a width of 360 points, and the keyboard alone. Nobody who uses a screen reader, a magnifier or voice control has tried it yet. Images that people attach have no description.',
  'access.tell.title': 'If you find an obstacle',
  'access.tell.text': 'Tell whoever runs the service in your organisation, without data of cases. If no answer comes, you may turn to the Digital Ombudsman at AgID.',
  'access.close': 'Close',
};
