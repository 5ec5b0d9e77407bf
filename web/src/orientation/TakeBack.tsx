import type { Question } from './evaluate';
import { useTalk } from './talk';

interface TakeBackProps {
  readonly question: Question;
  readonly take: (question: Question) => void;
}

/** Takes back what was answered. It goes with the answer, so the keyboard goes on at the first one that can be given. */
export function TakeBack({ question, take }: TakeBackProps): React.JSX.Element {
  const { t } = useTalk();
  return (
    <button
      type="button"
      className="quiet"
      aria-describedby={question.id}
      onClick={(e) => {
        e.currentTarget.parentElement?.querySelector<HTMLElement>('.option input, button.option')?.focus();
        take(question);
      }}
    >
      {t('orientation.take')}
    </button>
  );
}
