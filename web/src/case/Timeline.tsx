import type { Class, Conversation, Entry, Reading, Readings } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { useWords, type Key } from '../words/words';

interface TimelineProps {
  readonly conversation: Conversation;
  readonly readings: Readings | undefined;
}

type Moment = { readonly at: string; readonly entry: Entry } | { readonly at: string; readonly reading: Reading };

/** What was said and who has read it, in the order in which it happened. */
export function Timeline({ conversation, readings }: TimelineProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <>
      <h2 className="visually-hidden">{t('case.timeline')}</h2>
      <ol className="timeline" aria-live="polite" aria-relevant="additions">
        {moments(conversation, readings).map((m) =>
          'entry' in m ? (
            <EntryLine key={m.entry.id} entry={m.entry} />
          ) : (
            <ReadingLine key={`${m.reading.person}-${m.at}`} reading={m.reading} />
          ),
        )}
      </ol>
      {readings?.more === true && <p className="small text-muted">{t('case.readers.more')}</p>}
    </>
  );
}

/** One's own readings are left out, and of somebody's between two entries all but the first for the same reason. */
function moments(conversation: Conversation, readings: Readings | undefined): readonly Moment[] {
  const all: Moment[] = conversation.entries.map((entry) => ({ at: entry.at, entry }));
  for (const reading of readings?.readings ?? []) {
    if (!reading.self) {
      all.push({ at: reading.at, reading });
    }
  }
  all.sort((a, b) => a.at.localeCompare(b.at));
  let seen = new Set<string>();
  return all.filter((m) => {
    if ('entry' in m) {
      seen = new Set();
      return true;
    }
    const what = `${m.reading.person} ${m.reading.reason ?? ''}`;
    const first = !seen.has(what);
    seen.add(what);
    return first;
  });
}

function EntryLine({ entry }: { readonly entry: Entry }): React.JSX.Element {
  const { t, time } = useWords();
  // Where a name is not told, as INPS is not told who at a centre writes, the place stands for it.
  const place = entry.organisation === '' ? t(`seat.${entry.seat}`) : entry.organisation;
  const unnamed = !entry.self && entry.name === '';
  return (
    <li className={`entry ${entry.self ? 'own' : 'other'}`}>
      <div className="head">
        <span className="author">{entry.self ? t('case.you') : unnamed ? place : entry.name}</span>
        {!unnamed && <span className="place">{place}</span>}
        <time dateTime={entry.at}>{time(entry.at)}</time>
      </div>
      <EntryText entry={entry} />
      <div className="receipt">{t('case.receipt', { number: entry.receipt })}</div>
    </li>
  );
}

const unreadable: Partial<Record<Class, Key & `case.unreadable.${string}`>> = {
  unknown: 'case.unreadable.unknown',
  grant: 'case.unreadable.grant',
  missing: 'case.unreadable.missing',
};

function EntryText({ entry }: { readonly entry: Entry }): React.JSX.Element {
  const { t } = useWords();
  if (entry.unreadable !== undefined) {
    return <p className="text unreadable">{t(unreadable[entry.unreadable] ?? 'case.unreadable.other')}</p>;
  }
  const said = entry.kind === 'open' || entry.kind === 'message';
  return (
    <>
      {!said && <p className="text note">{t(`case.kind.${entry.kind}`)}</p>}
      {said && entry.text === '' && <p className="text note">{t('case.noText')}</p>}
      {entry.text !== '' && <p className="text">{entry.text}</p>}
    </>
  );
}

function ReadingLine({ reading }: { readonly reading: Reading }): React.JSX.Element {
  const { t, time, language } = useWords();
  const reason = useVocabulary()?.reasons.find((one) => one.code === reading.reason);
  const name = reading.name === '' ? reading.organisation : `${reading.name} (${reading.organisation})`;
  return (
    <li className="reading">
      <span>{t('case.reading', { name })}</span>
      {reason !== undefined && <span className="why">{reason[language]}</span>}
      <time dateTime={reading.at}>{time(reading.at)}</time>
    </li>
  );
}
