import { useWords } from '../words/words';

/** What is recorded about her, and for how long: who is watched is told. */
export function Recorded(): React.JSX.Element {
  const { t } = useWords();
  return (
    <section aria-labelledby="recorded">
      <h2 id="recorded">{t('profile.recorded')}</h2>
      <ul>
        {(['acts', 'not', 'who', 'long', 'here'] as const).map((one) => (
          <li key={one}>{t(`profile.recorded.${one}`)}</li>
        ))}
      </ul>
    </section>
  );
}
