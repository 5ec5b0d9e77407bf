import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useWords } from '../words/words';

/** The number that people quote, to be copied where she keeps such numbers. */
export function Receipt({ number }: { readonly number: string }): React.JSX.Element {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(number).then(
      () => {
        setCopied(true);
      },
      () => undefined, // the number is there to be read
    );
  };
  return (
    <span className="receipt">
      {t('case.receipt', { number })}
      <Button color="link" size="xs" type="button" onClick={copy} aria-label={t('talk.copy', { number })}>
        {t(copied ? 'talk.copied' : 'talk.copy.short')}
      </Button>
    </span>
  );
}
