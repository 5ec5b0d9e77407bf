import { useWords } from '../words/words';

interface WillReadProps {
  /** Names of those who read beside her. */
  readonly colleagues: readonly string[];
  readonly theirs: readonly string[];
  readonly children?: React.ReactNode;
}

/** Who will be able to read, before anything is sent. */
export function WillRead({ colleagues, theirs, children }: WillReadProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <section className="will-read" aria-labelledby="will-read">
      <h2 id="will-read">{t('open.willRead')}</h2>
      <ul>
        <li>{t('open.willRead.you')}</li>
        {colleagues.map((name, i) => (
          <li key={i}>{t('open.willRead.colleague', { name })}</li>
        ))}
        {theirs.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {children}
      <p className="mb-0">{t('open.willRead.nobody')}</p>
    </section>
  );
}

/** The officers who were drawn, a line each. */
export function useOfficers(): (holder: string, substitute: string | undefined, place: string) => readonly string[] {
  const { t } = useWords();
  return (holder, substitute, place) => [
    t('open.willRead.holder', { name: holder, place }),
    substitute === undefined ? t('open.willRead.noSubstitute') : t('open.willRead.substitute', { name: substitute, place }),
  ];
}
