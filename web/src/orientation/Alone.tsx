import { useCallback, useEffect, useMemo, useState } from 'react';
import { quickExit, useThreeShifts } from '../app/exit';
import { ExitButton } from '../parts/ExitButton';
import { Languages } from '../parts/Languages';
import type { Language } from '../words/speech';
import { Orientation } from './Orientation';
import { talk } from './talk';

/** The room by itself, for whoever opens its address: nobody signs in, and nothing is asked of the service. */
export function Alone(): React.JSX.Element {
  const [language, setLanguage] = useState<Language>('it');
  const { t } = useMemo(() => talk(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const leave = useCallback(() => {
    quickExit(undefined);
  }, []);
  useThreeShifts(leave);
  return (
    <>
      <header>
        <ExitButton leave={leave} say={{ button: t('exit.button'), help: `${t('exit.hint')}. ${t('exit.help')}` }} />
        <a className="skip" href="#content">
          {t('app.skip')}
        </a>
        <div className="top">
          <div className="container">
            <div className="brand">
              <img src="/icon.svg" alt="" width="32" height="32" />
              <span>{t('app.title')}</span>
            </div>
          </div>
        </div>
      </header>
      <main id="content" className="container" tabIndex={-1}>
        <Orientation language={language} />
      </main>
      <footer className="bottom">
        <div className="container">
          <Languages language={language} setLanguage={setLanguage} say={{ group: t('app.language'), it: t('app.language.it'), en: t('app.language.en') }} />
          <span className="hint">{`${t('exit.button')} ${t('exit.hint')}`}</span>
        </div>
      </footer>
    </>
  );
}
