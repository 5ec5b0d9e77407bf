import { Alert } from 'design-react-kit';
import { useState } from 'react';
import type { Waiting } from '../core/core';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { Also } from './Also';
import { change, renewed } from './change';
import { Heard } from './Heard';
import { endorsement, noSeat, SeatFields, seatOf, wholeSeat } from './SeatFields';
import { useSign, type SignedProps } from './sign';
import { Six } from './Six';

interface CompareProps extends SignedProps {
  readonly one: Waiting;
  readonly close: () => void;
}

/** Two people hear the same six words, and one of them signs that they are the other's. */
export function Compare({ one, network, signed, refresh, close }: CompareProps): React.JSX.Element {
  const { t } = useWords();
  const sign = useSign({ network, signed, refresh });
  const line = network.people.find((p) => p.person === one.person);
  const [seat, setSeat] = useState(line === undefined ? noSeat(network) : seatOf(line));
  const [heard, setHeard] = useState(false);
  const again = one.before.length > 0;
  return (
    <Confirm
      title={t('network.compare.title')}
      go={t('network.sign')}
      recent="long"
      wide
      notYet={!heard || !wholeSeat(seat)}
      act={() => sign([change('endorse', one.person, { ...endorsement(seat), words: one.words })])}
      done={close}
      close={close}
    >
      <p>{t('network.compare.lead')}</p>
      {again && <Alert color="danger">{t('network.compare.changed', { name: one.name })}</Alert>}
      <div className="side-by-side">
        {again && (
          <div>
            <h3>{t('network.compare.before')}</h3>
            <Six words={one.before} label={t('network.compare.before')} look="large old" />
          </div>
        )}
        <div>
          {again && <h3>{t('network.compare.now')}</h3>}
          <Six words={one.words} label={t(again ? 'network.compare.now' : 'network.words')} look="large" />
        </div>
      </div>
      <p>{t('network.compare.different')}</p>
      <SeatFields seat={seat} change={setSeat} network={network} named={line === undefined} />
      <Also names={renewed(network, one.person)} />
      <Heard heard={heard} say={setHeard} />
    </Confirm>
  );
}
