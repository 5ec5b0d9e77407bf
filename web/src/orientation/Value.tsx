import type { Book } from './book';
import { toVerify, type Parameter } from './evaluate';
import { useTalk } from './talk';
import { fill } from '../words/speech';

interface ValueProps {
  readonly book: Book;
  readonly value: Parameter;
  readonly today: string;
}

/** A value with its time and source; one that nobody is sure of says so. */
export function Value({ book, value, today }: ValueProps): React.JSX.Element {
  const { t, day, language } = useTalk();
  const number = value.value.toLocaleString(language === 'it' ? 'it-IT' : 'en-GB', { minimumFractionDigits: Number.isInteger(value.value) ? 0 : 2, useGrouping: 'always' });
  const time = [
    ...(value.from === undefined ? [] : [t('orientation.value.from', { day: day(value.from) })]),
    ...(value.until === undefined ? [] : [t('orientation.value.until', { day: day(value.until) })]),
  ].join(' ');
  return (
    <li>
      <span className="value">{shortly(book.parameters[value.id] ?? value.id)}</span>{' '}
      <strong>{fill(book.units[value.unit] ?? '{n}', { n: number })}</strong>
      {time !== '' && ` ${time}`}
      {toVerify(value, today) && <span className="tag unsure">{t('orientation.value.verify')}</span>}
      <span className="source">{t('orientation.value.source', { source: value.source })}</span>
    </li>
  );
}

/** A value's name without its benefit's, which stands above it. */
function shortly(name: string): string {
  const own = name.slice(name.indexOf(': ') + 1).trim();
  return own.charAt(0).toLocaleUpperCase() + own.slice(1);
}
