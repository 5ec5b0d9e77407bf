import { useWords } from '../words/words';

/** Whose renewed cards go in with the same signature. */
export function Also({ names }: { readonly names: readonly string[] }): React.JSX.Element | null {
  const { t } = useWords();
  return names.length === 0 ? null : <p>{t('network.sign.also', { names: names.join(', ') })}</p>;
}
