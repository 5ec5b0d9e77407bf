import { createContext, useContext } from 'react';
import type { Words } from './book';

/** The words of the woman's language, where one was chosen. */
export const BesideContext = createContext<Words | undefined>(undefined);

export function useBeside(): Words | undefined {
  return useContext(BesideContext);
}

interface SaidProps {
  readonly here: string;
  /** The same in another language. */
  readonly there: (words: Words) => string | undefined;
}

/** A text, and the same in the woman's language beside it. */
export function Said({ here, there }: SaidProps): React.JSX.Element {
  const words = useBeside();
  const other = words === undefined ? undefined : there(words);
  return (
    <span className={other === undefined ? 'said' : 'said twice'}>
      <span>{here}</span>
      {words !== undefined && other !== undefined && (
        <span className="beside" lang={words.language} dir={words.direction}>
          {other}
        </span>
      )}
    </span>
  );
}
