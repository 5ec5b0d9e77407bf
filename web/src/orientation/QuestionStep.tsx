import { Heading } from '../parts/Heading';
import { questionText } from './book';
import { Option, OptionButton } from './Option';
import { Said } from './Said';
import type { StepProps } from './Asking';
import { TakeBack } from './TakeBack';
import { useTalk } from './talk';

/** One question, where there is little room. A single choice goes on by itself. */
export function QuestionStep({ book, page, following, sheet, choose, take, go }: StepProps): React.JSX.Element {
  const { t } = useTalk();
  const [question] = page.questions;
  const answer = sheet[question.id] ?? [];
  const several = question.type === 'multi';
  const Answer = several ? Option : OptionButton;
  return (
    <section>
      <Heading id={question.id} className="one-question">
        <Said here={questionText(book, question.id)} there={(words) => questionText(words, question.id)} />
      </Heading>
      <p id={`${question.id}-how`} className="hint">
        {t(several ? 'orientation.several' : 'orientation.tap')}
      </p>
      <div role="group" aria-labelledby={question.id} aria-describedby={`${question.id}-how`} className="options one">
        {question.options.map((option) => (
          <Answer
            key={option}
            book={book}
            question={question}
            option={option}
            chosen={answer.includes(option)}
            choose={(one) => {
              choose(question, one);
              if (!several) {
                go.after(question.id);
              }
            }}
          />
        ))}
      </div>
      {answer.length > 0 && <TakeBack question={question} take={take} />}
      <div className="bar">
        <button type="button" className="btn btn-outline-primary" onClick={go.back}>
          {t('orientation.back')}
        </button>
        <button type="button" className={answer.length > 0 ? 'btn btn-primary' : 'btn btn-outline-primary'} onClick={go.next}>
          {t(answer.length === 0 ? 'orientation.skip' : following === undefined ? 'orientation.look' : 'orientation.next')}
        </button>
      </div>
    </section>
  );
}
