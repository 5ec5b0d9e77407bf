import { useState } from 'react';
import type { Colleague } from '../core/core';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { Also } from './Also';
import { change, renewed } from './change';
import { useSign, type SignedProps } from './sign';
import { endorsement, SeatFields, seatOf, wholeSeat } from './SeatFields';

interface ChangeSeatProps extends SignedProps {
  readonly one: Colleague;
  readonly close: () => void;
}

/** Another role, act or date for somebody who is on the roster. */
export function ChangeSeat({ one, network, signed, refresh, close }: ChangeSeatProps): React.JSX.Element {
  const { t } = useWords();
  const sign = useSign({ network, signed, refresh });
  const [seat, setSeat] = useState(() => seatOf(one));
  return (
    <Confirm
      title={t('network.change.title', { name: one.name })}
      go={t('network.sign')}
      recent="form"
      notYet={!wholeSeat(seat)}
      act={() => sign([change('endorse', one.person, endorsement(seat))])}
      done={close}
      close={close}
    >
      <SeatFields seat={seat} change={setSeat} network={network} named={false} />
      <Also names={renewed(network, '')} />
    </Confirm>
  );
}
