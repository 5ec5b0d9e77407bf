import { useVocabulary } from '../core/vocabulary';
import { useWords } from '../words/words';
import { whiches, type Chosen } from './sift';

interface SieveProps {
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  /** The topics that there are in the list. */
  readonly topics: readonly string[];
}

/** What the list shows. Nothing of it is stored or sent. */
export function Sieve({ chosen, choose, topics }: SieveProps): React.JSX.Element {
  const { t, language } = useWords();
  const known = useVocabulary()?.topics ?? [];
  return (
    <div className="sieve" role="search" aria-label={t('cases.sieve')}>
      <div className="field">
        <label htmlFor="sieve-text">{t('cases.sieve.text')}</label>
        <input
          id="sieve-text"
          type="text"
          className="form-control"
          value={chosen.text}
          onChange={(e) => {
            choose({ ...chosen, text: e.target.value });
          }}
          aria-describedby="sieve-help"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
        />
      </div>
      <div className="field">
        <label htmlFor="sieve-which">{t('cases.sieve.which')}</label>
        <select
          id="sieve-which"
          className="form-control"
          value={chosen.which}
          onChange={(e) => {
            choose({ ...chosen, which: whiches.find((one) => one === e.target.value) ?? 'open' });
          }}
        >
          {whiches.map((one) => (
            <option key={one} value={one}>
              {t(`cases.which.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="sieve-topic">{t('cases.topic')}</label>
        <select
          id="sieve-topic"
          className="form-control"
          value={chosen.topic}
          onChange={(e) => {
            choose({ ...chosen, topic: e.target.value });
          }}
        >
          <option value="">{t('cases.sieve.anyTopic')}</option>
          {topics.map((code) => (
            <option key={code} value={code}>
              {known.find((one) => one.code === code)?.[language] ?? code}
            </option>
          ))}
        </select>
      </div>
      <p id="sieve-help" className="help">
        {t('cases.sieve.help')}
      </p>
    </div>
  );
}
