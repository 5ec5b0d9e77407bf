import { Alert, Button, Callout, CalloutText, CalloutTitle } from 'design-react-kit';
import type { Service } from '../core/core';
import { leaveToSignIn } from '../core/exit';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';
import { Invitation } from './Invitation';

interface SignInProps {
  readonly service: Service;
  /** She has signed in and is bound to nobody yet. */
  readonly invited: boolean;
  /** The session that was here has ended, by itself or because somebody ended it. */
  readonly ended: boolean;
  readonly entered: () => void;
  /** From the invitation to the entrance. */
  readonly back: () => void;
}

export function SignIn({ service, invited, ended, entered, back }: SignInProps): React.JSX.Element {
  const { t } = useWords();
  if (invited) {
    return <Invitation entered={entered} back={back} />;
  }
  return (
    <section className="narrow">
      <Heading>{t('enter.title')}</Heading>
      {ended && (
        <Alert color="warning" role="alert">
          {t('enter.ended')}
        </Alert>
      )}
      <p className="lead">{t('enter.lead')}</p>
      {service.issuers.length === 0 && <p>{t('enter.none')}</p>}
      <div className="d-grid gap-3 my-4">
        {service.issuers.map((issuer) => (
          <Button
            key={issuer.url}
            color="primary"
            size="lg"
            onClick={() => {
              leaveToSignIn(issuer.url);
            }}
          >
            {t('enter.with', { label: issuer.label })}
          </Button>
        ))}
      </div>
      <p>
        <a href="/orientamento.html">{t('enter.orientation')}</a>
        <br />
        <span className="small text-muted">{t('enter.orientation.text')}</span>
      </p>
      <Callout color="note" className="mt-5">
        <CalloutTitle tag="h2">
          <span className="text">{t('enter.shared.title')}</span>
        </CalloutTitle>
        <CalloutText>{t('enter.shared.text')}</CalloutText>
      </Callout>
    </section>
  );
}
