import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Waiting } from '../core/core';
import { useWords } from '../words/words';
import { Compare } from './Compare';
import type { SignedProps } from './sign';
import { Six } from './Six';

interface WaitingCardProps extends SignedProps {
  readonly one: Waiting;
}

/** A card that waits to be put on the roster. */
export function WaitingCard({ one, network, signed, refresh }: WaitingCardProps): React.JSX.Element {
  const { t, day } = useWords();
  const [comparing, setComparing] = useState(false);
  const name = one.name === '' ? t('network.unnamed', { code: one.person }) : one.name;
  const state = one.renewal ? 'network.waiting.renewal' : one.before.length > 0 ? 'network.waiting.again' : 'network.waiting.new';
  return (
    <li className="colleague waiting">
      <div className="head">
        <strong>{name}</strong>
        <span>{t(state)}</span>
      </div>
      <p className="details">{t('network.waiting.since', { day: day(one.issued) })}</p>
      {!one.renewal && (
        <>
          <Six words={one.words} label={t('network.words.of', { name })} />
          <div className="actions">
            <Button
              color="primary"
              size="sm"
              aria-label={t('network.waiting.compare.which', { name })}
              onClick={() => {
                setComparing(true);
              }}
            >
              {t('network.waiting.compare')}
            </Button>
          </div>
        </>
      )}
      {comparing && (
        <Compare
          one={one}
          network={network}
          signed={(now) => {
            setComparing(false);
            signed(now);
          }}
          refresh={refresh}
          close={() => {
            setComparing(false);
          }}
        />
      )}
    </li>
  );
}
