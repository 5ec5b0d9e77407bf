import { Alert } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { Heard } from './Heard';
import { Six } from './Six';

interface AcceptProps {
  readonly organisation: string;
  readonly person: string;
  readonly name: string;
  readonly words: readonly string[];
  /** Those of the card by which she was known, and since when there is another; where it is known. */
  readonly before?: readonly string[];
  readonly issued?: string;
  readonly done: () => void;
  readonly close: () => void;
}

/** Somebody whom this device knew has another card: nothing is sealed to it before its words were compared. */
export function Accept({ organisation, person, name, words, before, issued, done, close }: AcceptProps): React.JSX.Element {
  const { t, day } = useWords();
  const { core } = useDesk();
  const [heard, setHeard] = useState(false);
  return (
    <Confirm
      title={t('network.accept.title', { name })}
      go={t('network.accept.go')}
      notYet={!heard}
      wide={before !== undefined}
      act={() => core.call('acceptCard', { organisation, person, words })}
      done={done}
      close={close}
    >
      <Alert color="warning">{t('network.accept.text', { name })}</Alert>
      {issued !== undefined && <p>{t('network.accept.since', { day: day(issued) })}</p>}
      <p>{t('network.compare.lead')}</p>
      <div className="side-by-side">
        {before !== undefined && (
          <div>
            <h3>{t('network.compare.before')}</h3>
            <Six words={before} label={t('network.compare.before')} look="large old" />
          </div>
        )}
        <div>
          <h3>{t('network.compare.now')}</h3>
          <Six words={words} label={t('network.compare.now')} look="large" />
        </div>
      </div>
      <p className="mt-3">{t('network.accept.different')}</p>
      <Heard heard={heard} say={setHeard} />
    </Confirm>
  );
}
