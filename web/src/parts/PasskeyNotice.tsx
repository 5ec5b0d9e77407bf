import { Alert } from 'design-react-kit';
import type { Failure } from '../core/core';
import { failureOf } from '../core/core';
import { PasskeyError, type PasskeyProblem } from '../core/passkey';
import { useWords } from '../words/words';
import { FailureNotice } from './FailureNotice';

/** What a passkey was not good for: the browser's or the device's no, or the core's. */
export type PasskeyFailure = { readonly problem: PasskeyProblem } | { readonly failure: Failure };

export function passkeyFailure(err: unknown): PasskeyFailure {
  return err instanceof PasskeyError ? { problem: err.problem } : { failure: failureOf(err) };
}

export function PasskeyNotice({ failed }: { readonly failed: PasskeyFailure }): React.JSX.Element {
  const { t } = useWords();
  if ('failure' in failed) {
    return <FailureNotice failure={failed.failure} />;
  }
  return (
    <Alert color="warning" className="failure">
      {t(`passkey.problem.${failed.problem}`)}
    </Alert>
  );
}
