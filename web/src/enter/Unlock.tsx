import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure, type Me, type Self } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

interface UnlockProps {
  readonly me: Me;
  /** The page has locked itself. */
  readonly idle: boolean;
  readonly opened: (self: Self) => void;
}

export function Unlock({ me, idle, opened }: UnlockProps): React.JSX.Element {
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
    <section className="narrow">
      <Heading>{t(idle ? 'idle.title' : 'unlock.title')}</Heading>
      {idle && <Alert color="info">{t('idle.text')}</Alert>}
      <p className="lead">{t('unlock.lead')}</p>
      <form onSubmit={submit} autoComplete="off" aria-label={me.organisation}>
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
          <Button color="primary" type="submit" size="lg">
            {t('unlock.go')}
          </Button>
        )}
      </form>
      <p id="phrase-lost" className="small text-muted mt-4">
        {t('unlock.lost')}
      </p>
    </section>
  );
}
