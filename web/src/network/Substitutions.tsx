import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Substitution } from '../core/core';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { change, lastDay } from './change';
import { useSign, type SignedProps } from './sign';

/** Who stands in for whom, of an office. */
export function Substitutions({ network, signed, refresh }: SignedProps): React.JSX.Element {
  const { t, day } = useWords();
  const sign = useSign({ network, signed, refresh });
  const [ending, setEnding] = useState<Substitution>();
  const says = (s: Substitution): string =>
    t('network.substitute.says', { who: s.whoName, whom: s.forName, from: day(s.from), until: day(lastDay(s.until)) });
  return (
    <section aria-labelledby="substitutions">
      <h2 id="substitutions">{t('network.substitutes')}</h2>
      {network.substitutions.length === 0 && <p>{t('network.substitutes.none')}</p>}
      <ul className="people">
        {network.substitutions.map((s) => (
          <li key={`${s.who} ${s.for} ${s.from}`} className="colleague">
            <div className="head">
              <span>{says(s)}</span>
              {network.signs && (
                <Button
                  color="primary"
                  outline
                  size="xs"
                  onClick={() => {
                    setEnding(s);
                  }}
                >
                  {t('network.substitute.end')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {ending !== undefined && (
        <Confirm
          title={t('network.substitute.end.title')}
          go={t('network.sign')}
          recent="form"
          act={() => sign([change('endSubstitute', ending.who, { for: ending.for })])}
          done={() => {
            setEnding(undefined);
          }}
          close={() => {
            setEnding(undefined);
          }}
        >
          <p>{says(ending)}</p>
        </Confirm>
      )}
    </section>
  );
}
