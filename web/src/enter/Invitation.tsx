import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure } from '../core/core';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

interface InvitationProps {
  readonly entered: () => void;
  /** To the entrance: she came late, or by another account than she meant. */
  readonly back: () => void;
}

/** The code of her invitation binds an account to a person, once, and within ten minutes of the sign-in. */
export function Invitation({ entered, back }: InvitationProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    core.call('invitation', { invitation: code.trim() }).then(
      entered,
      (err: unknown) => {
        setFailure(failureOf(err));
      },
    );
  };
  return (
    <section className="narrow">
      <Heading>{t('enter.invitation.title')}</Heading>
      <p className="lead">{t('enter.invitation.lead')}</p>
      <form onSubmit={submit} autoComplete="off">
        <Secret id="invitation" label={t('enter.invitation.label')} value={code} change={setCode} shown invalid={failure?.key === 'invalid'} />
        {failure !== undefined && <Why failure={failure} />}
        <div className="actions">
          <Button color="primary" type="submit" disabled={code.trim() === ''}>
            {t('enter.invitation.go')}
          </Button>
          <Button color="primary" outline type="button" onClick={back}>
            {t('enter.invitation.back')}
          </Button>
        </div>
        <p className="small text-muted mt-3">{t('enter.invitation.not')}</p>
      </form>
    </section>
  );
}

function Why({ failure }: { readonly failure: Failure }): React.JSX.Element {
  const { t } = useWords();
  switch (failure.key) {
    case 'invalid':
      return <p role="alert" className="text-danger">{t('enter.invitation.wrong')}</p>;
    case 'signed-out':
      return <p role="alert">{t('enter.invitation.late')}</p>;
    default:
      return <FailureNotice failure={failure} />;
  }
}
