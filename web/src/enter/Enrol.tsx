import './enter.css';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure, type Self } from '../core/core';
import { forgotten } from '../core/passkey';
import { Busy } from '../parts/Busy';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { ChoosePasskey } from './ChoosePasskey';
import { NewPhrase } from './NewPhrase';
import { SignInFirst, useRecent } from '../parts/Recent';
import { usePasskeysMay } from './usePasskeys';

interface EnrolProps {
  readonly opened: (self: Self) => void;
  /** Her keys are lost, and new ones take their place. */
  readonly task?: 'unlock' | 'enrolAgain';
  readonly back?: () => void;
}

/** Words for the coordinator come last, in a room of their own. */
const steps = 4;

/** The first time: a passkey if she likes, a phrase that is written down, and keys behind both. */
export function Enrol({ opened, task = 'unlock', back }: EnrolProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const may = usePasskeysMay();
  const recent = useRecent('long');
  const [chosen, setChosen] = useState<{ readonly passkey: string | undefined }>();
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  if (may === undefined || recent === undefined) {
    return <Busy say="app.starting" />;
  }
  if (!recent) {
    return (
      <section className="narrow">
        <Heading>{t('fresh.title')}</Heading>
        <SignInFirst {...(back === undefined ? {} : { back })} />
      </section>
    );
  }
  if (chosen === undefined) {
    return (
      <ChoosePasskey
        may={may}
        steps={steps}
        done={(passkey) => {
          setChosen({ passkey });
        }}
      />
    );
  }
  const make = (phrase: string): void => {
    setWorking(true);
    setFailure(undefined);
    core.withPhrase(task, phrase, {}).then(opened, (err: unknown) => {
      const why = failureOf(err);
      setWorking(false);
      if (why.key === 'fresh' && chosen.passkey !== undefined) {
        void forgotten(chosen.passkey); // it was kept for keys that are not made
      }
      if (!over(why)) {
        setFailure(why);
      }
    });
  };
  return <NewPhrase first={2} steps={steps} working={working} failure={failure} done={make} />;
}
