import { Button } from 'design-react-kit';
import { useEffect, useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Paper } from '../parts/Paper';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

interface NewPhraseProps {
  /** Which step showing it is, and of how many. */
  readonly first: number;
  readonly steps: number;
  readonly working: boolean;
  readonly failure: Failure | undefined;
  /** She has it on paper. */
  readonly done: (phrase: string) => void;
}

/** A phrase is drawn, written down, and typed from the paper. */
export function NewPhrase({ first, steps, working, failure, done }: NewPhraseProps): React.JSX.Element {
  const { core } = useDesk();
  const [phrase, setPhrase] = useState<string>();
  const [written, setWritten] = useState(false);
  const [undrawn, setUndrawn] = useState<Failure>();
  useEffect(() => {
    const stop = new AbortController();
    core.call('newPhrase', {}, { signal: stop.signal }).then(
      (answer) => {
        setPhrase(answer.phrase);
      },
      (err: unknown) => {
        if (!stop.signal.aborted) {
          setUndrawn(failureOf(err));
        }
      },
    );
    return () => {
      stop.abort();
    };
  }, [core]);
  if (phrase === undefined) {
    return undrawn === undefined ? <Busy say="app.starting" /> : <FailureNotice failure={undrawn} />;
  }
  if (!written) {
    return (
      <ShowPhrase
        phrase={phrase}
        step={first}
        steps={steps}
        written={() => {
          setWritten(true);
        }}
      />
    );
  }
  return (
    <CheckPhrase
      phrase={phrase}
      step={first + 1}
      steps={steps}
      working={working}
      failure={failure}
      back={() => {
        setWritten(false);
      }}
      done={() => {
        done(phrase);
      }}
    />
  );
}

/** One spelling of a phrase, to compare: the core takes more of them. */
function plain(phrase: string): string {
  return phrase.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase().split(/[\s\p{Pd}]+/u).filter(Boolean).join('-');
}

interface ShowPhraseProps {
  readonly phrase: string;
  readonly step: number;
  readonly steps: number;
  readonly written: () => void;
}

function ShowPhrase({ phrase, step, steps, written }: ShowPhraseProps): React.JSX.Element {
  const { t } = useWords();
  const words = phrase.split('-');
  return (
    <section className="narrow">
      <p className="step">{t('enrol.step', { step, steps })}</p>
      <Heading>{t('enrol.phrase.title')}</Heading>
      <p className="lead">{t('enrol.phrase.lead')}</p>
      <ol className="phrase" aria-label={t('enrol.phrase.title')}>
        {words.map((word, i) => (
          <li key={i}>{word}</li>
        ))}
      </ol>
      <p>{t('enrol.phrase.paper')}</p>
      <div className="actions">
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
      <p className="small text-muted mt-3">{t('enrol.phrase.printer')}</p>
      <Paper>
        <h1>{t('sheet.title')}</h1>
        <p>{t('sheet.words')}</p>
        <ol className="lines">
          {words.map((word, i) => (
            <li key={i}>{word}</li>
          ))}
        </ol>
        <p>{t('sheet.use')}</p>
        <p>{t('sheet.keep')}</p>
        <p>
          {t('sheet.day')}
          <span className="blank" />
          {t('sheet.place')}
          <span className="blank" />
        </p>
      </Paper>
    </section>
  );
}

interface CheckPhraseProps {
  readonly phrase: string;
  readonly step: number;
  readonly steps: number;
  readonly working: boolean;
  readonly failure: Failure | undefined;
  readonly back: () => void;
  readonly done: () => void;
}

function CheckPhrase({ phrase, step, steps, working, failure, back, done }: CheckPhraseProps): React.JSX.Element {
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
      <p className="step">{t('enrol.step', { step, steps })}</p>
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
        {failure?.key === 'fresh' && (
          <p role="alert" className="text-danger">
            {t('enrol.check.void')}
          </p>
        )}
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
