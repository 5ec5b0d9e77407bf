import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { makePasskey } from '../core/passkey';
import { Busy } from '../parts/Busy';
import { Heading } from '../parts/Heading';
import { passkeyFailure, PasskeyNotice, type PasskeyFailure } from '../parts/PasskeyNotice';
import { useWords } from '../words/words';

interface ChoosePasskeyProps {
  /** This browser may have passkeys. */
  readonly may: boolean;
  readonly steps: number;
  /** With the id of the passkey, if she has made one. */
  readonly done: (passkey?: string) => void;
}

/** The first step of enrolling: a passkey, or the phrase alone. */
export function ChoosePasskey({ may, steps, done }: ChoosePasskeyProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<PasskeyFailure>();
  const make = (): void => {
    setWorking(true);
    setFailed(undefined);
    makePasskey(core, t('passkey.name.default'), []).then(done, (err: unknown) => {
      setWorking(false);
      setFailed(passkeyFailure(err));
    });
  };
  return (
    <section className="narrow">
      <p className="step">{t('enrol.step', { step: 1, steps })}</p>
      <Heading>{t('enrol.way.title')}</Heading>
      <p className="lead">{t('enrol.way.lead')}</p>
      {failed !== undefined && <PasskeyNotice failed={failed} />}
      {working ? (
        <Busy say="passkey.working" />
      ) : (
        <div className="ways">
          <div className="way">
            <h2>{t('enrol.way.passkey')}</h2>
            <p>{t(may ? 'enrol.way.passkey.text' : 'enrol.way.passkey.cannot')}</p>
            {may && (
              <Button color="primary" size="lg" onClick={make}>
                {t('enrol.way.passkey.go')}
              </Button>
            )}
          </div>
          <div className="way">
            <h2>{t('enrol.way.phrase')}</h2>
            <p>{t('enrol.way.phrase.text')}</p>
            <Button color="primary" outline={may && failed === undefined} onClick={() => { done(); }}>
              {t('enrol.way.phrase.go')}
            </Button>
          </div>
        </div>
      )}
      <p className="small text-muted">{t('enrol.way.shared')}</p>
    </section>
  );
}
