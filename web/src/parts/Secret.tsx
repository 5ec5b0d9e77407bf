interface SecretProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly shown: boolean;
  readonly invalid?: boolean;
  readonly describedBy?: string;
}

/**
 * A field for what only she knows. It is no password field, which a browser would offer to
 * keep, and nothing in it is sent to a spelling service.
 */
export function Secret({ id, label, value, change, shown, invalid, describedBy }: SecretProps): React.JSX.Element {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        className={shown ? 'form-control' : 'form-control masked'}
        value={value}
        onChange={(e) => {
          change(e.target.value);
        }}
        aria-invalid={invalid === true}
        aria-describedby={describedBy}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
      />
    </div>
  );
}
