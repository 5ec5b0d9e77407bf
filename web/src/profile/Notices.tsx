import { Button } from 'design-react-kit';
import { useState } from 'react';
import { failureOf, type Failure } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

/** Where she is told by mail that something has come. */
export function Notices(): React.JSX.Element {
  const { t } = useWords();
  const { asked, again } = useAsked('notices', {});
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">{t('profile.notices')}</h2>
      <p>{t('profile.notices.lead')}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {asked.is === 'answered' && <Address was={asked.answer.address} />}
    </section>
  );
}

function Address({ was }: { readonly was: string }): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const [address, setAddress] = useState(was);
  const [saved, setSaved] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const save = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    setSaved(false);
    setFailure(undefined);
    core.call('putNotices', { address: address.trim() }).then(
      () => {
        setSaved(true);
      },
      (err: unknown) => {
        const why = failureOf(err);
        if (!over(why)) {
          setFailure(why);
        }
      },
    );
  };
  return (
    <form onSubmit={save} autoComplete="off">
      <div className="field">
        <label htmlFor="address">{t('profile.notices.address')}</label>
        <input
          id="address"
          type="email"
          className="form-control"
          value={address}
          onChange={(e) => {
            setAddress(e.target.value);
            setSaved(false);
          }}
          aria-describedby="address-help"
          autoComplete="off"
          spellCheck={false}
        />
        <p id="address-help" className="small text-muted">
          {t('profile.notices.help')}
        </p>
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      <Button color="primary" outline size="sm" type="submit">
        {t('profile.notices.save')}
      </Button>
      <span role="status" className="ms-3">
        {saved ? t('profile.notices.saved') : ''}
      </span>
    </form>
  );
}
