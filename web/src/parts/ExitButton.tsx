import { useId } from 'react';

interface ExitButtonProps {
  readonly leave: () => void;
  readonly say: { readonly button: string; readonly help: string };
}

/** What quick exit looks like, for pages with and without the client core. Its sign is drawn here: nothing is fetched for it. */
export function ExitButton({ leave, say }: ExitButtonProps): React.JSX.Element {
  const help = useId();
  return (
    <div className="exit">
      <button type="button" className="btn btn-danger btn-sm" onClick={leave} aria-describedby={help} title={say.help}>
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="1.75" />
          <path d="M8.5 8.5l7 7m0-7l-7 7" stroke="currentColor" strokeWidth="1.75" />
        </svg>
        <span>{say.button}</span>
      </button>
      <span id={help} className="visually-hidden">
        {say.help}
      </span>
    </div>
  );
}
