import { useState } from 'react';
import type { Passkey } from '../core/core';
import { useDesk } from '../core/desk';
import { forgotten } from '../core/passkey';
import { Confirm } from '../parts/Dialog';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

interface RemovePasskeyProps {
  readonly passkey: Passkey;
  readonly done: () => void;
  readonly close: () => void;
}

/** The phrase's lock is made anew with all the others, so she types the phrase. */
export function RemovePasskey({ passkey, done, close }: RemovePasskeyProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [phrase, setPhrase] = useState('');
  const remove = async (): Promise<void> => {
    await core.withPhrase('removePasskey', phrase, { passkey: passkey.lock });
    await forgotten(passkey.credential);
  };
  return (
    <Confirm
      title={t('profile.unlock.remove.title', { name: passkey.name })}
      go={t('profile.unlock.remove.go')}
      danger
      recent="form"
      notYet={phrase.trim() === ''}
      act={remove}
      done={done}
      close={close}
    >
      <p>{t('profile.unlock.remove.text')}</p>
      <Secret id="remove-phrase" label={t('unlock.phrase')} value={phrase} change={setPhrase} shown={false} />
    </Confirm>
  );
}
