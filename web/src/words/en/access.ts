import type { Says } from '../says';
import type { access as italian } from '../it/access';

export const access: Says<typeof italian> = {
  'access.title': 'Accessibility statement',
  'access.state.title': 'Where we are',
  'access.state.text': 'This page means to follow WCAG 2.1, level AA (EN 301 549). Nobody from outside has evaluated it yet: until then it is partially conformant.',
  'access.tested.title': 'What was tried, and how',
  'access.tested.text': 'Each room and dialog that is tried was checked automatically (axe) in Italian, and looked at 1280 and 360 points wide. An automatic check finds only a part of the obstacles.',
  'access.limits.title': 'What is missing',
  'access.limits.text': 'It was not tried yet by people who use a screen reader, nor with a magnifier, nor by voice alone. Images that people attach have no description.',
  'access.tell.title': 'If you find an obstacle',
  'access.tell.text': 'Tell whoever runs the service in your organisation, without data of cases: an answer is due within 30 days. If none comes, you may turn to the Digital Ombudsman at AgID.',
  'access.close': 'Close',
};
