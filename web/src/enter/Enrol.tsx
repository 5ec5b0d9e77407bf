import './enter.css';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure, type Self } from '../core/core';
import { Busy } from '../parts/Busy';
import { ChoosePasskey } from './ChoosePasskey';
import { NewPhrase } from './NewPhrase';
import { usePasskeysMay } from './usePasskeys';

interface EnrolProps {
  readonly opened: (self: Self) => void;
  /** Her keys are lost, and new ones take their place. */
  readonly task?: 'unlock' | 'enrolAgain';
}

/** Words for the coordinator come last, in a room of their own. */
const steps = 4;

/** The first time: a passkey if she likes, a phrase that is written down, and keys behind both. */
export function Enrol({ opened, task = 'unlock' }: EnrolProps): React.JSX.Element {
  const { core, over } = useDesk();
  const may = usePasskeysMay();
  const [chosen, setChosen] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  if (may === undefined) {
    return <Busy say="app.starting" />;
  }
  if (!chosen) {
    return (
      <ChoosePasskey
        may={may}
        steps={steps}
        done={() => {
          setChosen(true);
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
      if (!over(why)) {
        setFailure(why);
      }
    });
  };
  return <NewPhrase first={2} steps={steps} working={working} failure={failure} done={make} />;
}
