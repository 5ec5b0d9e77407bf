import { Alert } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { Six } from './Six';

interface AcceptProps {
  readonly organisation: string;
  readonly person: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly done: () => void;
  readonly close: () => void;
}

/** Somebody whom this device knew has another card: nothing is sealed to it before its words were compared. */
export function Accept({ organisation, person, name, words, done, close }: AcceptProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [heard, setHeard] = useState(false);
  return (
    <Confirm
      title={t('network.accept.title', { name })}
      go={t('network.accept.go')}
      notYet={!heard}
      act={() => core.call('acceptCard', { organisation, person, words })}
      done={done}
      close={close}
    >
      <Alert color="warning">{t('network.accept.text', { name })}</Alert>
      <p>{t('network.compare.lead')}</p>
      <Six words={words} label={t('network.compare.now')} look="large" />
      <p className="mt-3">{t('network.compare.different')}</p>
      <div className="form-check sure">
        <input
          id="heard"
          type="checkbox"
          checked={heard}
          onChange={(e) => {
            setHeard(e.target.checked);
          }}
        />
        <label htmlFor="heard">{t('network.compare.heard')}</label>
      </div>
    </Confirm>
  );
}
