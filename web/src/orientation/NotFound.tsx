import { questionText, type Book } from './book';
import type { Answers, BenefitResult, Rules } from './evaluate';
import { GivenAnswer } from './GivenAnswer';
import { useTalk } from './talk';

interface NotFoundProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly answers: Answers;
  readonly found: readonly BenefitResult[];
  readonly to: (question: string) => void;
}

/** What an answer excludes, and which. */
export function NotFound({ book, answers, found, to }: NotFoundProps): React.JSX.Element | null {
  const { t } = useTalk();
  if (found.length === 0) {
    return null;
  }
  return (
    <details className="part not-found">
      <summary>
        <h2>
          {t('orientation.not')}
          <span className="count">{found.length}</span>
        </h2>
      </summary>
      <p className="hint">{t('orientation.not.text')}</p>
      <ul>
        {found.map((benefit) => (
          <li key={benefit.id}>
            <strong>{book.benefits[benefit.id]?.name ?? benefit.id}</strong>
            <ul>
              {benefit.blocking.map((id) => (
                <li key={id}>
                  <button
                    type="button"
                    className="quiet"
                    onClick={() => {
                      to(id);
                    }}
                  >
                    {questionText(book, id)}
                  </button>
                  <GivenAnswer book={book} id={id} answer={answers[id]} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
