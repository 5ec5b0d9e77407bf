import { Button } from 'design-react-kit';
import type { Self } from '../core/core';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

interface VerificationWordsProps {
  readonly self: Self;
  readonly again: () => void;
}

/** The six words of her card, as long as no steward has put it on the roster. */
export function VerificationWords({ self, again }: VerificationWordsProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <section className="narrow">
      <Heading>{t('enrol.words.title')}</Heading>
      <p className="lead">{t('enrol.words.lead')}</p>
      <ol className="phrase" aria-label={t('enrol.words.title')}>
        {self.words.map((word, i) => (
          <li key={i}>{word}</li>
        ))}
      </ol>
      <p>{t('enrol.words.waiting')}</p>
      <Button color="primary" onClick={again}>
        {t('enrol.words.again')}
      </Button>
    </section>
  );
}
