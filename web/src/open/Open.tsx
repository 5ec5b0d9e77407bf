import './open.css';
import { Button, Icon } from 'design-react-kit';
import { useCallback, useState } from 'react';
import { useWay, type Carried } from '../app/go';
import { useAsked } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { begin, type Draft } from './draft';
import { People } from './People';
import { Question } from './Question';
import { Topics } from './Topics';

interface OpenProps {
  /** What she carries over from Orientamento, by her own act. */
  readonly carried?: Carried;
}

const steps = ['topic', 'people', 'question'] as const;
type Step = (typeof steps)[number];

/** Nuovo caso: three steps, and nobody's data. */
export function Open({ carried }: OpenProps): React.JSX.Element {
  const { t } = useWords();
  const { back } = useWay();
  const { asked, again } = useAsked('choices', {});
  const [draft, setDraft] = useState<Draft>(() => begin(carried));
  const [step, setStep] = useState<Step>('topic');
  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
  }, []);
  const choices = asked.is === 'answered' ? asked.answer : asked.before;
  const go = (to: Step) => (): void => {
    setStep(to);
  };
  return (
    <section className="opening">
      <Button color="link" className="back" onClick={back}>
        <Icon icon="it-arrow-left" color="primary" size="sm" aria-hidden />
        <span>{t('open.leave')}</span>
      </Button>
      <p className="step">{t('open.step', { n: steps.indexOf(step) + 1, of: steps.length })}</p>
      <Heading key={step}>{t(`open.${step}.title`)}</Heading>
      <p className="lead">{t(`open.${step}.lead`)}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {step === 'topic' && <Topics draft={draft} proposed={carried?.topics ?? []} change={change} next={go('people')} />}
      {step !== 'topic' && choices === undefined && asked.is === 'asking' && <Busy say="open.loading" />}
      {step === 'people' && choices !== undefined && (
        <People draft={draft} choices={choices} change={change} previous={go('topic')} next={go('question')} />
      )}
      {step === 'question' && choices !== undefined && (
        <Question draft={draft} choices={choices} change={change} previous={go('people')} />
      )}
    </section>
  );
}
