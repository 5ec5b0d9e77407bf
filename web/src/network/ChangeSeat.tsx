import { useState } from 'react';
import type { Colleague } from '../core/core';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { Also } from './Also';
import { change, renewed } from './change';
import type { SignedProps } from './Roster';
import { endorsement, SeatFields, seatOf, wholeSeat } from './SeatFields';

interface ChangeSeatProps extends SignedProps {
  readonly one: Colleague;
  readonly close: () => void;
}

/** Another role, act or date for somebody who is on the roster. */
export function ChangeSeat({ one, network, signed, close }: ChangeSeatProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [seat, setSeat] = useState(() => seatOf(one));
  return (
    <Confirm
      title={t('network.change.title', { name: one.name })}
      go={t('network.sign')}
      notYet={!wholeSeat(seat)}
      act={async () => {
        signed(await core.call('signRoster', { version: network.version, changes: [change('endorse', one.person, endorsement(seat))] }));
      }}
      done={close}
      close={close}
    >
      <SeatFields seat={seat} change={setSeat} network={network} named={false} />
      <Also names={renewed(network, '')} />
    </Confirm>
  );
}
