import './enter.css';
import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure, type PasskeyLock, type Self } from '../core/core';
import { unlockWithPasskey } from '../core/passkey';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { passkeyFailure, PasskeyNotice, type PasskeyFailure } from '../parts/PasskeyNotice';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';
import { EnrolAgain } from './EnrolAgain';
import { PutBack } from './PutBack';
import { usePasskeyLocks } from './usePasskeys';

interface UnlockProps {
  /** The page has locked itself. */
  readonly idle: boolean;
  readonly opened: (self: Self) => void;
}

/** Unlocking: by passkey first where she has one, by the phrase always. */
export function Unlock({ idle, opened }: UnlockProps): React.JSX.Element {
  const { t } = useWords();
  const { locks: passkeys, barred } = usePasskeyLocks();
  const [lost, setLost] = useState(false);
  if (lost) {
    return (
      <EnrolAgain
        opened={opened}
        back={() => {
          setLost(false);
        }}
      />
    );
  }
  const has = passkeys !== undefined && passkeys.length > 0;
  return (
    <section className="narrow">
      <Heading>{t(idle ? 'idle.title' : 'unlock.title')}</Heading>
      {idle && <Alert color="info">{t('idle.text')}</Alert>}
      <PutBack opened={opened} />
      {barred && <Alert color="warning">{t('unlock.passkey.barred', { address: location.origin })}</Alert>}
      {has && <ByPasskey locks={passkeys} opened={opened} />}
      {has ? <h2 className="or">{t('unlock.or')}</h2> : <p className="lead">{t('unlock.lead')}</p>}
      <ByPhrase opened={opened} second={has} />
      <p id="phrase-lost" className="small text-muted mt-4">
        {t('unlock.lost')}{' '}
        <button
          type="button"
          className="link"
          onClick={() => {
            setLost(true);
          }}
        >
          {t('unlock.lost.go')}
        </button>
      </p>
    </section>
  );
}

function ByPasskey({ locks, opened }: { readonly locks: readonly PasskeyLock[]; readonly opened: (self: Self) => void }): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<PasskeyFailure>();
  const unlock = (): void => {
    setWorking(true);
    setFailed(undefined);
    unlockWithPasskey(core, locks).then(opened, (err: unknown) => {
      const why = passkeyFailure(err);
      setWorking(false);
      if (!('failure' in why && over(why.failure))) {
        setFailed(why);
      }
    });
  };
  return (
    <>
      <p className="lead">{t('unlock.passkey.lead')}</p>
      {failed !== undefined && <PasskeyNotice failed={failed} />}
      {working ? (
        <Busy say="unlock.passkey.working" />
      ) : (
        <Button color="primary" size="lg" onClick={unlock}>
          {t('unlock.passkey.go')}
        </Button>
      )}
    </>
  );
}

interface ByPhraseProps {
  readonly opened: (self: Self) => void;
  /** There is another way, which comes first. */
  readonly second: boolean;
}

function ByPhrase({ opened, second }: ByPhraseProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const [phrase, setPhrase] = useState('');
  const [shown, setShown] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (working || phrase.trim() === '') {
      return;
    }
    setWorking(true);
    setFailure(undefined);
    core.unlock(phrase).then(opened, (err: unknown) => {
      const why = failureOf(err);
      setWorking(false);
      if (!over(why)) {
        setFailure(why);
      }
    });
  };
  return (
    <form onSubmit={submit} autoComplete="off" aria-label={t('unlock.phrase.go')}>
      <Secret
        id="phrase"
        label={t('unlock.phrase')}
        value={phrase}
        change={setPhrase}
        shown={shown}
        invalid={failure?.key === 'phrase' || failure?.key === 'word'}
        describedBy="phrase-lost"
      />
      <div className="form-check my-3">
        <input
          id="show"
          type="checkbox"
          checked={shown}
          onChange={(e) => {
            setShown(e.target.checked);
          }}
        />
        <label htmlFor="show">{t('unlock.show')}</label>
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {working ? (
        <Busy say="unlock.working" />
      ) : (
        <Button color="primary" type="submit" size="lg" outline={second}>
          {t(second ? 'unlock.phrase.go' : 'unlock.go')}
        </Button>
      )}
    </form>
  );
}
