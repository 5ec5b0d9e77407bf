import { Alert, Button } from 'design-react-kit';
import { useState } from 'react';
import type { FormerKey, Self } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

interface PutBackProps {
  readonly opened: (self: Self) => void;
}

/** Her keys were made anew, by herself or by somebody in her place: those of before can be put back. */
export function PutBack({ opened }: PutBackProps): React.JSX.Element | null {
  const { t, time } = useWords();
  const { asked } = useAsked('formerKeys', {});
  const [chosen, setChosen] = useState<FormerKey>();
  if (asked.is !== 'answered' || asked.answer.former.length === 0) {
    return null;
  }
  return (
    <>
      <Alert color="warning">
        <h2 className="h5">{t('back.title')}</h2>
        <p>{t('back.text')}</p>
        {asked.answer.former.map((former) => (
          <p key={former.version} className="mb-2">
            <Button
              color="primary"
              outline
              size="sm"
              onClick={() => {
                setChosen(former);
              }}
            >
              {t('back.go', { when: time(former.replaced) })}
            </Button>
          </p>
        ))}
      </Alert>
      {chosen !== undefined && (
        <Phrase
          former={chosen}
          opened={opened}
          close={() => {
            setChosen(undefined);
          }}
        />
      )}
    </>
  );
}

interface PhraseProps extends PutBackProps {
  readonly former: FormerKey;
  readonly close: () => void;
}

function Phrase({ former, opened, close }: PhraseProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [phrase, setPhrase] = useState('');
  return (
    <Confirm
      title={t('back.confirm.title')}
      go={t('back.confirm.go')}
      notYet={phrase.trim() === ''}
      act={() => core.withPhrase('putBack', phrase, { former: former.version }).then(opened)}
      done={close}
      close={close}
    >
      <p>{t('back.confirm.text')}</p>
      <Secret id="back-phrase" label={t('back.phrase')} value={phrase} change={setPhrase} shown={false} />
    </Confirm>
  );
}
