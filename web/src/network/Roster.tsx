import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { daysUntil, renewed } from './change';
import { Also } from './Also';
import { useSign, type SignedProps } from './sign';

/** Which days before the end of a roster it is said aloud. */
const soonDays = 60;

/** The roster itself: who signed it, and until when it is good. */
export function Roster(props: SignedProps): React.JSX.Element {
  const { network } = props;
  const { t, day, count } = useWords();
  const sign = useSign(props);
  const [renewing, setRenewing] = useState(false);
  const left = network.version > 0 ? daysUntil(network.expires) : undefined;
  return (
    <section aria-labelledby="roster">
      <h2 id="roster">{network.name}</h2>
      {network.version === 0 ? (
        <p>{t('network.roster.none')}</p>
      ) : (
        <p>
          {t('network.roster.says', { version: network.version, name: network.signedBy, day: day(network.issued) })}{' '}
          {t('network.roster.until', { day: day(network.expires) })}
        </p>
      )}
      {left !== undefined && left <= soonDays && <Alert color="warning">{count('network.roster.soon', left)}</Alert>}
      {network.signs && network.version > 0 && (
        <Button
          color="primary"
          outline
          size="sm"
          className="mb-4"
          onClick={() => {
            setRenewing(true);
          }}
        >
          {t('network.roster.renew')}
        </Button>
      )}
      {renewing && (
        <Confirm
          title={t('network.roster.renew')}
          go={t('network.sign')}
          recent="form"
          act={() => sign([])}
          done={() => {
            setRenewing(false);
          }}
          close={() => {
            setRenewing(false);
          }}
        >
          <p>{t('network.roster.renew.text')}</p>
          <Also names={renewed(network, '')} />
        </Confirm>
      )}
    </section>
  );
}
