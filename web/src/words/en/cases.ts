import type { Says } from '../says';
import type { cases as italian } from '../it/cases';

export const cases: Says<typeof italian> = {
  'cases.title': 'My cases',
  'cases.none.title': 'There is nothing here yet',
  'cases.none.text': 'The cases that you can read appear in this list.',
  'cases.reload': 'Refresh',
  'cases.loading': 'Reading the list…',
  'cases.list': 'List of cases',
  'cases.count.one': '1 case',
  'cases.count.other': '{n} cases',
  'cases.code': 'Code',
  'cases.topic': 'Topic',
  'cases.state': 'What it waits for',
  'cases.last': 'Last message',
  'cases.entries.one': '1 message',
  'cases.entries.other': '{n} messages',
  'cases.new': 'new',
  'cases.waits.inps': 'waits for INPS',
  'cases.waits.centre': 'waits for the centre',
  'cases.waits.partner': 'waits for the Comune or association',
  'cases.waits.none': 'internal notes',
  'cases.open': 'Open {code}',
};
