// An officer's reason: given once, with the reading that it is for. When it is over and something that
// she does needs another, she is asked in front of the room, where what she is writing stays.
import { createContext, useCallback, useContext, useRef, useState } from 'react';
import type { Conversation, ReasonCode } from '../core/core';
import { useDesk } from '../core/desk';
import { useVocabulary } from '../core/vocabulary';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';

interface ReasonsProps {
  readonly chosen: ReasonCode | undefined;
  readonly choose: (reason: ReasonCode) => void;
}

/** The reasons that there are. */
export function Reasons({ chosen, choose }: ReasonsProps): React.JSX.Element {
  const { language } = useWords();
  const reasons = useVocabulary()?.reasons ?? [];
  return (
    <>
      {reasons.map((reason) => (
        <div className="form-check" key={reason.code}>
          <input
            type="radio"
            name="reason"
            id={`reason-${reason.code}`}
            checked={chosen === reason.code}
            onChange={() => {
              choose(reason.code);
            }}
          />
          <label htmlFor={`reason-${reason.code}`}>{reason[language]}</label>
        </div>
      ))}
    </>
  );
}

/** Asks for a reason and reads with it; resolves to whether she has given one. */
export type Reopen = () => Promise<boolean>;

export const ReopenContext = createContext<Reopen>(() => Promise.resolve(false));

export function useReopening(): Reopen {
  return useContext(ReopenContext);
}

interface Reopening {
  readonly reopen: Reopen;
  /** The question, while it is asked. */
  readonly question: React.JSX.Element | null;
}

/** For the room of a thread; took hears what was read. */
export function useReason(thread: string, took: (conversation: Conversation) => void): Reopening {
  const [asking, setAsking] = useState(false);
  const waiting = useRef<((given: boolean) => void)[]>([]);
  const reopen = useCallback(
    () =>
      new Promise<boolean>((answer) => {
        waiting.current.push(answer);
        setAsking(true);
      }),
    [],
  );
  const end = useCallback((given: boolean) => {
    setAsking(false);
    waiting.current.splice(0).forEach((answer) => {
      answer(given);
    });
  }, []);
  return { reopen, question: asking ? <AskAgain thread={thread} took={took} end={end} /> : null };
}

interface AskAgainProps {
  readonly thread: string;
  readonly took: (conversation: Conversation) => void;
  readonly end: (given: boolean) => void;
}

function AskAgain({ thread, took, end }: AskAgainProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [chosen, setChosen] = useState<ReasonCode>();
  const act = async (): Promise<void> => {
    if (chosen !== undefined) {
      took(await core.call('read', { thread, reason: chosen }));
    }
  };
  return (
    <Confirm title={t('case.reason.again')} go={t('case.reason.go')} notYet={chosen === undefined} act={act} done={() => { end(true); }} close={() => { end(false); }}>
      <p>{t('case.reason.again.lead')}</p>
      <fieldset className="choosing">
        <legend>{t('case.reason.label')}</legend>
        <Reasons chosen={chosen} choose={setChosen} />
      </fieldset>
    </Confirm>
  );
}
