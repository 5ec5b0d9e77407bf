import './network.css';
import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
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
  const [did, setDid] = useState('');
  // What came of a signature is newer than what was asked before it.
  const [after, setAfter] = useState<{ readonly network: Who; readonly before: Who | undefined }>();
  const read = asked.is === 'answered' ? asked.answer : asked.before;
  const network = after !== undefined && after.before === read ? after.network : read;
  const signed = (now: Who): void => {
    setAfter({ network: now, before: read });
    setDid('');
  };
  const refresh = (): void => {
    setDid('');
    again();
  };
  return (
    <section>
      <Heading>{t('room.network')}</Heading>
      <Button color="primary" outline size="sm" onClick={refresh}>
        {t('cases.reload')}
      </Button>
      <div role="status" className="mt-3">
        {did !== '' && <Alert color="success">{did}</Alert>}
      </div>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={refresh} />}
      {network === undefined ? (
        asked.is === 'asking' && <Busy say="network.loading" />
      ) : (
        <>
          <Roster network={network} signed={signed} refresh={refresh} />
          {network.waiting.length > 0 && network.signs && (
            <section aria-labelledby="waiting">
              <h2 id="waiting">{t('network.waiting')}</h2>
              <p>{t('network.waiting.text')}</p>
              <ul className="people">
                {network.waiting.map((one) => (
                  <WaitingCard key={one.person} one={one} network={network} signed={signed} refresh={refresh} />
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="people">
            <h2 id="people">{t('network.people')}</h2>
            <p>{t('network.people.text')}</p>
            <ul className="people">
              {network.people.map((one) => (
                <ColleagueCard
                  key={one.person}
                  one={one}
                  network={network}
                  signed={signed}
                  refresh={refresh}
                  ended={() => {
                    again();
                    setDid(t('network.end.done', { name: one.name }));
                  }}
                />
              ))}
            </ul>
          </section>
          {network.kind === 'inps' && <Substitutions network={network} signed={signed} refresh={refresh} />}
          <Agreements />
          <Others network={network} refresh={refresh} />
        </>
      )}
    </section>
  );
}
