import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { ReasonCode } from '../core/core';
import { useWords } from '../words/words';
import { Leave } from './Leave';
import { Reasons } from './reason';

interface AskReasonProps {
  readonly thread: string;
  readonly give: (reason: ReasonCode) => void;
}

/** The reason is recorded, and the centre of the case sees it. Who recognises a case can leave it without opening it. */
export function AskReason({ thread, give }: AskReasonProps): React.JSX.Element {
  const { t } = useWords();
  const [leaving, setLeaving] = useState(false);
  const [chosen, setChosen] = useState<ReasonCode>();
  return (
    <>
      <form
        className="ask-reason"
        onSubmit={(e) => {
          e.preventDefault();
          if (chosen !== undefined) {
            give(chosen);
          }
        }}
      >
        <fieldset>
          <legend>{t('case.reason.title')}</legend>
          <p>{t('case.reason.lead')}</p>
          <Reasons chosen={chosen} choose={setChosen} />
        </fieldset>
        <Button color="primary" type="submit" disabled={chosen === undefined}>
          {t('case.reason.go')}
        </Button>
        <Button color="link" size="sm" type="button" onClick={() => { setLeaving(true); }}>
          {t('knows.leave')}
        </Button>
      </form>
      {leaving && <Leave thread={thread} close={() => { setLeaving(false); }} />}
    </>
  );
}
