import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useCards } from '../app/kept';
import { useAsked, useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

/** Until when her card is good, and the next one. */
export function OwnCard(): React.JSX.Element {
  const { t, day } = useWords();
  const { core } = useDesk();
  const { asked, again } = useAsked('ownCard', {});
  const [, lookAgain] = useCards();
  const [renewing, setRenewing] = useState(false);
  const card = asked.is === 'answered' ? asked.answer : asked.before;
  return (
    <section aria-labelledby="own-card">
      <h2 id="own-card">{t('profile.card')}</h2>
      <p>{t('profile.card.lead')}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {card !== undefined && (
        <dl className="facts">
          <dt>{t('profile.card.until')}</dt>
          <dd>{day(card.expires)}</dd>
        </dl>
      )}
      {card?.renewed === true && <p>{t('profile.card.renewed')}</p>}
      {card?.steward === true && <p>{t('profile.card.steward')}</p>}
      {card !== undefined && !card.renewed && !card.steward && (
        <Button
          color="primary"
          outline
          size="sm"
          onClick={() => {
            setRenewing(true);
          }}
        >
          {t('profile.card.renew')}
        </Button>
      )}
      {renewing && (
        <Confirm
          title={t('profile.card.renew')}
          go={t('profile.card.renew')}
          recent="form"
          act={() => core.call('renewCard', {})}
          done={() => {
            setRenewing(false);
            again();
            lookAgain((n) => n + 1);
          }}
          close={() => {
            setRenewing(false);
          }}
        >
          <p>{t('profile.card.renew.text')}</p>
        </Confirm>
      )}
    </section>
  );
}
