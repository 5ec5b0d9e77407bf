import { useState } from 'react';
import { useWords } from '../words/words';
import { daysUntil } from './change';

/** How many days before its end something is marked, and how loudly. */
const steps = [
  { days: 30, look: 'mark late' },
  { days: 60, look: 'mark soon' },
  { days: 90, look: 'mark' },
] as const;

/** That an agreement or a designation ends soon, or has ended. */
export function Ends({ until }: { readonly until: string }): React.JSX.Element | null {
  const { t, count } = useWords();
  const [left] = useState(() => daysUntil(until));
  if (left === 0) {
    return <span className="mark late">{t('network.term.over')}</span>;
  }
  const look = steps.find((one) => left <= one.days)?.look;
  return look === undefined ? null : <span className={look}>{count('network.term', left)}</span>;
}
