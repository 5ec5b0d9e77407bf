import type { Book } from './book';
import { inOrder, type Rules, type ShownWarning } from './evaluate';
import { Said } from './Said';
import { useTalk } from './talk';

interface SafetyProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly warnings: readonly ShownWarning[];
  /** Those of them that are about nothing but what little was answered of. */
  readonly aside: readonly ShownWarning[];
}

/** What could put her in danger: what concerns her whatever she asks for, and then what concerns one application. */
export function Safety({ book, rules, warnings, aside }: SafetyProps): React.JSX.Element {
  const { t, count } = useTalk();
  const shown = inOrder(rules, warnings).filter((warning) => !aside.includes(warning));
  return (
    <section className="part safety">
      <h2>{t('orientation.safety')}</h2>
      {warnings.length === 0 && <p>{t('orientation.safety.none')}</p>}
      <ul>
        {shown.map(({ id, certain }) => (
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
