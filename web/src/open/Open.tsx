import './open.css';
import { Button, Icon } from 'design-react-kit';
import { useCallback, useState } from 'react';
import { useWay } from '../app/go';
import { useCards, useOpening } from '../app/kept';
import { useAsked } from '../core/desk';
import { Busy } from '../parts/Busy';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { nothingOpened, steps, written, type Draft, type Step } from './draft';
import { People } from './People';
import { Question } from './Question';
import { Topics } from './Topics';

/** Nuovo caso: three steps, and nobody's data. What she has begun waits here until it is opened or she lets it be. */
export function Open(): React.JSX.Element {
  const { t } = useWords();
  const { back } = useWay();
  const [{ step, draft, proposed, sending }, open] = useOpening();
  const [cards] = useCards();
  const { asked, again } = useAsked('choices', {}, { news: cards });
  const [leaving, setLeaving] = useState(false);
  const change = useCallback(
    (part: Partial<Draft>) => {
      open((before) => ({ ...before, draft: { ...before.draft, ...part } }));
    },
    [open],
  );
  const choices = asked.is === 'answered' ? asked.answer : asked.before;
  const go = (to: Step) => (): void => {
    open((before) => ({ ...before, step: to }));
  };
  const leave = (): void => {
    open(() => nothingOpened);
    back();
  };
  return (
    <section className="opening">
      <Button
        color="link"
        className="back"
        disabled={sending}
        onClick={() => {
          if (written(draft)) {
            setLeaving(true);
          } else {
            leave();
          }
        }}
      >
        <Icon icon="it-arrow-left" color="primary" size="sm" aria-hidden />
        <span>{t('open.leave')}</span>
      </Button>
      {leaving && (
        <Confirm
          title={t('open.leave.title')}
          go={t('open.leave.go')}
          danger
          act={() => Promise.resolve()}
          done={leave}
          close={() => {
            setLeaving(false);
          }}
        >
          <p>{t('open.leave.lead')}</p>
        </Confirm>
      )}
      <p className="step">{t('open.step', { n: steps.indexOf(step) + 1, of: steps.length })}</p>
      <Heading key={step}>{t(`open.${step}.title`)}</Heading>
      <p className="lead">{t(`open.${step}.lead`)}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {step === 'topic' && <Topics draft={draft} proposed={proposed} change={change} next={go('people')} />}
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
