import { Alert, Button, Icon } from 'design-react-kit';
import { useCallback, useState } from 'react';
import { useWay } from '../app/go';
import type { Listed, ReasonCode } from '../core/core';
import { Heading } from '../parts/Heading';
import { TopicName } from '../parts/TopicName';
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
  const topic = threads.find((one) => one.topic !== undefined)?.topic;
  return (
    <section>
      <Button color="link" className="back" onClick={back}>
        <Icon icon="it-arrow-left" color="primary" size="sm" aria-hidden />
        <span>{t('case.back')}</span>
      </Button>
      <Heading className="case-title">{topic === undefined ? thread?.thread : <TopicName code={topic} />}</Heading>
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
          {one.side === 'internal' ? t('side.internal') : one.with}
        </button>
      ))}
    </div>
  );
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
