import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure } from '../core/core';
import { FailureNotice } from '../parts/FailureNotice';
import { Heading } from '../parts/Heading';
import { Secret } from '../parts/Secret';
import { useWords } from '../words/words';

/** The code of her invitation binds an account to a person, once. */
export function Invitation({ entered }: { readonly entered: () => void }): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    core.call('invitation', { invitation: code.trim() }).then(
      () => {
        history.replaceState(null, '', '/');
        entered();
      },
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
        <Secret id="invitation" label={t('enter.invitation.label')} value={code} change={setCode} shown />
        {failure !== undefined &&
          (failure.key === 'invalid' ? <p role="alert">{t('enter.invitation.wrong')}</p> : <FailureNotice failure={failure} />)}
        <Button color="primary" type="submit" disabled={code.trim() === ''}>
          {t('enter.invitation.go')}
        </Button>
      </form>
    </section>
  );
}
