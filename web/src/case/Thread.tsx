import './case.css';
import { Alert, Button } from 'design-react-kit';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useAsked, useDesk } from '../core/desk';
import { useNews, useSeen } from '../core/news';
import { failureOf, type Conversation, type Failure, type Glimpse, type Listed, type ReadThread, type ReasonCode, type Readings } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';
import { Composer } from './Composer';
import { Knows } from './Knows';
import { ReopenContext, useReason, type Reopen } from './reason';
import { Timeline } from './Timeline';

interface ThreadProps {
  readonly thread: Listed;
  /** The centre's own thread of the case, where she has one. */
  readonly inside: Listed | undefined;
  readonly reason: ReasonCode | undefined;
  /** The reason is over: another must be given. */
  readonly askReason: () => void;
}

/** One conversation: what was said, who has read it, and a place to answer. */
export function Thread({ thread, inside, reason, askReason }: ThreadProps): React.JSX.Element {
  const { t } = useWords();
  const [far, setFar] = useState<readonly [number, number]>();
  const progress = useCallback((done: number, total: number) => {
    setFar([done, total]);
  }, []);
  // Each reading of an officer is recorded with her reason, so she reads when she asks to.
  const officer = thread.seat === 'holder' || thread.seat === 'substitute';
  const news = useNews(thread.thread);
  const params = useMemo(() => (reason === undefined ? { thread: thread.thread } : { thread: thread.thread, reason }), [thread.thread, reason]);
  const end = useGlimpse(params, thread.entries >= longThread); // before the whole is asked for: calls wait for each other
  const { asked, again } = useAsked('read', params, { progress, news: officer ? 0 : news });
  const [said, setSaid] = useState<Conversation>();
  const [late, setLate] = useState<Failure>();
  const took = useCallback((conversation: Conversation) => {
    setSaid(conversation);
    setLate(undefined);
  }, []);
  const { reopen, question } = useReason(thread.thread, took);
  const readOn = useReadOn(thread.thread, took, setLate, reopen);
  const failed = asked.is === 'failed' ? asked.failure : undefined;
  useEffect(() => {
    if (failed?.key === 'reason') {
      askReason();
    }
  }, [failed, askReason]);
  // What was posted here is newer than what was read before.
  const read = asked.is === 'answered' ? asked.answer : asked.before;
  const shown = said !== undefined && (read === undefined || said.entries.length >= read.entries.length) ? said : read;
  const more = shown !== undefined && news > shown.entries.length;
  useSeen(thread.thread, shown !== undefined && !more);
  const readers = useReadings(thread, shown?.entries.length ?? 0);
  if (shown === undefined) {
    return failed === undefined ? (
      <>
        <Busy say="case.loading" {...(far === undefined ? {} : { done: far[0], total: far[1] })} />
        {end !== undefined && <End glimpse={end} />}
      </>
    ) : (
      <FailureNotice failure={failed} again={again} />
    );
  }
  const failure = late ?? failed;
  const readAgain = officer ? readOn : again;
  return (
    <ReopenContext.Provider value={reopen}>
      {question}
      <div className="thread">
        <div className="talk">
          {failure !== undefined && <FailureNotice failure={failure} again={readAgain} />}
          {officer && more && (
            <Button color="primary" outline size="sm" onClick={readOn}>
              {t('case.readNews')}
            </Button>
          )}
          <DoubtNotice conversation={shown} again={readAgain} />
          <DueLine conversation={shown} />
          <Timeline thread={shown.thread} entries={shown.entries} readings={readers.readings} />
          {readers.failed && <ReadersUnknown again={readers.again} />}
          <ProvenLine conversation={shown} />
          <Composer conversation={shown} posted={took} again={readAgain} />
        </div>
        <Knows conversation={shown} inside={inside} changed={took} />
      </div>
    </ReopenContext.Provider>
  );
}

/** An officer reads what has come by the reason that she has given; when it is over, she is asked for another. */
function useReadOn(thread: string, took: (conversation: Conversation) => void, failed: (failure: Failure) => void, reopen: Reopen): () => void {
  const { core, over } = useDesk();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round === 0) {
      return;
    }
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      try {
        took(await core.call('read', { thread }, { signal: stop.signal }));
      } catch (err) {
        const why = failureOf(err);
        const elsewhere = stop.signal.aborted || over(why);
        if (!elsewhere && !(why.key === 'reason' && (await reopen()))) {
          failed(why);
        }
      }
    };
    void read();
    return () => {
      stop.abort();
    };
  }, [core, over, thread, took, failed, reopen, round]);
  return useCallback(() => {
    setRound((n) => n + 1);
  }, []);
}

