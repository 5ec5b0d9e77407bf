import { useId } from 'react';
import { useWords } from '../words/words';

interface HeardProps {
  readonly heard: boolean;
  readonly say: (heard: boolean) => void;
}

/** She says that she has heard the six words: nothing is done with a card before. */
export function Heard({ heard, say }: HeardProps): React.JSX.Element {
  const { t } = useWords();
  const id = useId();
  return (
    <div className="form-check sure">
      <input
        id={id}
        type="checkbox"
        checked={heard}
        onChange={(e) => {
          say(e.target.checked);
        }}
      />
      <label htmlFor={id}>{t('network.compare.heard')}</label>
    </div>
  );
}
