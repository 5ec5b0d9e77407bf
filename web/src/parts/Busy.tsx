import { Spinner } from 'design-react-kit';
import { useWords, type Plain } from '../words/words';

interface BusyProps {
  readonly say: Plain;
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
