import { optionText, questionText, type Book } from './book';
import { limits, toVerify, type Answers, type BenefitResult, type Rules } from './evaluate';
import { GivenAnswer } from './GivenAnswer';
import { useTalk } from './talk';
import { Value } from './Value';

interface NotFoundProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly today: string;
  readonly answers: Answers;
  readonly found: readonly BenefitResult[];
  readonly to: (question: string) => void;
}

/** What an answer excludes, which, and by which value, if nobody is sure of it. */
export function NotFound({ book, rules, today, answers, found, to }: NotFoundProps): React.JSX.Element | null {
  const { t } = useTalk();
  // A question and an answer without a number, as a birth that there was none of, rest on no limit.
  const numbered = (id: string): boolean => /\d/.test([questionText(book, id), ...(answers[id] ?? []).map((option) => optionText(book, id, option))].join());
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
              {limits(rules, benefit.id, benefit.blocking.filter(numbered))
                .filter((value) => toVerify(value, today))
                .map((value) => (
                  <Value key={value.id} book={book} value={value} today={today} />
                ))}
            </ul>
            <Note text={book.benefits[benefit.id]?.notes} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What is to be known of it even so: an exclusion may have an exception. */
function Note({ text }: { readonly text: string | undefined }): React.JSX.Element | null {
  const { t } = useTalk();
  return text === undefined ? null : (
    <details>
      <summary>{t('orientation.note')}</summary>
      <p className="notes">{text}</p>
    </details>
  );
}
