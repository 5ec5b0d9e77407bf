import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { RecordOutcome, SearchRecords } from '../core/core';
import { useAsked } from '../core/desk';
import { actName, useWords } from '../words/words';

interface ChooseProps {
  readonly chosen: SearchRecords;
  readonly choose: (chosen: SearchRecords) => void;
}

interface Typed {
  readonly person: string;
  readonly object: string;
  readonly act: string;
  readonly outcome: RecordOutcome | '';
  readonly from: string;
  readonly until: string;
}

const nothing: Typed = { person: '', object: '', act: '', outcome: '', from: '', until: '' };

/** Which records are shown. Each search is itself recorded. */
export function Choose({ chosen, choose }: ChooseProps): React.JSX.Element {
  const words = useWords();
  const { t } = words;
  const [typed, setTyped] = useState<Typed>(nothing);
  // A person or a case may also be chosen from a line: the fields then say so, and the form stays, with the focus.
  const [said, setSaid] = useState<SearchRecords>();
  if (said !== chosen) {
    setSaid(chosen);
    setTyped(typedOf(chosen));
  }
  const { asked } = useAsked('acts', {});
  const known = asked.is === 'answered' ? asked.answer : { acts: [], outcomes: [] };
  const set = (change: Partial<Typed>): void => {
    setTyped((now) => ({ ...now, ...change }));
  };
  return (
    <form
      className="choose"
      role="search"
      aria-label={t('log.choose')}
      onSubmit={(e) => {
        e.preventDefault();
        choose(searchOf(typed));
      }}
    >
      <Field id="log-person" label={t('log.person')} value={typed.person} change={(person) => { set({ person }); }} />
      <Field id="log-object" label={t('log.object')} value={typed.object} change={(object) => { set({ object }); }} />
      <div className="field">
        <label htmlFor="log-act">{t('log.act')}</label>
        <select id="log-act" className="form-control" value={typed.act} onChange={(e) => { set({ act: known.acts.find((one) => one === e.target.value) ?? '' }); }}>
          <option value="">{t('log.any')}</option>
          {known.acts.map((one) => (
            <option key={one} value={one}>
              {actName(words, one)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="log-outcome">{t('log.outcome')}</label>
        <select id="log-outcome" className="form-control" value={typed.outcome} onChange={(e) => { set({ outcome: known.outcomes.find((one) => one === e.target.value) ?? '' }); }}>
          <option value="">{t('log.any')}</option>
          {known.outcomes.map((one) => (
            <option key={one} value={one}>
              {t(`outcome.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Field id="log-from" label={t('log.from')} value={typed.from} type="date" change={(from) => { set({ from }); }} />
      <Field id="log-until" label={t('log.until')} value={typed.until} type="date" change={(until) => { set({ until }); }} />
      <div className="actions">
        <Button color="primary" size="sm" type="submit">
          {t('log.search')}
        </Button>
        <Button
          color="primary"
          outline
          size="sm"
          onClick={() => {
            setTyped(nothing);
            choose({});
          }}
        >
          {t('log.all')}
        </Button>
      </div>
    </form>
  );
}

/** Days are those of this computer; the second one is meant whole. */
function searchOf({ person, object, act, outcome, from, until }: Typed): SearchRecords {
  return {
    ...(person.trim() === '' ? {} : { person: person.trim() }),
    ...(object.trim() === '' ? {} : { object: object.trim() }),
    ...(act === '' ? {} : { act }),
    ...(outcome === '' ? {} : { outcome }),
    ...(from === '' ? {} : { from: midnight(from, 0) }),
    ...(until === '' ? {} : { until: midnight(until, 1) }),
  };
}

function typedOf({ person = '', object = '', act = '', outcome, from, until }: SearchRecords): Typed {
  return { person, object, act, outcome: outcome ?? '', from: dayOf(from, 0), until: dayOf(until, -1) };
}

function dayOf(moment: string | undefined, after: number): string {
  if (moment === undefined) {
    return '';
  }
  const at = new Date(moment);
  at.setDate(at.getDate() + after);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}

export function midnight(day: string, after: number): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + after);
  return at.toISOString();
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly type?: 'text' | 'date';
}

export function Field({ id, label, value, change, type = 'text' }: FieldProps): React.JSX.Element {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        className="form-control"
        value={value}
        onChange={(e) => {
          change(e.target.value);
        }}
        autoComplete="off"
        spellCheck={false}
      />
    </div>
  );
}
