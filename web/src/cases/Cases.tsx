import './cases.css';
import { Button, Icon } from 'design-react-kit';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useWay } from '../app/go';
import { useSifting } from '../app/kept';
import { useAsked, useDesk } from '../core/desk';
import { useNews } from '../core/news';
import type { FoundIn } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Pages } from '../parts/Pages';
import { useTopicName } from '../parts/TopicName';
import { useWords } from '../words/words';
import { CaseLine } from './CaseLine';
import { Sieve } from './Sieve';
import { byCase, byDue, byNewest, dayOf, is, plain, topicsOf, type Threads } from './sift';

/** How many cases are shown at once, however many there are. */
const pageCases = 25;

interface CasesProps {
  /** An officer works off a queue: what is due comes first. */
  readonly queue: boolean;
}

/** I miei casi, or an officer's Coda: what a person may read, by case. */
export function Cases({ queue }: CasesProps): React.JSX.Element {
  const { t } = useWords();
  const { go } = useWay();
  const { asked, again } = useAsked('cases', {}, { news: useNews() });
  const list = asked.is === 'answered' ? asked.answer : asked.before;
  const cases = useMemo(() => (list === undefined ? undefined : [...byCase(list.threads)].sort(queue ? byDue : byNewest)), [list, queue]);
  const enter = useCallback(
    (threads: Threads) => {
      go({ at: 'case', threads });
    },
    [go],
  );
  return (
    <section>
      <div className="room-head">
        <Heading>{t(queue ? 'cases.queue' : 'cases.title')}</Heading>
        <Button color="primary" outline size="sm" onClick={again} disabled={asked.is === 'asking'}>
          <Icon icon="it-refresh" color="primary" size="sm" aria-hidden />
          <span>{t('cases.reload')}</span>
        </Button>
      </div>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {cases === undefined && asked.is === 'asking' && <Busy say="cases.loading" />}
      {cases?.length === 0 && (
        <div className="empty">
          <h2>{t('cases.none.title')}</h2>
          <p>{t('cases.none.text')}</p>
        </div>
      )}
      {cases !== undefined && cases.length > 0 && <Sifted cases={cases} enter={enter} />}
    </section>
  );
}

interface SiftedProps {
  readonly cases: readonly Threads[];
  readonly enter: (threads: Threads) => void;
}

/** The cases that were chosen, a page of them at a time. */
function Sifted({ cases, enter }: SiftedProps): React.JSX.Element {
  const { t, count } = useWords();
  const [{ chosen, page: at }, change] = useSifting();
  const today = dayOf(new Date());
  const found = useFound(chosen.text);
  const names = useNames();
  const topics = useMemo(() => [...new Set(cases.flatMap(topicsOf))].sort(), [cases]);
  const shown = cases.filter(
    (one) =>
      is(chosen.which, one, today) &&
      (chosen.topic === '' || topicsOf(one).includes(chosen.topic)) &&
      (chosen.text.trim() === '' || names(one).includes(plain(chosen.text)) || one.some(({ thread }) => found.has(thread))),
  );
  const pages = Math.ceil(shown.length / pageCases);
  const page = Math.min(at, Math.max(0, pages - 1));
  return (
    <>
      <Sieve
        chosen={chosen}
        choose={(next) => {
          change(() => ({ chosen: next, page: 0 }));
        }}
        topics={topics}
      />
      <p role="status" className="text-muted">
        {shown.length === cases.length ? count('cases.count', cases.length) : t('cases.some', { n: shown.length, all: cases.length })}
      </p>
      <ul className="cases" aria-label={t('cases.list')}>
        {shown.slice(page * pageCases, (page + 1) * pageCases).map((threads) => (
          <CaseLine
            key={threads[0].thread}
            threads={threads}
            today={today}
            found={threads.map(({ thread }) => found.get(thread)).find((one) => one !== undefined)}
            enter={enter}
          />
        ))}
      </ul>
      <Pages at={page} pages={pages} turn={(page) => { change((before) => ({ ...before, page })); }} label={t('cases.pages')} />
    </>
  );
}

/** What a case can be found by in the list itself: code, topic, with whom. */
function useNames(): (threads: Threads) => string {
  const topic = useTopicName();
  return useCallback(
    (threads) => {
      const said = threads.flatMap((one) => [one.thread, one.case ?? '', one.centre, one.with, one.topic ?? '']);
      return plain([...said, ...topicsOf(threads).map(topic)].join(' '));
    },
    [topic],
  );
}

const none: ReadonlyMap<string, FoundIn> = new Map();

/** Where it was said in what was opened on this device. The core looks; nobody else is asked. */
function useFound(text: string): ReadonlyMap<string, FoundIn> {
  const { core } = useDesk();
  const [found, setFound] = useState<{ readonly text: string; readonly threads: ReadonlyMap<string, FoundIn> }>();
  useEffect(() => {
    if (text.trim().length < 2) {
      return;
    }
    const stop = new AbortController();
    core.call('find', { text }, { signal: stop.signal }).then(
      (answer) => {
        setFound({ text, threads: new Map(answer.threads.map((one) => [one.thread, one])) });
      },
      () => undefined, // the list itself can still be searched
    );
    return () => {
      stop.abort();
    };
  }, [core, text]);
  return found?.text === text ? found.threads : none;
}
