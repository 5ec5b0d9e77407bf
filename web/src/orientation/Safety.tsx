import type { Book } from './book';
import type { Rules, ShownWarning } from './evaluate';
import { Said } from './Said';
import { useTalk } from './talk';

interface SafetyProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly warnings: readonly ShownWarning[];
  /** Those of them that are about nothing but what little was answered of. */
  readonly aside: readonly ShownWarning[];
}

/**
 * What could put her in danger. Of what concerns her whatever she asks for, and then of what concerns one
 * application, first what applies, then what the answers do not rule out.
 */
export function Safety({ book, rules, warnings, aside }: SafetyProps): React.JSX.Element {
  const { t, count } = useTalk();
  const always = new Set(rules.warnings.filter((warning) => warning.always === true).map((warning) => warning.id));
  const rank = ({ id, certain }: ShownWarning): number => (always.has(id) ? 0 : 2) + (certain ? 0 : 1);
  const sorted = warnings.filter((warning) => !aside.includes(warning)).sort((a, b) => rank(a) - rank(b));
  return (
    <section className="part safety">
      <h2>{t('orientation.safety')}</h2>
      {warnings.length === 0 && <p>{t('orientation.safety.none')}</p>}
      <ul>
        {sorted.map(({ id, certain }) => (
          <li key={id} className={certain ? 'certain' : undefined}>
            <span className="tag">{t(certain ? 'orientation.safety.applies' : 'orientation.safety.unsure')}</span>
            <Said here={book.warnings[id] ?? id} there={(words) => words.warnings[id]} />
          </li>
        ))}
      </ul>
      {aside.length > 0 && (
        <details>
          <summary>{count('orientation.safety.aside', aside.length)}</summary>
          <ul className="plain">
            {aside.map(({ id }) => (
              <li key={id}>
                <Said here={book.warnings[id] ?? id} there={(words) => words.warnings[id]} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
