import { Button } from 'design-react-kit';
import { useCallback, useState } from 'react';
import { Dialog } from '../parts/Dialog';
import { useWords } from '../words/words';

const parts = ['state', 'tested', 'limits', 'tell'] as const;

/** Dichiarazione di accessibilità: over the page, so that nothing that is being written is lost. */
export function Accessibility(): React.JSX.Element {
  const { t } = useWords();
  const [shown, setShown] = useState(false);
  const close = useCallback(() => {
    setShown(false);
  }, []);
  return (
    <>
      <button
        type="button"
        className="statement"
        onClick={() => {
          setShown(true);
        }}
      >
        {t('access.title')}
      </button>
      {shown && (
        <Dialog title={t('access.title')} close={close} wide>
          {parts.map((part) => (
            <section key={part}>
              <h3>{t(`access.${part}.title`)}</h3>
              <p>{t(`access.${part}.text`)}</p>
            </section>
          ))}
          <Button color="primary" onClick={close}>
            {t('access.close')}
          </Button>
        </Dialog>
      )}
    </>
  );
}
