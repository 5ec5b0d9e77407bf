import './orientation.css';
import '../parts/soon.css';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useIdle } from '../app/idle';
import type { Language } from '../words/speech';
import { Asking } from './Asking';
import { BesideSelect } from './BesideChoice';
import { bookIn, editionOn, wordsIn, type Beside } from './book';
import type { Carried } from './carried';
import type { Answers } from './evaluate';
import { useNarrow } from './narrow';
import { Result } from './Result';
import { BesideContext, useBeside } from './Said';
import { Start } from './Start';
import { choose, takeAway } from './steps';
import { talk, TalkContext, useTalk } from './talk';

interface OrientationProps {
  readonly language: Language;
  /** Where somebody is signed in who may open a case. */
  readonly carry?: (carried: Carried) => void;
}

interface Sitting {
  /** A question, or start, or result. */
  readonly at: string;
  readonly answers: Answers;
  readonly beside: Beside | undefined;
  readonly idle: boolean;
}

const anew: Sitting = { at: 'start', answers: {}, beside: undefined, idle: false };

/**
 * Orientamento: the anonymous questionnaire. What is answered is in this component's memory and
 * nowhere else; it is gone with the page, with ten minutes of nothing, and when the page is left
 * in a way that a browser could come back from.
 */
export function Orientation({ language, carry }: OrientationProps): React.JSX.Element {
  const speech = useMemo(() => talk(language), [language]);
  const [sitting, setSitting] = useState(anew);
  const single = useNarrow();
  const [today] = useState(() => new Date().toLocaleDateString('sv'));
  const { rules, standing } = useMemo(() => editionOn(today), [today]);
  const forget = useCallback(() => {
    setSitting({ ...anew, idle: true });
  }, []);
  const soon = useIdle(sitting.at !== 'start', forget);
  useEffect(() => {
    // All letters now: a browser fetches those of a language when it is first shown, which would tell it, and from
    // here on this room fetches nothing.
    document.fonts.forEach((face) => {
      face.load().catch(() => undefined); // without them the browser's own letters do
    });
  }, []);
  useEffect(() => {
    const hidden = (): void => {
      setSitting(anew);
    };
    addEventListener('pagehide', hidden);
    return () => {
      removeEventListener('pagehide', hidden);
    };
  }, []);
  const to = (at: Sitting['at']): void => {
    setSitting((before) => ({ ...before, at, idle: false }));
  };
  const { at, answers } = sitting;
  const beside = sitting.beside === language ? undefined : sitting.beside;
  const chooseBeside = (one: Beside | undefined): void => {
    setSitting((before) => ({ ...before, beside: one }));
  };
  const book = bookIn(language);
  return (
    <TalkContext.Provider value={speech}>
      <BesideContext.Provider value={beside === undefined ? undefined : wordsIn(beside)}>
        <div className="orientation">
          {carry === undefined && <Soon soon={soon} />}
          {at !== 'start' && <Head beside={beside} chooseBeside={chooseBeside} />}
          {at === 'start' && (
            <Start
              book={book}
              beside={beside}
              chooseBeside={chooseBeside}
              idle={sitting.idle}
              start={() => {
                to(rules.questions[0]?.id ?? 'result');
              }}
            />
          )}
          {at === 'result' && (
            <Result
              book={book}
              rules={rules}
              standing={standing}
              today={today}
              answers={answers}
              to={to}
              again={() => {
                setSitting(anew);
              }}
              carry={carry}
            />
          )}
          {at !== 'start' && at !== 'result' && (
            <Asking
              book={book}
              rules={rules}
              sheet={answers}
              single={single}
              at={at}
              to={to}
              choose={(question, option) => {
                setSitting((before) => ({ ...before, answers: choose(rules, before.answers, question, option) }));
              }}
              take={(question) => {
                setSitting((before) => ({ ...before, answers: takeAway(rules, before.answers, question) }));
              }}
            />
          )}
        </div>
      </BesideContext.Provider>
    </TalkContext.Provider>
  );
}

/** Says that the answers go in a minute. Whatever she does is enough. Around the other rooms the shell says it. */
function Soon({ soon }: { readonly soon: boolean }): React.JSX.Element {
  const { t } = useTalk();
  return (
    <div role="alert" className="soon">
      {soon && <p>{t('orientation.idle.soon')}</p>}
    </div>
  );
}

interface HeadProps {
  readonly beside: Beside | undefined;
  readonly chooseBeside: (beside: Beside | undefined) => void;
}

function Head({ beside, chooseBeside }: HeadProps): React.JSX.Element {
  const { t } = useTalk();
  const words = useBeside();
  return (
    <div className="orientation-head">
      <BesideSelect beside={beside} choose={chooseBeside} />
      {words?.machine === true && <span className="machine">{t('orientation.machine')}</span>}
    </div>
  );
}
