import './network.css';
import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import { useCards } from '../app/kept';
import type { ChangedCard } from '../core/core';
import { useAsked } from '../core/desk';
import { useNews } from '../core/news';
import { useWords } from '../words/words';
import { Accept } from './Accept';

/**
 * Whose card has changed since this device knew her: said in every room, before anything is sealed to it.
 * It is asked again in each, and what is said stays meanwhile: the room must not move under her hand.
 */
export function ChangedCards({ at }: { readonly at: string }): React.JSX.Element | null {
  const { t } = useWords();
  const [cards, lookAgain] = useCards();
  const { asked } = useAsked('changedCards', {}, { news: `${at} ${String(useNews())} ${String(cards)}` });
  const [comparing, setComparing] = useState<{ readonly one: ChangedCard; readonly at: string }>();
  const changed = asked.is === 'answered' ? asked.answer.changed : (asked.before?.changed ?? []);
  const close = (): void => {
    setComparing(undefined);
  };
  return (
    <>
      <div role="status">
        {changed.map((one) => (
          <Alert key={one.person} color="warning">
            <p className="mb-2">{t('network.changed', { name: one.name, place: one.place })}</p>
            <Button
              color="primary"
              size="xs"
              onClick={() => {
                setComparing({ one, at });
              }}
            >
              {t('network.accept')}
            </Button>
          </Alert>
        ))}
      </div>
      {comparing?.at === at && (
        <Accept
          {...comparing.one}
          done={() => {
            close();
            lookAgain((n) => n + 1);
          }}
          close={close}
        />
      )}
    </>
  );
}
