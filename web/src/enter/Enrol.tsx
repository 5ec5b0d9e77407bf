import { Button } from 'design-react-kit';
import { useEffect, useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure, type Self } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

const steps = 3;

/** The first time: a phrase is drawn and written down, and keys are made behind it. */
export function Enrol({ opened }: { readonly opened: (self: Self) => void }): React.JSX.Element {
  const { core, over } = useDesk();
  const [phrase, setPhrase] = useState<string>();
  const [written, setWritten] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const stop = new AbortController();
    core.call('newPhrase', {}, { signal: stop.signal }).then(
      (answer) => {
        setPhrase(answer.phrase);
      },
      (err: unknown) => {
        if (!stop.signal.aborted) {
          setFailure(failureOf(err));
        }
      },
    );
    return () => {
      stop.abort();
    };
  }, [core]);
  if (phrase === undefined) {
    return failure === undefined ? <Busy say="app.starting" /> : <FailureNotice failure={failure} />;
  }
  if (!written) {
    return (
      <ShowPhrase
        phrase={phrase}
        written={() => {
          setWritten(true);
        }}
      />
    );
  }
  const make = (): void => {
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
    <CheckPhrase
      phrase={phrase}
      working={working}
      failure={failure}
      back={() => {
        setWritten(false);
      }}
      done={make}
    />
  );
}

/** One spelling of a phrase, to compare: the core takes more of them. */
function plain(phrase: string): string {
  return phrase.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase().split(/[\s\p{Pd}]+/u).filter(Boolean).join('-');
}

function ShowPhrase({ phrase, written }: { readonly phrase: string; readonly written: () => void }): React.JSX.Element {
  const { t } = useWords();
  return (
    <section className="narrow">
      <p className="step">{t('enrol.step', { step: 1, steps })}</p>
      <Heading>{t('enrol.phrase.title')}</Heading>
      <p className="lead no-print">{t('enrol.phrase.lead')}</p>
      <ol className="phrase sheet" aria-label={t('enrol.phrase.title')}>
        {phrase.split('-').map((word, i) => (
          <li key={i}>{word}</li>
        ))}
      </ol>
      <p className="print-only">{t('enrol.phrase.sheet')}</p>
      <p className="no-print">{t('enrol.phrase.paper')}</p>
      <div className="actions no-print">
        <Button color="primary" size="lg" onClick={written}>
          {t('enrol.phrase.written')}
        </Button>
        <Button
          color="primary"
          outline
          onClick={() => {
            print();
          }}
        >
          {t('enrol.phrase.print')}
        </Button>
      </div>
    </section>
  );
}

interface CheckPhraseProps {
  readonly phrase: string;
  readonly working: boolean;
  readonly failure: Failure | undefined;
  readonly back: () => void;
  readonly done: () => void;
}

function CheckPhrase({ phrase, working, failure, back, done }: CheckPhraseProps): React.JSX.Element {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [different, setDifferent] = useState(false);
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    const same = plain(typed) === phrase;
    setDifferent(!same);
    if (same && !working) {
      done();
    }
  };
  return (
    <section className="narrow">
      <p className="step">{t('enrol.step', { step: 2, steps })}</p>
      <Heading>{t('enrol.check.title')}</Heading>
      <p className="lead">{t('enrol.check.lead')}</p>
      <form onSubmit={submit} autoComplete="off">
        <Secret id="again" label={t('unlock.phrase')} value={typed} change={setTyped} shown invalid={different} />
        {different && (
          <p role="alert" className="text-danger">
            {t('enrol.check.different')}
          </p>
        )}
        {failure !== undefined && <FailureNotice failure={failure} />}
        {working ? (
          <Busy say="enrol.working" />
        ) : (
          <div className="actions">
            <Button color="primary" type="submit" size="lg">
              {t('enrol.check.go')}
            </Button>
            <Button color="primary" outline type="button" onClick={back}>
              {t('enrol.back')}
            </Button>
          </div>
        )}
      </form>
    </section>
  );
}
