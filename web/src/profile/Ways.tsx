import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import type { Passkey } from '../core/core';
import { useAsked } from '../core/desk';
import { usePasskeysMay } from '../enter/usePasskeys';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';
import { AddPasskey } from './AddPasskey';
import { RemovePasskey } from './RemovePasskey';

interface WaysProps {
  readonly phraseChanged: boolean;
  readonly change: () => void;
}

/** What opens her keys. */
export function Ways({ phraseChanged, change }: WaysProps): React.JSX.Element {
  const { t, day } = useWords();
  const may = usePasskeysMay();
  const { asked, again } = useAsked('passkeys', {});
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  const before = asked.is === 'answered' ? asked.answer : asked.before;
  const passkeys = before?.passkeys ?? [];
  return (
    <section aria-labelledby="ways">
      <h2 id="ways">{t('profile.unlock')}</h2>
      <p>{t(passkeys.length > 0 ? 'profile.unlock.lead' : 'profile.unlock.none')}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      <div role="status">{phraseChanged && <Alert color="success">{t('profile.phrase.changed')}</Alert>}</div>
      <ul className="devices" aria-label={t('profile.unlock')}>
        {passkeys.map((one) => (
          <li key={one.lock}>
            <span className="name">{one.name}</span>
            <span className="when">{t('profile.unlock.added', { day: day(one.added) })}</span>
            <Button
              color="primary"
              outline
              size="xs"
              onClick={() => {
                setRemoving(one);
              }}
            >
              {t('profile.unlock.remove', { name: one.name })}
            </Button>
          </li>
        ))}
      </ul>
      {may === false && <p>{t('enrol.way.passkey.cannot')}</p>}
      {before?.mayAdd === false && <p>{t('profile.unlock.full')}</p>}
      <div className="actions">
        {may === true && before?.mayAdd === true && (
          <Button
            color="primary"
            onClick={() => {
              setAdding(true);
            }}
          >
            {t('profile.unlock.add')}
          </Button>
        )}
        <Button color="primary" outline onClick={change}>
          {t('profile.phrase.change')}
        </Button>
      </div>
      {adding && (
        <AddPasskey
          known={passkeys}
          done={() => {
            setAdding(false);
            again();
          }}
          close={() => {
            setAdding(false);
          }}
        />
      )}
      {removing !== undefined && (
        <RemovePasskey
          passkey={removing}
          done={() => {
            setRemoving(undefined);
            again();
          }}
          close={() => {
            setRemoving(undefined);
          }}
        />
      )}
    </section>
  );
}
