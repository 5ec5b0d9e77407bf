import { Spinner } from 'design-react-kit';
import { useWords, type Key } from '../words/words';

type Plain = 'app.starting' | 'cases.loading' | 'case.loading' | 'unlock.working' | 'enrol.working' | 'case.compose.sending' | 'dialog.working' | 'open.loading' | 'open.drawing' | 'passkey.working' | 'unlock.passkey.working' | 'network.loading' | 'network.signing';

interface BusyProps {
  readonly say: Plain & Key;
  readonly done?: number;
  readonly total?: number;
}

/** Something takes a while: what, and how far it has come where that is known. */
export function Busy({ say, done, total }: BusyProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <div role="status" className="busy">
      <Spinner active small />
      <span>{t(say)}</span>
      {total !== undefined && total > 0 && <progress max={total} value={done ?? 0} aria-label={t(say)} />}
    </div>
  );
}
