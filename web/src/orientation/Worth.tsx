import { optionText, questionText, type Book } from './book';
import type { Suggestion } from './evaluate';
import { useTalk } from './talk';

interface WorthProps {
  readonly book: Book;
  readonly suggestions: readonly Suggestion[];
  readonly to: (question: string) => void;
}

/** Rights not asked for: what a few more answers would make probable, and which. */
export function Worth({ book, suggestions, to }: WorthProps): React.JSX.Element | null {
  const { t } = useTalk();
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
      <ul>
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
    </section>
  );
}
