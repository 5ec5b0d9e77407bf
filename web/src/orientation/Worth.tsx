import { optionText, questionText, type Book } from './book';
import type { Suggestion } from './evaluate';
import { useTalk } from './talk';

interface WorthProps {
  readonly book: Book;
  readonly suggestions: readonly Suggestion[];
  readonly to: (question: string) => void;
}

/** So many are shown at once; the others are folded. */
const first = 3;

/** Rights not asked for: what a few more answers would make probable, and which. */
export function Worth({ book, suggestions, to }: WorthProps): React.JSX.Element | null {
  const { t, count } = useTalk();
  if (suggestions.length === 0) {
    return null;
  }
  return (
    <section className="part worth">
      <h2>
        {t('orientation.worth')}
        <span className="count">{suggestions.length}</span>
      </h2>
      <p className="hint">{t('orientation.worth.text')}</p>
      <Suggestions book={book} suggestions={suggestions.slice(0, first)} to={to} />
      {suggestions.length > first && (
        <details>
          <summary>{count('orientation.worth.more', suggestions.length - first)}</summary>
          <Suggestions book={book} suggestions={suggestions.slice(first)} to={to} />
        </details>
      )}
    </section>
  );
}

function Suggestions({ book, suggestions, to }: WorthProps): React.JSX.Element {
  const { t } = useTalk();
  return (
    <ul className="suggestions">
      {suggestions.map(({ benefit, answers }) => (
        <li key={benefit}>
          <strong>{book.benefits[benefit]?.name ?? benefit}</strong>
          <ul>
            {answers.map(({ question, options }) => (
              <li key={question}>
                <button
                  type="button"
                  className="quiet"
                  onClick={() => {
                    to(question);
                  }}
                >
                  {questionText(book, question)}
                </button>
                <span className="given">{options.map((option) => optionText(book, question, option)).join(` ${t('orientation.worth.or')} `)}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
