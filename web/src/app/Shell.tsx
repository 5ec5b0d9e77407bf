import { Button } from 'design-react-kit';
import { Exit } from '../parts/Exit';
import { Languages } from '../parts/Languages';
import { Soon } from '../parts/Soon';
import { useWords, type Language } from '../words/words';
import { Accessibility } from './Accessibility';
import type { Stage } from './visit';

interface ShellProps {
  readonly stage: Stage;
  readonly lock: () => void;
  readonly signOut: () => void;
  readonly setLanguage: (language: Language) => void;
  readonly children: React.ReactNode;
}

/** What is around every room. Quick exit is the first thing that a keyboard reaches. */
export function Shell({ stage, lock, signOut, setLanguage, children }: ShellProps): React.JSX.Element {
  const { t, language } = useWords();
  const service = 'service' in stage ? stage.service : undefined;
  return (
    <>
      <header>
        <Exit />
        <Soon />
        <a className="skip" href="#content">
          {t('app.skip')}
        </a>
        <div className="top">
          <div className="container">
            <div className="brand">
              <img src="/icon.svg" alt="" width="32" height="32" />
              <span>{t('app.title')}</span>
            </div>
            {'me' in stage && <Who stage={stage} lock={lock} signOut={signOut} />}
          </div>
        </div>
        {service?.demonstration === true && (
          <p className="demonstration">
            {t('app.demonstration')}
          </p>
        )}
      </header>
      <main id="content" className="container" tabIndex={-1}>
        {children}
      </main>
      <footer className="bottom">
        <div className="container">
          <Languages language={language} setLanguage={setLanguage} say={{ group: t('app.language'), it: t('app.language.it'), en: t('app.language.en') }} />
          <Accessibility />
          <span className="hint">{`${t('exit.button')} ${t('exit.hint')}`}</span>
        </div>
      </footer>
    </>
  );
}

interface WhoProps {
  readonly stage: Extract<Stage, { readonly me: unknown }>;
  readonly lock: () => void;
  readonly signOut: () => void;
}

function Who({ stage, lock, signOut }: WhoProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <div className="who">
      <span className="place">{stage.me.organisation}</span>
      <span className="roles">{stage.me.roles.map((role) => t(`role.${role}`)).join(', ')}</span>
      {stage.at === 'open' && (
        <Button color="light" outline size="xs" onClick={lock}>
          {t('app.lock')}
        </Button>
      )}
      <Button color="light" outline size="xs" onClick={signOut}>
        {t('app.signOut')}
      </Button>
    </div>
  );
}
