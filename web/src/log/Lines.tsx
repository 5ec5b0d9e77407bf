import type { LogRecord, SearchRecords } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { actName, useWords } from '../words/words';

interface LinesProps {
  readonly records: readonly LogRecord[];
  readonly chosen: SearchRecords;
  readonly choose: (chosen: SearchRecords) => void;
  /** In place of what the search says. */
  readonly title?: string;
}

/** The records as a timeline, the newest first; of one person or one case when that was chosen. */
export function Lines({ records, chosen, choose, title }: LinesProps): React.JSX.Element {
  const { t } = useWords();
  if (records.length === 0) {
    return <p className="empty">{t('log.none')}</p>;
  }
  return (
    <>
      <h2 className="lines-title">{title ?? titleOf(t, chosen)}</h2>
      <ol className="lines">
        {records.map((one) => (
          <Line key={one.leaf} record={one} chosen={chosen} choose={choose} />
        ))}
      </ol>
    </>
  );
}

function titleOf(t: ReturnType<typeof useWords>['t'], { person, object, act, outcome, from, until }: SearchRecords): string {
  if (person !== undefined) {
    return t('log.of.person', { code: person });
  }
  if (object !== undefined) {
    return t('log.of.object', { code: object });
  }
  return t([act, outcome, from, until].every((one) => one === undefined) ? 'log.of.all' : 'log.of.some');
}

interface LineProps extends Omit<LinesProps, 'records' | 'title'> {
  readonly record: LogRecord;
}

function Line({ record, chosen, choose }: LineProps): React.JSX.Element {
  const words = useWords();
  const { t, time, language } = words;
  const reason = useVocabulary()?.reasons.find((one) => one.code === record.reason);
  if (record.act === undefined || record.outcome === undefined || record.at === undefined) {
    return (
      <li className="line">
        <span className="number">{record.number}</span>
        <span>{t('log.erased')}</span>
        <Mark record={record} />
      </li>
    );
  }
  return (
    <li className={`line ${record.outcome}`}>
      <span className="number">{record.number}</span>
      <time dateTime={record.at}>{time(record.at)}</time>
      <span className="did">
        {record.person === undefined ? (
          <span>{t('log.service')}</span>
        ) : (
          <Code code={record.person} say={t('log.only.person')} choose={() => { choose({ ...chosen, person: record.person ?? '' }); }} />
        )}
        {record.roles.length > 0 && <span className="roles">{record.roles.map((role) => t(`role.${role}`)).join(', ')}</span>}
        <strong>{actName(words, record.act)}</strong>
        {record.object !== undefined && <Code code={record.object} say={t('log.only.object')} choose={() => { choose({ ...chosen, object: record.object ?? '' }); }} />}
        {(record.count ?? 0) > 1 && <span>{t('log.times', { n: record.count ?? 0 })}</span>}
      </span>
      {reason !== undefined && <span className="why">{t('log.reason', { reason: reason[language] })}</span>}
      <span className="marks">
        {record.outcome !== 'allow' && <span className="mark late">{t(`outcome.${record.outcome}`)}</span>}
        <Mark record={record} />
      </span>
      {record.policies.length > 0 && (
        <details className="small">
          <summary>{t('log.why')}</summary>
          <code>{[record.policies.join(', '), record.class ?? ''].join(' ').trim()}</code>
        </details>
      )}
    </li>
  );
}

function Mark({ record }: { readonly record: LogRecord }): React.JSX.Element {
  const { t } = useWords();
  return <span className={`mark standing ${record.standing}`}>{t(`log.standing.${record.standing}`)}</span>;
}

interface CodeProps {
  readonly code: string;
  readonly say: string;
  readonly choose: () => void;
}

function Code({ code, say, choose }: CodeProps): React.JSX.Element {
  return (
    <button type="button" className="code" title={say} aria-label={`${code}. ${say}`} onClick={choose}>
      {code}
    </button>
  );
}
