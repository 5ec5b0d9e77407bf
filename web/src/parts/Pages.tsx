import './pages.css';
import { Button } from 'design-react-kit';
import { useWords } from '../words/words';

interface PagesProps {
  /** From 0. */
  readonly at: number;
  readonly pages: number;
  /** There are more pages after the next one, perhaps. */
  readonly unknown?: boolean;
  readonly turn: (to: number) => void;
  /** What is turned over, for a screen reader. */
  readonly label: string;
}

/** Which part of a long list is shown: a page never holds more than one part of it. */
export function Pages({ at, pages, unknown = false, turn, label }: PagesProps): React.JSX.Element | null {
  const { t } = useWords();
  if (pages < 2) {
    return null;
  }
  return (
    <nav className="pages" aria-label={label}>
      <Button color="primary" outline size="sm" disabled={at === 0} onClick={() => { turn(at - 1); }}>
        {t('pages.before')}
      </Button>
      <span role="status">{unknown ? t('pages.atOf', { page: at + 1 }) : t('pages.at', { page: at + 1, pages })}</span>
      <Button color="primary" outline size="sm" disabled={at === pages - 1} onClick={() => { turn(at + 1); }}>
        {t('pages.next')}
      </Button>
    </nav>
  );
}
