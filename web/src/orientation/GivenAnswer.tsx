import { optionText, type Book } from './book';

interface GivenAnswerProps {
  readonly book: Book;
  readonly id: string;
  readonly answer: readonly string[] | undefined;
}

/** What was answered, as it was said. */
export function GivenAnswer({ book, id, answer }: GivenAnswerProps): React.JSX.Element | null {
  return answer === undefined ? null : <span className="given">{answer.map((option) => optionText(book, id, option)).join(', ')}</span>;
}
