import { optionText, questionText, type Book } from './book';
import type { Question } from './evaluate';
import { Option } from './Option';
import { Said, useBeside } from './Said';
import { TakeBack } from './TakeBack';
import { useTalk } from './talk';

interface QuestionCardProps {
  readonly book: Book;
  readonly question: Question;
  readonly answer: readonly string[];
  readonly choose: (question: Question, option: string) => void;
  readonly take: (question: Question) => void;
}

/** Answers up to this length stand in one row. */
const letters = 14;

/** One question among others of its section. */
export function QuestionCard({ book, question, answer, choose, take }: QuestionCardProps): React.JSX.Element {
  const { t } = useTalk();
  const beside = useBeside();
  const several = question.type === 'multi';
  const short = question.options.every((option) => [book, beside].every((words) => words === undefined || optionText(words, question.id, option).length <= letters));
  return (
    <li className="question">
      <div role={several ? 'group' : 'radiogroup'} aria-labelledby={question.id} aria-describedby={several ? `${question.id}-several` : undefined}>
        <h2 id={question.id}>
          <Said here={questionText(book, question.id)} there={(words) => questionText(words, question.id)} />
        </h2>
        {several && (
          <p id={`${question.id}-several`} className="hint">
            {t('orientation.several')}
          </p>
        )}
        <div className={short ? 'options short' : 'options'}>
          {question.options.map((option) => (
            <Option
              key={option}
              book={book}
              question={question}
              option={option}
              chosen={answer.includes(option)}
              choose={(one) => {
                choose(question, one);
              }}
            />
          ))}
        </div>
      </div>
      {answer.length > 0 && <TakeBack question={question} take={take} />}
    </li>
  );
}
