import './soon.css';
import { createContext, useContext } from 'react';
import { useWords } from '../words/words';

/** Whether the page locks itself within a minute, if nobody does anything. */
export const SoonContext = createContext(false);

/** Says so: in the page and in every dialog, since nothing behind one is read out. Whatever she does is enough. */
export function Soon(): React.JSX.Element {
  const { t } = useWords();
  const soon = useContext(SoonContext);
  return (
    <div role="alert" className="soon">
      {soon && (
        <p>
          {t('idle.soon')}
          <button type="button" className="btn btn-primary btn-sm">
            {t('idle.go')}
          </button>
        </p>
      )}
    </div>
  );
}
