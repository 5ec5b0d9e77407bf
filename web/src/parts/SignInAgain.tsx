import { Button } from 'design-react-kit';
import { useEffect, useState } from 'react';
import type { Issuer } from '../core/core';
import { useDesk } from '../core/desk';
import { leaveToSignIn } from '../core/exit';
import { useWords } from '../words/words';

/** The way to sign in anew, for what may be done for a quarter of an hour after it. What is open here is locked by it. */
export function SignInAgain(): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const [issuers, setIssuers] = useState<readonly Issuer[]>([]);
  useEffect(() => {
    core.call('service', {}).then(
      (service) => {
        setIssuers(service.issuers);
      },
      () => undefined, // the page is left and entered again by hand
    );
  }, [core]);
  return (
    <>
      <p className="mt-2 mb-0">{t('fresh.lost')}</p>
      <div className="actions">
        {issuers.map((issuer) => (
          <Button
            key={issuer.url}
            color="primary"
            size="sm"
            type="button"
            onClick={() => {
              leaveToSignIn(issuer.url);
            }}
          >
            {issuers.length === 1 ? t('fresh.go') : t('fresh.with', { label: issuer.label })}
          </Button>
        ))}
      </div>
    </>
  );
}
