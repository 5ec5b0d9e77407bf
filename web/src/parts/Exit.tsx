import { useDesk } from '../core/desk';
import { useWords } from '../words/words';
import { ExitButton } from './ExitButton';

/** Quick exit. It is the first thing that a keyboard reaches, in the page and in every dialog. */
export function Exit(): React.JSX.Element {
  const { t } = useWords();
  const { leave } = useDesk();
  return <ExitButton leave={leave} say={{ button: t('exit.button'), help: `${t('exit.hint')}. ${t('exit.help')}` }} />;
}
