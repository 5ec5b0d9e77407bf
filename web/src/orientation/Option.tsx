import { optionText, type Book } from './book';
import type { Question } from './evaluate';
import { Said } from './Said';

interface OptionProps {
  readonly book: Book;
  readonly question: Question;
  readonly option: string;
  readonly chosen: boolean;
  readonly choose: (option: string) => void;
}

function Text({ book, question, option }: Pick<OptionProps, 'book' | 'question' | 'option'>): React.JSX.Element {
  return <Said here={optionText(book, question.id, option)} there={(words) => optionText(words, question.id, option)} />;
}

/**
 * An answer to choose. A browser would keep what was chosen for when a page comes back or it is
 * started again, on the disk too: it does not where autocomplete is off.
 */
export function Option({ book, question, option, chosen, choose }: OptionProps): React.JSX.Element {
  return (
    <label className={chosen ? 'option chosen' : 'option'}>
      <input
        type={question.type === 'single' ? 'radio' : 'checkbox'}
        name={question.id}
        autoComplete="off"
        checked={chosen}
        onChange={() => {
          choose(option);
        }}
      />
      <Text book={book} question={question} option={option} />
    </label>
  );
}

/** The same as a button: choosing it goes on to what comes next. */
export function OptionButton({ book, question, option, chosen, choose }: OptionProps): React.JSX.Element {
  return (
    <button
      type="button"
      className={chosen ? 'option chosen' : 'option'}
      aria-pressed={chosen}
      onClick={() => {
        choose(option);
      }}
    >
      <Text book={book} question={question} option={option} />
    </button>
  );
}
