import { Alert, Button, Icon } from 'design-react-kit';
import { useCallback, useState } from 'react';
import { useWay } from '../app/go';
import { topicsOf } from '../cases/sift';
import type { Listed, ReasonCode } from '../core/core';
import { Heading } from '../parts/Heading';
import { TopicNames, useTopicName } from '../parts/TopicName';
import { useWords } from '../words/words';
import { AskReason } from './AskReason';
import { Further } from './Further';
import { Thread } from './Thread';

interface CaseProps {
  /** Of one case; an officer has one. */
  readonly threads: readonly Listed[];
  /** It was opened just now, with this receipt. */
  readonly receipt?: string;
}

/** Caso: the threads of one case as tabs. */
export function Case({ threads: listed, receipt }: CaseProps): React.JSX.Element {
  const { back } = useWay();
  const { t } = useWords();
  const [at, setAt] = useState(0);
  const [opened, setOpened] = useState<readonly Listed[]>([]);
  const [opening, setOpening] = useState(false);
  const threads = [...listed, ...opened];
  const inside = threads.find((one) => one.side === 'internal' && one.seat === 'centre');
  const thread = threads[at] ?? threads[0];
  // One that has no topic, as the centre's own, is about all that the case is about.
  const topics = thread?.topic === undefined ? topicsOf(threads) : [thread.topic];
  return (
    <section>
      <Button color="link" className="back" onClick={back}>
        <Icon icon="it-arrow-left" color="primary" size="sm" aria-hidden />
        <span>{t('case.back')}</span>
      </Button>
      <Heading className="case-title">{topics.length === 0 ? thread?.thread : <TopicNames codes={topics} />}</Heading>
      {thread !== undefined && topics.length > 0 && (
        <p className="case-code">
          {t('cases.code')} <span className="code">{thread.thread}</span>
        </p>
      )}
      {receipt !== undefined && (
        <Alert color="success" role="status">
          {t('open.done', { number: receipt })}
        </Alert>
      )}
      {threads.length > 1 && <Tabs threads={threads} at={at} choose={setAt} />}
      {inside !== undefined && (
        <Button color="link" size="xs" className="further" type="button" onClick={() => { setOpening(true); }}>
          {t('further.new')}
        </Button>
      )}
      {opening && inside !== undefined && (
        <Further
          inside={inside}
          done={(begun) => {
            setOpening(false);
            setAt(threads.length);
            setOpened([...opened, ...begun.threads]);
          }}
          close={() => { setOpening(false); }}
        />
      )}
      {thread !== undefined && <Asking key={thread.thread} thread={thread} inside={inside} />}
    </section>
  );
}

interface TabsProps {
  readonly threads: readonly Listed[];
  readonly at: number;
  readonly choose: (at: number) => void;
}

function Tabs({ threads, at, choose }: TabsProps): React.JSX.Element {
  const { t } = useWords();
  const label = useLabels(threads);
  return (
    <div className="tabs" role="group" aria-label={t('case.threads')}>
      {threads.map((one, i) => (
        <button
          key={one.thread}
          type="button"
          aria-pressed={i === at}
          onClick={() => {
            choose(i);
          }}
        >
          {label(one)}
        </button>
      ))}
    </div>
  );
}

/** With whom; and about what, and since when, where that alone would not tell one from another: what she writes must not go to the wrong one. */
function useLabels(threads: readonly Listed[]): (thread: Listed) => string {
  const { t, time } = useWords();
  const topic = useTopicName();
  return (thread) => {
    if (thread.side === 'internal') {
      return t('side.internal');
    }
    const same = threads.filter((one) => one.side === thread.side && one.with === thread.with);
    const about = same.length > 1 && thread.topic !== undefined ? [topic(thread.topic)] : [];
    const since = same.filter((one) => one.topic === thread.topic).length > 1 ? [time(thread.openedAt)] : [];
    return [thread.with, ...about, ...since].join(', ');
  };
}

interface AskingProps {
  readonly thread: Listed;
  readonly inside: Listed | undefined;
}

/** An officer says why before a thread is opened. She can leave it without. */
function Asking({ thread, inside }: AskingProps): React.JSX.Element {
  const officer = thread.seat === 'holder' || thread.seat === 'substitute';
  const [reason, setReason] = useState<ReasonCode>();
  const askAgain = useCallback(() => {
    setReason(undefined);
  }, []);
  if (officer && reason === undefined) {
    return <AskReason give={setReason} thread={thread.thread} />;
  }
  return <Thread thread={thread} inside={inside} reason={reason} askReason={askAgain} />;
}
