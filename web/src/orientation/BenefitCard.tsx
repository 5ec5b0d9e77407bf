import { questionText, type Book } from './book';
import type { Answers, BenefitResult, Rules } from './evaluate';
import { useTalk } from './talk';
import { GivenAnswer } from './GivenAnswer';
import { Value } from './Value';

interface BenefitCardProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly today: string;
  readonly answers: Answers;
  readonly benefit: BenefitResult;
  readonly to: (question: string) => void;
}

/** What may be asked for: why it is not certain, where to go, what to bring, and of which value nobody is sure. */
export function BenefitCard({ book, rules, today, answers, benefit, to }: BenefitCardProps): React.JSX.Element {
  const { t } = useTalk();
  return (
    <li className={`benefit ${benefit.outcome}`}>
      <h3>
        {book.benefits[benefit.id]?.name ?? benefit.id}
        {benefit.pressing && <span className="tag pressing">{t('orientation.pressing')}</span>}
      </h3>
      <Questions what="unknown" book={book} answers={answers} questions={benefit.unknown} to={to} />
      <Questions what="missing" book={book} answers={answers} questions={benefit.missing} to={to} />
      {benefit.outcome === 'verify' && benefit.unknown.length + benefit.missing.length === 0 && <p className="why">{t('orientation.always')}</p>}
      {benefit.outcome === 'likely' ? (
        <Details book={book} rules={rules} today={today} benefit={benefit} />
      ) : (
        <details>
          <summary>{t('orientation.details')}</summary>
          <Details book={book} rules={rules} today={today} benefit={benefit} />
        </details>
      )}
    </li>
  );
}

/** Where to go, what to bring, and the values that stand behind it. */
function Details({ book, rules, today, benefit }: Pick<BenefitCardProps, 'book' | 'rules' | 'today' | 'benefit'>): React.JSX.Element {
  const { t } = useTalk();
  const rule = rules.benefits.find((one) => one.id === benefit.id);
  const notes = book.benefits[benefit.id]?.notes;
  const values = (rule?.parameters ?? []).flatMap((id) => rules.parameters.find((one) => one.id === id) ?? []);
  return (
    <>
      <p className="where">
        <strong>{t('orientation.where')}</strong> {book.channels[rule?.channel ?? ''] ?? ''}
      </p>
      {notes !== undefined && <p className="notes">{notes}</p>}
      <div className="columns">
        {benefit.documents.length > 0 && (
          <div>
            <h4>{t('orientation.documents')}</h4>
            <ul>
              {benefit.documents.map((id) => (
                <li key={id}>{book.documents[id] ?? id}</li>
              ))}
            </ul>
          </div>
        )}
        {values.length > 0 && (
          <div>
            <h4>{t('orientation.values')}</h4>
            <ul>
              {values.map((value) => (
                <Value key={value.id} book={book} value={value} today={today} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </>
  );
}

interface QuestionsProps {
  readonly what: 'unknown' | 'missing';
  readonly book: Book;
  readonly answers: Answers;
  readonly questions: readonly string[];
  readonly to: (question: string) => void;
}

/** The questions that leave it open, each a way back to itself. */
function Questions({ what, book, answers, questions, to }: QuestionsProps): React.JSX.Element | null {
  const { t } = useTalk();
  if (questions.length === 0) {
    return null;
  }
  return (
    <div className="why">
      <strong>{t(`orientation.${what}`)}</strong>
      <ul>
        {questions.map((id) => (
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
            {what === 'missing' && <GivenAnswer book={book} id={id} answer={answers[id]} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
