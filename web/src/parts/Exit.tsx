import { Button, Icon } from 'design-react-kit';
import { useId } from 'react';
import { useDesk } from '../core/desk';
import { useWords } from '../words/words';

/** Quick exit. It is the first thing that a keyboard reaches, in the page and in every dialog. */
export function Exit(): React.JSX.Element {
  const { t } = useWords();
  const { leave } = useDesk();
  const help = useId();
  return (
    <div className="exit">
      <Button color="danger" size="sm" onClick={leave} aria-describedby={help} title={t('exit.help')}>
        <Icon icon="it-close-circle" color="white" size="sm" aria-hidden />
        <span>{t('exit.button')}</span>
      </Button>
      <span id={help} className="visually-hidden">
        {`${t('exit.hint')}. ${t('exit.help')}`}
      </span>
    </div>
  );
}
