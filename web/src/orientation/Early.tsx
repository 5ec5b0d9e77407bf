import type { Book } from './book';
import type { BenefitResult } from './evaluate';
import { useTalk } from './talk';

interface EarlyProps {
  readonly book: Book;
  readonly found: readonly BenefitResult[];
  /** Those of a benefit's questions that have no answer yet. */
  readonly questions: (benefit: BenefitResult) => readonly string[];
  readonly to: (question: string) => void;
}

/** What nothing can be said of yet: by name, each a way to the first question that is missing. */
export function Early({ book, found, questions, to }: EarlyProps): React.JSX.Element | null {
  const { t, count } = useTalk();
  if (found.length === 0) {
    return null;
  }
  return (
    <section className="part early">
      <h2>
        {t('orientation.early')}
        <span className="count">{found.length}</span>
      </h2>
      <p className="hint">{t('orientation.early.text')}</p>
      <ul>
        {found.map((benefit) => {
          const missing = questions(benefit);
          return (
            <li key={benefit.id}>
              <button
                type="button"
                className="quiet"
                onClick={() => {
                  to(missing[0] ?? 'start');
                }}
              >
                {book.benefits[benefit.id]?.name ?? benefit.id}
              </button>
              <span className="hint">{count('orientation.early.answers', missing.length)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
