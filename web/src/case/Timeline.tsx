import { useMemo, useState } from 'react';
import { Button } from 'design-react-kit';
import type { Called, Class, Entry, OrganisationKind, Reading, Readings } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { Receipt } from '../parts/Receipt';
import { useWords, type Key } from '../words/words';
import { Files } from './Files';

interface TimelineProps {
  readonly thread: string;
  readonly entries: readonly Entry[];
  readonly readings: Readings | undefined;
  /** The thread is still being verified: its end is there to be read only. */
  readonly unverified?: boolean;
}

type Moment = { readonly at: string; readonly entry: Entry } | { readonly at: string; readonly reading: Reading };

/** How much of a long thread is in the page at once. */
const shownAtOnce = 40;

/** What was said and who has read it, in the order in which it happened: its end, and more of it when she asks. */
export function Timeline({ thread, entries, readings, unverified = false }: TimelineProps): React.JSX.Element {
  const { t, count } = useWords();
  const [many, setMany] = useState(shownAtOnce);
  const [sought, setSought] = useState('');
  const all = useMemo(() => moments(entries, readings), [entries, readings]);
  const words = plain(sought);
  const found = words === '' ? all : all.filter((m) => 'entry' in m && plain([m.entry.text, ...m.entry.items, m.entry.name, m.entry.reference ?? ''].join(' ')).includes(words));
  const shown = found.slice(-many);
  return (
    <>
      <h2 className="visually-hidden">{t('case.timeline')}</h2>
      {entries.length > 5 && !unverified && (
        <div className="field seek">
          <label htmlFor="seek">{t('talk.seek')}</label>
          <input id="seek" type="text" className="form-control" value={sought} autoComplete="off" spellCheck={false} onChange={(e) => { setSought(e.target.value); }} />
          <p role="status" className="small text-muted">
            {words === '' ? '' : count('talk.sought', found.length)}
          </p>
        </div>
      )}
      {found.length > shown.length && (
        <Button color="link" size="sm" type="button" onClick={() => { setMany(many + shownAtOnce); }}>
          {count('talk.earlier', found.length - shown.length)}
        </Button>
      )}
      <ol className="timeline" aria-live={unverified ? 'off' : 'polite'} aria-relevant="additions">
        {shown.map((m) =>
          'entry' in m ? (
            <EntryLine key={m.entry.id} thread={thread} entry={m.entry} unverified={unverified} />
          ) : (
            <ReadingLine key={`${m.reading.person}-${m.at}`} reading={m.reading} />
          ),
        )}
      </ol>
      {readings?.more === true && <p className="small text-muted">{t('case.readers.more')}</p>}
    </>
  );
}

/** What is compared when something is sought: without accents and capitals. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/**
 * The entries in the order of the signed chain, which no clock changes, and the readings between
 * them by their times. One's own readings are left out, and of somebody's between two entries all but
 * the first for the same reason.
 */
function moments(entries: readonly Entry[], readings: Readings | undefined): readonly Moment[] {
  const reads = (readings?.readings ?? [])
    .filter((one) => !one.self)
    .map((reading) => ({ at: reading.at, reading }))
    .sort((a, b) => a.at.localeCompare(b.at));
  const all: Moment[] = [];
  for (const entry of entries) {
    while (reads[0] !== undefined && reads[0].at < entry.at) {
      all.push(...reads.splice(0, 1));
    }
    all.push({ at: entry.at, entry });
  }
  all.push(...reads);
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

interface EntryProps {
  readonly thread: string;
  readonly entry: Entry;
  readonly unverified: boolean;
}

function EntryLine({ thread, entry, unverified }: EntryProps): React.JSX.Element {
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
      {!unverified && <Files thread={thread} entry={entry} />}
      <Receipt number={entry.receipt} />
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
      {!said && <Note entry={entry} />}
      {said && entry.text === '' && entry.attachments.length === 0 && <p className="text note">{t('case.noText')}</p>}
      {entry.text !== '' && <p className="text">{entry.text}</p>}
      {entry.items.length > 0 && (entry.self ? <Asked entry={entry} /> : <Checklist entry={entry} />)}
      {entry.reference !== undefined && <p className="number">{t('talk.number', { number: entry.reference })}</p>}
    </>
  );
}

