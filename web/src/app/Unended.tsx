import { Alert, Button } from 'design-react-kit';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

/** She has signed out, and the service has not said so: whoever sits here next might come in as her. */
export function Unended({ again }: { readonly again: () => void }): React.JSX.Element {
  const { t } = useWords();
  return (
    <section className="narrow">
      <Heading>{t('app.unended.title')}</Heading>
      <Alert color="danger" role="alert">
        {t('app.unended.text')}
      </Alert>
      <p>{t('app.unended.else')}</p>
      <Button color="primary" size="lg" onClick={again}>
        {t('app.unended.again')}
      </Button>
    </section>
  );
}
