import './log.css';
import { useCallback, useState } from 'react';
import { useAsked } from '../core/desk';
import type { SearchRecords, Verification } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Pages } from '../parts/Pages';
import { useWords } from '../words/words';
import { Badge } from './Badge';
import { Choose } from './Choose';
import { Lines } from './Lines';
import { Sample } from './Sample';

/** Registro: what everybody did, by code, and whether this browser has verified it. */
export function Log(): React.JSX.Element {
  const { t, count } = useWords();
  const [now, setNow] = useState<Verification>();
  // The core keeps it while she is in another room.
  const { asked: kept } = useAsked('lastVerification', {});
  const found = now ?? (kept.is === 'answered' ? kept.answer.found : undefined);
  const [chosen, setChosen] = useState<SearchRecords>({});
  // Where each page that was turned over began: the service knows no page numbers.
  const [from, setFrom] = useState<readonly number[]>([0]);
  const choose = useCallback((next: SearchRecords) => {
    setChosen(next);
    setFrom([0]);
  }, []);
  const at = from[from.length - 1] ?? 0;
  // What was verified changes what is known of each record, so they are asked for again.
  const { asked, again } = useAsked('records', at === 0 ? chosen : { ...chosen, before: at });
  const verified = useCallback(
    (v: Verification) => {
      setNow(v);
      again();
    },
    [again],
  );
  const shown = asked.is === 'answered' ? asked.answer : asked.before;
  const more = shown?.before ?? 0;
  return (
    <section>
      <Heading>{t('log.title')}</Heading>
      <p className="lead">{t('log.lead')}</p>
      <Badge found={found} verified={verified} />
      <Choose chosen={chosen} choose={choose} />
      <Sample choose={choose} />
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {shown === undefined && asked.is === 'asking' && <Busy say="log.loading" />}
      <p role="status">
        {shown === undefined ? '' : shown.records.length === 0 ? t('log.none') : count('log.shown', shown.records.length)}
      </p>
      {shown !== undefined && shown.records.length > 0 && <Lines records={shown.records} chosen={chosen} choose={choose} />}
      {shown !== undefined && (
        <Pages
          at={from.length - 1}
          pages={more > 0 ? from.length + 1 : from.length}
          unknown={more > 0}
          turn={(to) => {
            setFrom(to < from.length ? from.slice(0, to + 1) : [...from, more]);
          }}
          label={t('log.pages')}
        />
      )}
    </section>
  );
}
