import { Button } from 'design-react-kit';
import { useState } from 'react';
import { failureOf, type Failure } from '../core/core';
import { useDesk } from '../core/desk';
import { NewPhrase } from '../enter/NewPhrase';
import { SignInFirst, useRecent } from '../parts/Recent';
import { Busy } from '../parts/Busy';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

interface ChangePhraseProps {
  readonly done: () => void;
  readonly back: () => void;
}

const steps = 2;

/** Another phrase is drawn, and the keys are put behind it. */
export function ChangePhrase({ done, back }: ChangePhraseProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const recent = useRecent('long');
  const [going, setGoing] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const change = (phrase: string): void => {
    setWorking(true);
    setFailure(undefined);
    core.withPhrase('changePhrase', phrase, {}).then(done, (err: unknown) => {
      const why = failureOf(err);
      setWorking(false);
      if (!over(why)) {
        setFailure(why);
      }
    });
  };
  if (going) {
    return <NewPhrase first={1} steps={steps} working={working} failure={failure} done={change} />;
  }
  return (
    <section className="narrow">
      <Heading>{t('profile.phrase.change')}</Heading>
      <p className="lead">{t('profile.phrase.change.text')}</p>
      {recent === undefined && <Busy say="app.starting" />}
      {recent === false && <SignInFirst back={back} />}
      {recent === true && (
        <div className="actions">
          <Button
            color="primary"
            onClick={() => {
              setGoing(true);
            }}
          >
            {t('profile.phrase.change')}
          </Button>
          <Button color="primary" outline onClick={back}>
            {t('enrol.back')}
          </Button>
        </div>
      )}
    </section>
  );
}
