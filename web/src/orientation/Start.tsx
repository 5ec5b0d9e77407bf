import { Heading } from '../parts/Heading';
import { BesideChoice } from './BesideChoice';
import type { Beside, Book } from './book';
import { Said, useBeside } from './Said';
import { useTalk } from './talk';

interface StartProps {
  readonly book: Book;
  readonly beside: Beside | undefined;
  readonly chooseBeside: (beside: Beside | undefined) => void;
  /** Nobody did anything, and the answers were cleared. */
  readonly idle: boolean;
  readonly start: () => void;
}

const promises = ['choose', 'here', 'gone', 'skip'] as const;

/** What this is and what it is not, before the first question. */
export function Start({ book, beside, chooseBeside, idle, start }: StartProps): React.JSX.Element {
  const { t } = useTalk();
  const words = useBeside();
  return (
    <section className="start">
      <Heading>{t('orientation.title')}</Heading>
      <p role="status" className="idle">
        {idle ? t('orientation.idle') : ''}
      </p>
      <p className="lead">{t('orientation.lead')}</p>
      <p className="disclaimer">
        <Said here={book.disclaimer} there={(words) => words.disclaimer} />
      </p>
      <ul className="promises">
        {promises.map((one) => (
          <li key={one}>{t(`orientation.promise.${one}`)}</li>
        ))}
      </ul>
      <h2>{t('orientation.beside')}</h2>
      <p className="hint">{t('orientation.beside.lead')}</p>
      <BesideChoice beside={beside} choose={chooseBeside} />
      {words?.machine === true && (
        <p className="machine">{t('orientation.machine')}</p>
      )}
      <div className="actions">
        <button type="button" className="btn btn-primary btn-lg" onClick={start}>
          {t('orientation.start')}
        </button>
      </div>
    </section>
  );
}
