import { useFurther } from '../app/kept';
import { useHasDraft } from '../case/drafts';
import type { FoundIn } from '../core/core';
import { TopicNames } from '../parts/TopicName';
import { useWords } from '../words/words';
import { closed, dayOf, dueOf, lastAt, topicsOf, unread, waitsForMe, type Threads } from './sift';

interface CaseLineProps {
  readonly threads: Threads;
  readonly today: string;
  /** Where in its messages something was found, if it was looked for. */
  readonly found: FoundIn | undefined;
  readonly enter: (threads: Threads) => void;
}

export function CaseLine({ threads, today, found, enter }: CaseLineProps): React.JSX.Element {
  const { t, count, time } = useWords();
  const [main] = threads;
  const topics = topicsOf(threads);
  const fresh = unread(threads);
  const [further] = useFurther(main.case ?? main.thread);
  const draft = useHasDraft(threads) || further.text.trim() !== '';
  const age = (Date.parse(today) - Date.parse(dayOf(new Date(main.openedAt)))) / 86_400_000;
  return (
    <li>
      <button
        type="button"
        className={closed(threads) ? 'case-line done' : 'case-line'}
        onClick={() => {
          enter(threads);
        }}
      >
        <span className="topic">{topics.length === 0 ? t(main.seat === 'partner' ? 'side.centre' : `side.${main.side}`) : <TopicNames codes={topics} />}</span>
        <span className="with">{main.seat === 'centre' ? main.with : main.centre}</span>
        <span className="code" title={t('cases.code')}>
          {main.thread}
        </span>
        <span className="marks">
          {fresh > 0 && <span className="mark fresh">{count('cases.fresh', fresh)}</span>}
          {draft && <span className="mark">{t('cases.draft')}</span>}
          <Due day={dueOf(threads)} today={today} />
          <Waits threads={threads} />
          {main.urgency !== undefined && !closed(threads) && <Urgency code={main.urgency} />}
        </span>
        <span className="last">
          {`${count('cases.entries', threads.reduce((n, one) => n + one.entries, 0))}, ${time(lastAt(threads))} · ${age < 1 ? t('cases.age.today') : count('cases.age', age)}`}
        </span>
        {found !== undefined && <span className="found">{`… ${found.around} …`}</span>}
      </button>
    </li>
  );
}

function Due({ day, today }: { readonly day: string; readonly today: string }): React.JSX.Element | null {
  const words = useWords();
  if (day === '') {
    return null;
  }
  const late = day < today;
  return <span className={late ? 'mark late' : 'mark'}>{words.t(late ? 'cases.late' : 'cases.due', { day: words.day(day) })}</span>;
}

/** Who is to speak next, by the thread's own rules. */
function Waits({ threads }: { readonly threads: Threads }): React.JSX.Element {
  const { t } = useWords();
  const [main] = threads;
  if (closed(threads)) {
    return <span className="mark">{t('cases.closed')}</span>;
  }
  if (main.phase === 'resolved') {
    return <span className="mark">{t('cases.resolved')}</span>;
  }
  const mine = waitsForMe(threads);
  const who = main.turn === 'centre' || main.turn === 'inps' || main.turn === 'partner' ? main.turn : 'none';
  return <span className={mine ? 'mark mine' : 'mark'}>{t(mine ? 'cases.waits.me' : `cases.waits.${who}`)}</span>;
}

function Urgency({ code }: { readonly code: string }): React.JSX.Element | null {
  const { t } = useWords();
  return code === 'U1' || code === 'U2' || code === 'U3' ? <span className={`mark ${code}`}>{t(`urgency.${code}`)}</span> : null;
}