/** From how many entries on the end of a thread is shown before the whole is verified. */
const longThread = 100;

/** The end of a long thread, until the whole was read or refused. What goes wrong here is told by the reading of the whole. */
function useGlimpse(params: ReadThread, long: boolean): Glimpse | undefined {
  const { core } = useDesk();
  const [glimpse, setGlimpse] = useState<Glimpse>();
  useEffect(() => {
    if (!long) {
      return;
    }
    const stop = new AbortController();
    core.call('glimpse', params, { signal: stop.signal }).then(setGlimpse, () => undefined);
    return () => {
      stop.abort();
    };
  }, [core, params, long]);
  return glimpse === undefined || glimpse.entries.length === 0 ? undefined : glimpse;
}

/** What was said last, while it is being verified: to be read, and nothing more. */
function End({ glimpse }: { readonly glimpse: Glimpse }): React.JSX.Element {
  const { t, count } = useWords();
  return (
    <div className="thread">
      <div className="talk">
        <Alert color="warning">
          <p className="mb-0">{t('case.verifying')}</p>
          <p className="small mb-0">{count('case.verifying.earlier', glimpse.earlier)}</p>
        </Alert>
        <Timeline thread={glimpse.thread} entries={glimpse.entries} readings={undefined} unverified />
      </div>
    </div>
  );
}

/** What should be proven by now is not: something newer may be kept back. She can read, and is told what to do. */
function DoubtNotice({ conversation, again }: { readonly conversation: Conversation; readonly again: () => void }): React.JSX.Element | null {
  const { t, time } = useWords();
  const { doubt, lastProof } = conversation;
  if (doubt === undefined) {
    return null;
  }
  return (
    <Alert color="danger">
      <p className="fw-semibold">{t(`case.doubt.${doubt}`, { time: lastProof === undefined ? '' : time(lastProof) })}</p>
      <p>{t('case.doubt.why')}</p>
      <p className="mb-0">{t('case.doubt.do')}</p>
      <Button color="primary" outline size="sm" className="mt-3" onClick={again}>
        {t('case.doubt.again')}
      </Button>
    </Alert>
  );
}

/** Up to when it is proven that nobody keeps back the newest entries. */
function ProvenLine({ conversation }: { readonly conversation: Conversation }): React.JSX.Element | null {
  const { t, time } = useWords();
  const { provenAt, witnessed, doubt } = conversation;
  if (doubt !== undefined) {
    return null;
  }
  return (
    <p className="small text-muted">
      {provenAt === undefined ? t('case.unproven') : t(witnessed ? 'case.proven.witnessed' : 'case.proven', { time: time(provenAt) })}
    </p>
  );
}

/** By which working day an answer is due, where one is. */
function DueLine({ conversation }: { readonly conversation: Conversation }): React.JSX.Element | null {
  const { t, day } = useWords();
  if (conversation.dueAt === undefined || (conversation.waiting !== 'inps' && conversation.waiting !== 'centre')) {
    return null;
  }
  return <p className="due-line">{t(`talk.due.${conversation.waiting}`, { day: day(conversation.dueAt) })}</p>;
}

interface Readers {
  /** The last that were had. */
  readonly readings: Readings | undefined;
  readonly failed: boolean;
  readonly again: () => void;
}

/** Who has read, for the side of the centre; asked for again when there is something new. */
function useReadings(thread: Listed, entries: number): Readers {
  const { core, over } = useDesk();
  const [{ readings, failed }, set] = useState<Omit<Readers, 'again'>>({ readings: undefined, failed: false });
  const [round, setRound] = useState(0);
  const asks = thread.seat === 'centre' && entries > 0;
  useEffect(() => {
    if (!asks) {
      return;
    }
    const stop = new AbortController();
    core.call('readings', { thread: thread.thread }, { signal: stop.signal }).then(
      (answer) => {
        set({ readings: answer, failed: false });
      },
      (err: unknown) => {
        if (!stop.signal.aborted && !over(failureOf(err))) {
          set((before) => ({ ...before, failed: true }));
        }
      },
    );
    return () => {
      stop.abort();
    };
  }, [core, over, asks, thread.thread, entries, round]);
  const again = useCallback(() => {
    setRound((n) => n + 1);
  }, []);
  return { readings, failed, again };
}

/** That nobody is named as a reader must not look as if nobody had read. */
function ReadersUnknown({ again }: { readonly again: () => void }): React.JSX.Element {
  const { t } = useWords();
  return (
    <Alert color="warning">
      <p className="mb-0">{t('case.readers.unknown')}</p>
      <Button color="primary" outline size="sm" className="mt-3" onClick={again}>
        {t('cases.reload')}
      </Button>
    </Alert>
  );
}
