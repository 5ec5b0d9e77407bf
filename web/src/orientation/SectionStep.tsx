import { Heading } from '../parts/Heading';
import { QuestionCard } from './QuestionCard';
import { Said } from './Said';
import type { StepProps } from './Asking';
import { useTalk } from './talk';

/** A whole section, where there is room for it. */
export function SectionStep({ book, page, following, sheet, choose, take, go }: StepProps): React.JSX.Element {
  const { t } = useTalk();
  return (
    <section>
      <Heading className="step-title">
        <Said here={book.sections[page.section] ?? page.section} there={(words) => words.sections[page.section]} />
      </Heading>
      <ol className="questions">
        {page.questions.map((question) => (
          <QuestionCard key={question.id} book={book} question={question} answer={sheet[question.id] ?? []} choose={choose} take={take} />
        ))}
      </ol>
      <div className="actions">
        <button type="button" className="btn btn-outline-primary" onClick={go.back}>
          {t('orientation.back')}
        </button>
        <button type="button" className="btn btn-primary" onClick={go.next}>
          {following === undefined
            ? t('orientation.look')
            : t('orientation.next.section', { section: book.sections[following.section] ?? following.section })}
        </button>
      </div>
    </section>
  );
}
