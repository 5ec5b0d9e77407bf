import { useState } from 'react';
import type { Colleague } from '../core/core';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { beginOf, change, dayField, endOf } from './change';
import { useSign, type SignedProps } from './sign';
import { Text } from './SeatFields';

interface NameSubstituteProps extends SignedProps {
  readonly one: Colleague;
  readonly close: () => void;
}

/** Who stands in for an officer, and when. */
export function NameSubstitute({ one, network, signed, refresh, close }: NameSubstituteProps): React.JSX.Element {
  const { t } = useWords();
  const sign = useSign({ network, signed, refresh });
  const may = network.people.filter((p) => p.person !== one.person && p.roles.includes('officer'));
  const [who, setWho] = useState(may[0]?.person ?? '');
  const [from, setFrom] = useState(() => dayField(new Date().toISOString()));
  const [until, setUntil] = useState('');
  return (
    <Confirm
      title={t('network.substitute.title', { name: one.name })}
      go={t('network.sign')}
      recent="form"
      notYet={who === '' || from === '' || until < from}
      act={() => sign([change('substitute', who, { for: one.person, from: beginOf(from), until: endOf(until) })])}
      done={close}
      close={close}
    >
      <p>{t('network.substitute.text', { name: one.name })}</p>
      <div className="field">
        <label htmlFor="substitute">{t('network.substitute.who')}</label>
        <select
          id="substitute"
          className="form-control"
          value={who}
          onChange={(e) => {
            setWho(e.target.value);
          }}
        >
          {may.map((p) => (
            <option key={p.person} value={p.person}>
              {p.name}
            </option>
          ))}
        </select>
      </div>
      <div className="pair">
        <Text id="substitute-from" type="date" label={t('network.compare.from')} value={from} set={setFrom} />
        <Text id="substitute-until" type="date" label={t('network.compare.until')} value={until} set={setUntil} />
      </div>
    </Confirm>
  );
}
