import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { ReasonCode } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { useWords } from '../words/words';

/** The reason is recorded, and the centre of the case sees it. */
export function AskReason({ give }: { readonly give: (reason: ReasonCode) => void }): React.JSX.Element {
  const { t, language } = useWords();
  const reasons = useVocabulary()?.reasons ?? [];
  const [chosen, setChosen] = useState<ReasonCode>();
  return (
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
        {reasons.map((reason) => (
          <div className="form-check" key={reason.code}>
            <input
              type="radio"
              name="reason"
              id={`reason-${reason.code}`}
              checked={chosen === reason.code}
              onChange={() => {
                setChosen(reason.code);
              }}
            />
            <label htmlFor={`reason-${reason.code}`}>{reason[language]}</label>
          </div>
        ))}
      </fieldset>
      <Button color="primary" type="submit" disabled={chosen === undefined}>
        {t('case.reason.go')}
      </Button>
    </form>
  );
}
