import { Button } from 'design-react-kit';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

interface EndedProps {
  readonly why: 'blocked' | 'broken';
  readonly again: () => void;
}

/** The core can't run here, or has stopped: what to ask the help desk for. */
export function Ended({ why, again }: EndedProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <section>
      <Heading>{t(why === 'blocked' ? 'app.unreachable.title' : 'app.broken.title')}</Heading>
      <p className="lead">{why === 'blocked' ? t('app.unreachable.text', { address: location.origin }) : t('app.broken.text')}</p>
      <Button color="primary" onClick={again}>
        {t('app.again')}
      </Button>
    </section>
  );
}
