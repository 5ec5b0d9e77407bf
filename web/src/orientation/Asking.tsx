import type { Book } from './book';
import type { Answers, Question, Rules } from './evaluate';
import { QuestionStep } from './QuestionStep';
import { SectionStep } from './SectionStep';
import { pages, placeOf, type Page } from './steps';
import { useTalk } from './talk';

export interface StepProps {
  readonly book: Book;
  readonly page: Page;
  /** What comes next; undefined before the result. */
  readonly following: Page | undefined;
  readonly sheet: Answers;
  readonly choose: (question: Question, option: string) => void;
  readonly take: (question: Question) => void;
  readonly go: { readonly back: () => void; readonly next: () => void; readonly after: (question: string) => void };
}

interface AskingProps extends Pick<StepProps, 'book' | 'sheet' | 'choose' | 'take'> {
  readonly rules: Rules;
  readonly single: boolean;
  /** The question that she is at. */
  readonly at: string;
  /** To a question, to the start or to the result. */
  readonly to: (place: string) => void;
}

/** The questions, page by page. */
export function Asking({ book, rules, sheet, single, at, to, choose, take }: AskingProps): React.JSX.Element {
  const all = pages(rules, sheet, single);
  const place = placeOf(rules, all, at);
  const page = all[place];
  if (page === undefined) {
    throw new Error('internal error: a questionnaire without questions');
  }
  const following = all[place + 1];
  const go = {
    back: () => {
      to(all[place - 1]?.questions[0].id ?? 'start');
    },
    next: () => {
      to(following?.questions[0].id ?? 'result');
    },
    after: (question: string) => {
      to(questionAfter(rules, question));
    },
  };
  const Step = single ? QuestionStep : SectionStep;
  return (
    <div className={single ? 'asking single' : 'asking'}>
      <Way book={book} rules={rules} sheet={sheet} single={single} all={all} place={place} to={to} />
      <Step key={page.questions[0].id} book={book} page={page} following={following} sheet={sheet} choose={choose} take={take} go={go} />
    </div>
  );
}

/** The next one of all: whether it still matters is seen once the answer counts. */
function questionAfter(rules: Rules, id: string): string {
  return rules.questions[rules.questions.findIndex((question) => question.id === id) + 1]?.id ?? 'result';
}

interface WayProps extends Pick<AskingProps, 'book' | 'rules' | 'sheet' | 'single' | 'to'> {
  readonly all: readonly Page[];
  readonly place: number;
}

/** How far she has come. */
function Way({ book, rules, sheet, single, all, place, to }: WayProps): React.JSX.Element {
  const { t } = useTalk();
  const position = t(single ? 'orientation.question' : 'orientation.section', { n: place + 1, total: all.length });
  const section = all[place]?.section ?? '';
  return (
    <div className="way">
      <p role="status" className="step">
        {single ? `${position} · ${book.sections[section] ?? section}` : position}
      </p>
      <progress max={all.length} value={place + 1} aria-label={position} />
      {!single && <Sections book={book} all={pages(rules, sheet, false)} sheet={sheet} current={section} to={to} />}
      <button
        type="button"
        className="quiet look"
        onClick={() => {
          to('result');
        }}
      >
        {t('orientation.look')}
      </button>
    </div>
  );
}

interface SectionsProps extends Pick<AskingProps, 'book' | 'sheet' | 'to'> {
  readonly all: readonly Page[];
  readonly current: string;
}

function Sections({ book, all, sheet, current, to }: SectionsProps): React.JSX.Element {
  const { t } = useTalk();
  return (
    <nav aria-label={t('orientation.sections')}>
      <ol>
        {all.map(({ section, questions }) => {
          const name = book.sections[section] ?? section;
          const done = questions.filter((question) => sheet[question.id] !== undefined).length;
          return (
            <li key={section}>
              <button
                type="button"
                aria-current={section === current ? 'step' : undefined}
                onClick={() => {
                  to(questions[0].id);
                }}
              >
                <span>{name}</span>
                <span className={done === questions.length ? 'count all' : 'count'}>{t('orientation.answered', { done, total: questions.length })}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
