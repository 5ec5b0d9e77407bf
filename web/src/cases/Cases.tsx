import { Button, Icon } from 'design-react-kit';
import { useWay } from '../app/go';
import { useAsked } from '../core/desk';
import type { Listed } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { TopicName } from '../parts/TopicName';
import { useWords } from '../words/words';

/** I miei casi: what a person may read, by case. */
export function Cases(): React.JSX.Element {
  const { t, count } = useWords();
  const { asked, again } = useAsked('cases', {});
  const list = asked.is === 'answered' ? asked.answer : asked.before;
  const cases = list === undefined ? undefined : byCase(list.threads);
  return (
    <section>
      <div className="room-head">
        <Heading>{t('cases.title')}</Heading>
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
      {cases !== undefined && cases.length > 0 && (
        <>
          <p role="status" className="text-muted">
            {count('cases.count', cases.length)}
          </p>
          <ul className="cases" aria-label={t('cases.list')}>
            {cases.map((threads) => (
              <CaseLine key={threads[0].thread} threads={threads} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

type Threads = readonly [Listed, ...Listed[]];

/** The threads of each case together, the one with INPS first. An officer sees each thread by itself. */
function byCase(threads: readonly Listed[]): readonly Threads[] {
  const found = new Map<string, [Listed, ...Listed[]]>();
  for (const one of threads) {
    const known = found.get(one.case ?? one.thread);
    if (known === undefined) {
      found.set(one.case ?? one.thread, [one]);
    } else {
      known.push(one);
    }
  }
  const order = { inps: 0, internal: 1, partner: 2 };
  return [...found.values()].map((all) => all.sort((a, b) => order[a.side] - order[b.side]));
}

function CaseLine({ threads }: { readonly threads: Threads }): React.JSX.Element {
  const { go } = useWay();
  const { t, count, time } = useWords();
  const [main] = threads;
  const latest = threads.reduce((a, b) => (a.lastAt > b.lastAt ? a : b));
  return (
    <li>
      <button
        type="button"
        className="case-line"
        onClick={() => {
          go({ at: 'case', threads });
        }}
      >
        <span className="topic">{main.topic === undefined ? t(`side.${main.side}`) : <TopicName code={main.topic} />}</span>
        <span className="with">{main.seat === 'centre' ? main.with : main.centre}</span>
        <span className="code" title={t('cases.code')}>
          {main.thread}
        </span>
        <span className="marks">
          <Waits thread={main} />
          {main.urgency !== undefined && <Urgency code={main.urgency} />}
        </span>
        <span className="last">
          {`${count('cases.entries', threads.reduce((n, one) => n + one.entries, 0))}, ${time(latest.lastAt)}`}
        </span>
      </button>
    </li>
  );
}

/** Who is to speak next: whoever has not spoken last. */
function Waits({ thread }: { readonly thread: Listed }): React.JSX.Element {
  const { t } = useWords();
  const centreSpoke = thread.lastSeat === 'centre';
  const who = thread.side === 'internal' ? 'none' : centreSpoke ? thread.side : 'centre';
  const mine = (thread.seat === 'centre') === (who === 'centre');
  return <span className={mine && who !== 'none' ? 'mark mine' : 'mark'}>{t(`cases.waits.${who}`)}</span>;
}

function Urgency({ code }: { readonly code: string }): React.JSX.Element | null {
  const { t } = useWords();
  return code === 'U1' || code === 'U2' || code === 'U3' ? <span className={`mark ${code}`}>{t(`urgency.${code}`)}</span> : null;
}
