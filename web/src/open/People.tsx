import { Button } from 'design-react-kit';
import type { Choice, Choices, Reachable } from '../core/core';
import { useWords } from '../words/words';
import { chosenIn, colleaguesIn, missing, officeIn, officesIn, partOf, type Draft, type Part } from './draft';

interface PeopleProps {
  readonly draft: Draft;
  readonly choices: Choices;
  readonly change: (part: Partial<Draft>) => void;
  readonly previous: () => void;
  readonly next: () => void;
}

/** The second step: who gets it, and who must not. */
export function People({ draft, choices, change, previous, next }: PeopleProps): React.JSX.Element {
  const { t } = useWords();
  const office = officeIn(choices, draft);
  const lacks = missing(choices, draft);
  return (
    <form
      autoComplete="off"
      onSubmit={(e) => {
        e.preventDefault();
        if (lacks === undefined && office !== undefined) {
          change({ office: office.id });
          next();
        }
      }}
    >
      <Offices draft={draft} choices={choices} change={change} />
      <Colleagues draft={draft} choices={choices} change={change} />
      {office !== undefined && <Officers key={office.id} office={office} draft={draft} change={change} />}
      <OtherOffices draft={draft} choices={choices} change={change} />
      <p role="status" className="lacks">
        {lacks === undefined ? '' : t(`open.lacks.${lacks}`)}
      </p>
      <div className="actions">
        <Button color="primary" type="submit" disabled={lacks !== undefined}>
          {t('open.next')}
        </Button>
        <Button color="primary" outline type="button" onClick={previous}>
          {t('open.previous')}
        </Button>
      </div>
    </form>
  );
}

type PartProps = Pick<PeopleProps, 'draft' | 'choices' | 'change'>;

function Offices({ draft, choices, change }: PartProps): React.JSX.Element {
  const { t } = useWords();
  const offices = officesIn(choices);
  const chosen = officeIn(choices, draft);
  return (
    <fieldset className="choosing">
      <legend>{t('open.office')}</legend>
      <p>{offices.length === 0 ? t('open.office.none') : t('open.office.lead')}</p>
      {offices.map((one) => (
        <div className="form-check" key={one.id}>
          <input
            type="radio"
            name="office"
            id={`office-${one.id}`}
            checked={chosen?.id === one.id}
            onChange={() => {
              change({ office: one.id, parts: {}, excludeOffices: draft.excludeOffices.filter((id) => id !== one.id) });
            }}
          />
          <label htmlFor={`office-${one.id}`}>{one.name}</label>
        </div>
      ))}
    </fieldset>
  );
}

function Colleagues({ draft, choices, change }: PartProps): React.JSX.Element {
  const { t } = useWords();
  const toggle = (who: Choice): void => {
    const has = draft.colleagues.includes(who.person);
    change({ colleagues: has ? draft.colleagues.filter((id) => id !== who.person) : [...draft.colleagues, who.person], alone: false });
  };
  return (
    <fieldset className="choosing">
      <legend>{t('open.colleagues')}</legend>
      <p>{t('open.colleagues.lead')}</p>
      {colleaguesIn(choices).map((one) => (
        <div className="form-check" key={one.person}>
          <input
            type="checkbox"
            id={`colleague-${one.person}`}
            checked={draft.colleagues.includes(one.person)}
            disabled={one.barred !== undefined && !draft.colleagues.includes(one.person)}
            onChange={() => {
              toggle(one);
            }}
          />
          <label htmlFor={`colleague-${one.person}`}>{one.barred === undefined ? one.name : t('open.barred', { name: one.name })}</label>
        </div>
      ))}
      {chosenIn(choices, draft).length === 0 && (
        <div className="form-check">
          <input
            type="checkbox"
            id="alone"
            checked={draft.alone}
            onChange={(e) => {
              change({ alone: e.target.checked });
            }}
          />
          <label htmlFor="alone">{t('open.alone')}</label>
        </div>
      )}
    </fieldset>
  );
}

const parts = ['chance', 'holder', 'substitute', 'excluded'] as const satisfies readonly Part[];

interface OfficersProps {
  readonly office: Reachable;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

function Officers({ office, draft, change }: OfficersProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <fieldset className="choosing">
      <legend>{t('open.officers')}</legend>
      <p>{t('open.officers.lead')}</p>
      {office.people.map((one) => (
        <div className="officer" key={one.person}>
          <label htmlFor={`part-${one.person}`}>{one.barred === undefined ? one.name : t('open.barred', { name: one.name })}</label>
          <select
            id={`part-${one.person}`}
            className="form-select"
            value={partOf(one, draft)}
            onChange={(e) => {
              const part = parts.find((p) => p === e.target.value) ?? 'chance';
              change({ parts: { ...draft.parts, [one.person]: part } });
            }}
          >
            {parts
              .filter((part) => one.barred === undefined || part === 'chance' || part === 'excluded')
              .map((part) => (
                <option key={part} value={part}>
                  {t(`open.part.${part}`)}
                </option>
              ))}
          </select>
        </div>
      ))}
    </fieldset>
  );
}

/** Offices that must never get it, also later: as that of the town that she has fled. */
function OtherOffices({ draft, choices, change }: PartProps): React.JSX.Element | null {
  const { t } = useWords();
  const chosen = officeIn(choices, draft);
  const others = choices.others.filter((one) => one.id !== chosen?.id);
  if (others.length === 0) {
    return null;
  }
  return (
    <fieldset className="choosing">
      <legend>{t('open.never')}</legend>
      <p>{t('open.never.lead')}</p>
      {others.map((one) => (
        <div className="form-check" key={one.id}>
          <input
            type="checkbox"
            id={`never-${one.id}`}
            checked={draft.excludeOffices.includes(one.id)}
            onChange={(e) => {
              change({ excludeOffices: e.target.checked ? [...draft.excludeOffices, one.id] : draft.excludeOffices.filter((id) => id !== one.id) });
            }}
          />
          <label htmlFor={`never-${one.id}`}>{one.name}</label>
        </div>
      ))}
    </fieldset>
  );
}
