interface SixProps {
  readonly words: readonly string[];
  readonly label: string;
  readonly look?: 'large' | 'large old';
}

/** Six verification words, in their order. */
export function Six({ words, label, look }: SixProps): React.JSX.Element {
  return (
    <ol className={look === undefined ? 'six' : `six ${look}`} aria-label={label}>
      {words.map((word, i) => (
        <li key={i}>{word}</li>
      ))}
    </ol>
  );
}
