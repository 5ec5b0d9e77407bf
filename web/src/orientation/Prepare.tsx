import type { Book } from './book';
import type { BenefitResult } from './evaluate';
import { useTalk } from './talk';

interface PrepareProps {
  readonly book: Book;
  readonly likely: readonly BenefitResult[];
  readonly verify: readonly BenefitResult[];
}

/** What to prepare: for what is probable, and, folded, what more for what is to be verified. */
export function Prepare({ book, likely, verify }: PrepareProps): React.JSX.Element | null {
  const { t, count } = useTalk();
  const first = [...new Set(likely.flatMap(({ documents }) => documents))];
  const more = [...new Set(verify.flatMap(({ documents }) => documents))].filter((id) => !first.includes(id));
  if (first.length + more.length === 0) {
    return null;
  }
  return (
    <section className="part prepare">
      <h2>{t('orientation.prepare')}</h2>
      {first.length > 0 && (
        <>
          <p className="hint">{t('orientation.prepare.text')}</p>
          <Documents book={book} ids={first} />
        </>
      )}
      {more.length > 0 && (
        <details>
          <summary>{count('orientation.prepare.more', more.length)}</summary>
          <Documents book={book} ids={more} />
        </details>
      )}
    </section>
  );
}

function Documents({ book, ids }: { readonly book: Book; readonly ids: readonly string[] }): React.JSX.Element {
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>{book.documents[id] ?? id}</li>
      ))}
    </ul>
  );
}
