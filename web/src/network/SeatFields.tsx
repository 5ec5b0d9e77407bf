import type { Colleague, Network, Role, RosterChange } from '../core/core';
import { useWords } from '../words/words';
import { beginOf, dayField, endOf, lastDay } from './change';

/** A line of the roster as it is being filled in. Days are those of a field for days. */
export interface Seat {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly act: string;
  readonly from: string;
  readonly until: string;
}

export function noSeat(network: Network): Seat {
  return { name: '', roles: network.roles.slice(0, 1), act: '', from: '', until: '' };
}

export function seatOf(line: Colleague): Seat {
  return { name: '', roles: line.roles, act: line.act, from: '', until: line.until === '' ? '' : dayField(lastDay(line.until)) };
}

/** What the roster's form takes as the number of an act. */
const actForm = /^[!-~]{0,60}$/;

/** Reports whether a seat can be signed; a name is asked where it is missing by whoever needs it. */
export function wholeSeat(seat: Seat): boolean {
  const ends = seat.until === '' || Date.parse(endOf(seat.until)) > Date.now();
  return seat.roles.length > 0 && actForm.test(seat.act) && seat.act !== '-' && ends && (seat.from === '' || seat.until === '' || seat.from <= seat.until);
}

export function endorsement(seat: Seat): Pick<RosterChange, 'name' | 'roles' | 'act' | 'from' | 'until'> {
  return { name: seat.name, roles: seat.roles, act: seat.act, from: beginOf(seat.from), until: endOf(seat.until) };
}

interface SeatFieldsProps {
  readonly seat: Seat;
  readonly change: (seat: Seat) => void;
  readonly network: Network;
  /** She is new, and her name is asked. */
  readonly named: boolean;
}

export function SeatFields({ seat, change, network, named }: SeatFieldsProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <>
      {named && (
        <Text
          id="seat-name"
          label={t('network.compare.name')}
          value={seat.name}
          set={(name) => {
            change({ ...seat, name });
          }}
          required
        />
      )}
      <fieldset>
        <legend>{t('network.compare.roles')}</legend>
        {network.roles.map((role) => (
          <div key={role} className="form-check">
            <input
              id={`seat-${role}`}
              type="checkbox"
              checked={seat.roles.includes(role)}
              onChange={(e) => {
                const without = seat.roles.filter((one) => one !== role);
                change({ ...seat, roles: e.target.checked ? [...without, role] : without });
              }}
            />
            <label htmlFor={`seat-${role}`}>{t(`role.${role}`)}</label>
          </div>
        ))}
      </fieldset>
      <Text
        id="seat-act"
        label={t('network.compare.act')}
        help={t('network.compare.act.help')}
        value={seat.act}
        set={(act) => {
          change({ ...seat, act });
        }}
      />
      <div className="pair">
        <Text
          id="seat-from"
          type="date"
          label={t('network.compare.from')}
          value={seat.from}
          set={(from) => {
            change({ ...seat, from });
          }}
        />
        <Text
          id="seat-until"
          type="date"
          label={t('network.compare.until')}
          help={t('network.compare.until.help')}
          value={seat.until}
          set={(until) => {
            change({ ...seat, until });
          }}
        />
      </div>
    </>
  );
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly help?: string;
  readonly type?: 'text' | 'date';
  readonly required?: boolean;
}

/** A field with its label and, below it, what to write. */
export function Text({ id, label, value, set, help, type = 'text', required }: TextProps): React.JSX.Element {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        className="form-control"
        value={value}
        onChange={(e) => {
          set(e.target.value);
        }}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        required={required === true}
        autoComplete="off"
        spellCheck={false}
      />
      {help !== undefined && (
        <p id={`${id}-help`} className="small text-muted">
          {help}
        </p>
      )}
    </div>
  );
}
