import './writing.css';
import { Button } from 'design-react-kit';
import { useCallback, useRef, useState } from 'react';
import type { Telling } from '../core/core';
import { useDesk } from '../core/desk';
import { useWords } from '../words/words';
import { Dialog } from './Dialog';
import { Marked } from './Writing';

interface Asking {
  readonly text: string;
  readonly found: readonly Telling[];
  readonly answer: (send: boolean) => void;
}

interface SecondLook {
  /** Looks at a text that is about to be sent; resolves to whether it may be. */
  readonly look: (text: string) => Promise<boolean>;
  /** The question, while it is asked. */
  readonly question: React.JSX.Element | null;
}

/** Asks before a text is sent in which something was found. What she has confirmed is not asked again. */
export function useSecondLook(): SecondLook {
  const { core } = useDesk();
  const [asking, setAsking] = useState<Asking>();
  const confirmed = useRef('');
  const look = useCallback(
    async (text: string) => {
      const { found } = await core.call('look', { text });
      if (found.length === 0 || text === confirmed.current) {
        return true;
      }
      const send = await new Promise<boolean>((answer) => {
        setAsking({ text, found, answer });
      });
      setAsking(undefined);
      confirmed.current = send ? text : '';
      return send;
    },
    [core],
  );
  return { look, question: asking === undefined ? null : <Question asking={asking} /> };
}

function Question({ asking }: { readonly asking: Asking }): React.JSX.Element {
  const { t } = useWords();
  const { text, found, answer } = asking;
  const back = useCallback(() => {
    answer(false);
  }, [answer]);
  return (
    <Dialog title={t('look.title')} close={back}>
      <div className="second-look">
        <p>{t('look.lead')}</p>
        <ul>
          {found.map((one) => (
            <li key={one.from}>
              {t(one.kind === 'codice-fiscale' && !one.checked ? 'look.maybe' : `look.${one.kind}`)}
              {': '}
              <mark>{one.text}</mark>
            </li>
          ))}
        </ul>
        <blockquote>
          <Marked text={text} found={found} />
        </blockquote>
        <p>{t('look.why')}</p>
        <div className="actions">
          <Button color="primary" type="button" onClick={back}>
            {t('look.back')}
          </Button>
          <Button
            color="primary"
            outline
            type="button"
            onClick={() => {
              answer(true);
            }}
          >
            {t('look.send')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
