import { Button, Callout, CalloutText, CalloutTitle } from 'design-react-kit';
import { useState } from 'react';
import type { Self } from '../core/core';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { Enrol } from './Enrol';

interface EnrolAgainProps {
  readonly opened: (self: Self) => void;
  readonly back: () => void;
}

/** Who has lost the phrase, and every passkey: what that means, before it is done. */
export function EnrolAgain({ opened, back }: EnrolAgainProps): React.JSX.Element {
  const { t } = useWords();
  const [going, setGoing] = useState(false);
  if (going) {
    return <Enrol opened={opened} task="enrolAgain" back={back} />;
  }
  return (
    <section className="narrow">
      <Heading>{t('again.title')}</Heading>
      <p className="lead">{t('again.lead')}</p>
      <ul>
        <li>{t('again.new')}</li>
        <li>{t('again.words')}</li>
        <li>{t('again.granted')}</li>
        <li>{t('again.undone')}</li>
      </ul>
      <Callout color="note" className="my-4">
        <CalloutTitle tag="h2">
          <span className="text">{t('again.before.title')}</span>
        </CalloutTitle>
        <CalloutText>{t('again.before.text')}</CalloutText>
      </Callout>
      <div className="actions">
        <Button
          color="danger"
          onClick={() => {
            setGoing(true);
          }}
        >
          {t('again.go')}
        </Button>
        <Button color="primary" outline onClick={back}>
          {t('enrol.back')}
        </Button>
      </div>
    </section>
  );
}
