import { ownNames, type Beside } from './book';
import { useTalk } from './talk';

interface BesideChoiceProps {
  readonly beside: Beside | undefined;
  readonly choose: (beside: Beside | undefined) => void;
}

/** The woman's language beside the operator's own. */
export function BesideChoice({ beside, choose }: BesideChoiceProps): React.JSX.Element {
  const { t, language } = useTalk();
  const others = (Object.keys(ownNames) as Beside[]).filter((one) => one !== language);
  return (
    <div className="beside-choice" role="group" aria-label={t('orientation.beside')}>
      {[undefined, ...others].map((one) => (
        <button
          key={one ?? ''}
          type="button"
          lang={one}
          aria-pressed={one === beside}
          onClick={() => {
            choose(one);
          }}
        >
          {one === undefined ? t('orientation.beside.none') : ownNames[one]}
        </button>
      ))}
    </div>
  );
}

/** The same in one line, while questions are answered. */
export function BesideSelect({ beside, choose }: BesideChoiceProps): React.JSX.Element {
  const { t, language } = useTalk();
  const others = (Object.keys(ownNames) as Beside[]).filter((one) => one !== language);
  return (
    <label className="beside-select">
      <span>{t('orientation.beside')}</span>
      <select
        autoComplete="off"
        value={beside ?? ''}
        onChange={(e) => {
          choose(others.find((one) => one === e.target.value));
        }}
      >
        <option value="">{t('orientation.beside.none')}</option>
        {others.map((one) => (
          <option key={one} value={one} lang={one}>
            {ownNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
