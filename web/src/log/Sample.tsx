import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { DrawSample, Sample as Drawn, SearchRecords } from '../core/core';
import { failureOf, type Failure } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { save } from '../parts/save';
import { actName, useWords } from '../words/words';
import { Field, midnight } from './Choose';
import { Lines } from './Lines';

const most = 200;

interface SampleProps {
  readonly choose: (chosen: SearchRecords) => void;
}

/** Records drawn by chance, to be looked into: what chose them is in the log before they are known. */
export function Sample({ choose }: SampleProps): React.JSX.Element {
  const words = useWords();
  const { t } = words;
  const { core, over } = useDesk();
  const { asked } = useAsked('acts', {});
  const [act, setAct] = useState<DrawSample['act']>('thread.read');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [count, setCount] = useState('20');
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [drawn, setDrawn] = useState<Drawn>();
  const wanted = Number(count);
  const ready = Number.isInteger(wanted) && wanted >= 2 && wanted <= most;
  const draw = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (working || !ready) {
      return;
    }
    setWorking(true);
    setFailure(undefined);
    core
      .call('drawSample', {
        act,
        count: wanted,
        ...(from === '' ? {} : { from: midnight(from, 0) }),
        ...(until === '' ? {} : { until: midnight(until, 1) }),
      })
      .then(setDrawn, (err: unknown) => {
        const why = failureOf(err);
        if (!over(why)) {
          setFailure(why);
        }
      })
      .finally(() => {
        setWorking(false);
      });
  };
  return (
    <details className="sample">
      <summary>{t('sample.title')}</summary>
      <p>{t('sample.text')}</p>
      <form className="choose" aria-label={t('sample.title')} onSubmit={draw}>
        <div className="field">
          <label htmlFor="sample-act">{t('log.act')}</label>
          <select
            id="sample-act"
            className="form-control"
            value={act}
            onChange={(e) => {
              setAct((asked.is === 'answered' ? asked.answer.acts : []).find((one) => one === e.target.value) ?? act);
            }}
          >
            {(asked.is === 'answered' ? asked.answer.acts : [act]).map((one) => (
              <option key={one} value={one}>
                {actName(words, one)}
              </option>
            ))}
          </select>
        </div>
        <Field id="sample-from" label={t('log.from')} value={from} type="date" change={setFrom} />
        <Field id="sample-until" label={t('log.until')} value={until} type="date" change={setUntil} />
        <Field id="sample-count" label={t('sample.count', { most })} value={count} change={setCount} />
        <div className="actions">
          <Button color="primary" size="sm" type="submit" disabled={!ready || working}>
            {t('sample.go')}
          </Button>
        </div>
      </form>
      {working && <Busy say="sample.working" />}
      {failure !== undefined && <FailureNotice failure={failure} />}
      {drawn !== undefined && (
        <div className="drawn" role="region" aria-label={t('sample.number', { number: drawn.number })}>
          <h2>{t('sample.number', { number: drawn.number })}</h2>
          <p>{t('sample.of', { n: drawn.records.length, matching: drawn.matching, from: drawn.from, last: drawn.last })}</p>
          <p className="small">
            {t('sample.seed')} <code>{drawn.seed}</code>
          </p>
          <Lines records={drawn.records} chosen={{}} choose={choose} title={t('sample.lines', { act: actName(words, drawn.act) })} />
          <div className="actions">
            <Button
              color="primary"
              outline
              size="sm"
              onClick={() => {
                save(new Blob([`${JSON.stringify(drawn, undefined, 2)}\n`]), `campione-${drawn.number}.json`);
              }}
            >
              {t('sample.keep')}
            </Button>
          </div>
        </div>
      )}
    </details>
  );
}
