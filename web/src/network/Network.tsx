import './network.css';
import { useCallback, useState } from 'react';
import type { Network as Who } from '../core/core';
import { useAsked } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { Agreements } from './Agreements';
import { ColleagueCard } from './ColleagueCard';
import { Others } from './Others';
import { Roster } from './Roster';
import { Substitutions } from './Substitutions';
import { WaitingCard } from './WaitingCard';

/** Rete: the people of one's organisation and who may say so, and the organisations around it. */
export function Network(): React.JSX.Element {
  const { t } = useWords();
  const { asked, again } = useAsked('network', {});
  // What came of a signature is newer than what was asked.
  const [signed, setSigned] = useState<Who>();
  const refresh = useCallback(() => {
    setSigned(undefined);
    again();
  }, [again]);
  const network = signed ?? (asked.is === 'answered' ? asked.answer : asked.before);
  return (
    <section>
      <Heading>{t('room.network')}</Heading>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={refresh} />}
      {network === undefined ? (
        asked.is === 'asking' && <Busy say="network.loading" />
      ) : (
        <>
          <Roster network={network} signed={setSigned} />
          {network.waiting.length > 0 && network.signs && (
            <section aria-labelledby="waiting">
              <h2 id="waiting">{t('network.waiting')}</h2>
              <p>{t('network.waiting.text')}</p>
              <ul className="people">
                {network.waiting.map((one) => (
                  <WaitingCard key={one.person} one={one} network={network} signed={setSigned} />
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="people">
            <h2 id="people">{t('network.people')}</h2>
            <p>{t('network.people.text')}</p>
            <ul className="people">
              {network.people.map((one) => (
                <ColleagueCard key={one.person} one={one} network={network} signed={setSigned} refresh={refresh} />
              ))}
            </ul>
          </section>
          {network.kind === 'inps' && <Substitutions network={network} signed={setSigned} />}
          <Agreements />
          <Others network={network} refresh={refresh} />
        </>
      )}
    </section>
  );
}
