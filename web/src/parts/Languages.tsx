import type { Language } from '../words/speech';

interface LanguagesProps {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly say: { readonly group: string } & Readonly<Record<Language, string>>;
}

/** The languages of the page itself. */
export function Languages({ language, setLanguage, say }: LanguagesProps): React.JSX.Element {
  return (
    <div className="languages" role="group" aria-label={say.group}>
      {(['it', 'en'] as const).map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          onClick={() => {
            setLanguage(one);
          }}
        >
          {say[one]}
        </button>
      ))}
    </div>
  );
}