/** What an entry does that is no message. */
function Note({ entry }: { readonly entry: Entry }): React.JSX.Element {
  const { t, day, language } = useWords();
  const outcomes = useVocabulary()?.outcomes;
  const say: string[] = [];
  const called = (all: readonly Called[]): string => all.map((one) => one.name ?? t('talk.somebody', { place: one.organisation })).join(', ');
  if (entry.status !== undefined) {
    const { phase, waits, outcome } = entry.status;
    say.push(phase === 'open' ? (waits === undefined ? t('talk.stands.open') : t(waitsFor[waits] ?? 'talk.stands.open')) : t(`talk.stands.${phase}`));
    if (outcome !== undefined) {
      say.push(t('talk.stands.outcome', { outcome: outcomes?.find((one) => one.code === outcome)?.[language] ?? outcome }));
    }
  } else if (entry.kind === 'request') {
    say.push(entry.due === undefined ? t('talk.asks') : t('talk.asks.by', { day: day(entry.due) }));
  } else if (entry.holder !== undefined || entry.joined.length + entry.left.length > 0) {
    if (entry.holder !== undefined) {
      say.push(t('talk.holder', { name: called([entry.holder]) }));
    }
    if (entry.joined.length > 0) {
      say.push(t('talk.joined', { names: called(entry.joined) }));
    }
    if (entry.left.length > 0) {
      say.push(t('talk.left', { names: called(entry.left) }));
    }
  } else if (entry.given !== undefined) {
    say.push(t('talk.given', { name: entry.given }));
  } else if (entry.kind === 'link' && entry.linked.length > 0) {
    say.push(t('talk.linked', { names: entry.linked.join(', ') }));
  } else if (entry.excluded.length > 0) {
    say.push(...entry.excluded.map((one) => t(one.lift ? 'talk.lifted' : 'talk.excluded', { name: one.name })));
  } else if (entry.kind !== 'open' && entry.kind !== 'message') {
    say.push(t(`case.kind.${entry.kind}`));
  }
  return <p className="text note">{say.join(' ')}</p>;
}

const waitsFor: Partial<Record<OrganisationKind, 'talk.stands.centre' | 'talk.stands.inps' | 'talk.stands.partner'>> = {
  centre: 'talk.stands.centre',
  inps: 'talk.stands.inps',
  partner: 'talk.stands.partner',
};

/** What she has asked for herself. */
function Asked({ entry }: { readonly entry: Entry }): React.JSX.Element {
  const { t } = useWords();
  return (
    <ul aria-label={t('talk.items')}>
      {entry.items.map((item, i) => (
        <li key={i}>{item}</li>
      ))}
    </ul>
  );
}

/** What was asked for, to be ticked off while it is being got together. The ticks are nobody else's, and stay nowhere. */
function Checklist({ entry }: { readonly entry: Entry }): React.JSX.Element {
  const { t } = useWords();
  const [done, setDone] = useState<readonly number[]>([]);
  return (
    <>
      <ul className="checklist" aria-label={t('talk.items')}>
        {entry.items.map((item, i) => (
          <li key={i} className="form-check">
            <input
              type="checkbox"
              id={`${entry.id}-${i}`}
              checked={done.includes(i)}
              onChange={(e) => { setDone(e.target.checked ? [...done, i] : done.filter((one) => one !== i)); }}
            />
            <label htmlFor={`${entry.id}-${i}`}>{item}</label>
          </li>
        ))}
      </ul>
      <p className="small text-muted">{t('talk.items.tick')}</p>
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
      {reading.roles.length > 0 && <span className="role">{reading.roles.map((role) => t(`role.${role}`)).join(', ')}</span>}
      {reason !== undefined && <span className="why">{reason[language]}</span>}
      <time dateTime={reading.at}>{time(reading.at)}</time>
    </li>
  );
}
