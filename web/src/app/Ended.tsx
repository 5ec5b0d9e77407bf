import { Button } from 'design-react-kit';
import type { End } from '../core/core';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

interface EndedProps {
  readonly why: End;
  readonly again: () => void;
}

/** The core can't run here, did not arrive, or has stopped: what to ask the help desk for. */
export function Ended({ why, again }: EndedProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <section>
      <Heading>{t(`app.${why}.title`)}</Heading>
      <p className="lead">{why === 'broken' ? t('app.broken.text') : t(`app.${why}.text`, { address: location.origin })}</p>
      <Button color="primary" onClick={again}>
        {t('app.again')}
      </Button>
    </section>
  );
}
