import { Alert, Button } from 'design-react-kit';
import type { Class, Failure } from '../core/core';
import { SignInAgain } from './SignInAgain';
import { useWords, type Plain } from '../words/words';

interface FailureNoticeProps {
  readonly failure: Failure;
  readonly again?: () => void;
  /** What to do here where somebody can't be written to; there need be no conversation yet. */
  readonly barred?: Plain;
}

/** How a service was found out, where a person can be told more than that it was. */
const lies: Partial<Record<Class, 'card' | 'gap' | 'fork' | 'back'>> = {
  substituted: 'card',
  untrusted: 'card',
  sequence: 'gap',
  missing: 'gap',
  duplicate: 'gap',
  fork: 'fork',
  rollback: 'back',
};

/** What happened, that nothing was lost, and what to do. */
export function FailureNotice({ failure, again, barred }: FailureNoticeProps): React.JSX.Element {
  const { t } = useWords();
  const lie = failure.key === 'untrusted' && failure.class !== undefined ? lies[failure.class] : undefined;
  const text =
    failure.key === 'barred' && barred !== undefined ? t(barred) : failure.key === 'word' ? t('failure.word', { word: failure.word ?? 0 }) : t(lie === undefined ? `failure.${failure.key}` : `failure.untrusted.${lie}`);
  return (
    <Alert color={failure.key === 'untrusted' ? 'danger' : 'warning'} className="failure">
      <p className="mb-0">{text}</p>
      {failure.request !== undefined && <p className="small mt-2 mb-0">{t('failure.request', { request: failure.request })}</p>}
      {failure.detail !== undefined && (
        <details className="small mt-2">
          <summary>{t('failure.detail')}</summary>
          <code>{failure.class === undefined ? failure.detail : `${failure.detail} (${failure.class})`}</code>
        </details>
      )}
      {failure.key === 'fresh' && <SignInAgain />}
      {again !== undefined && failure.key !== 'fresh' && failure.key !== 'untrusted' && (
        <Button color="primary" outline size="sm" className="mt-3" onClick={again}>
          {t('app.again')}
        </Button>
      )}
    </Alert>
  );
}
