import './writing.css';
import { useId, useRef } from 'react';
import type { Telling } from '../core/core';
import { useWords } from '../words/words';
import { useLook } from './look';

interface WritingProps {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly rows?: number;
}

/** A place to write, in which is marked what would tell who somebody is. What is in it is in memory only. */
export function Writing({ label, help, value, change, rows }: WritingProps): React.JSX.Element {
  const { t } = useWords();
  const id = useId();
  const behind = useRef<HTMLDivElement>(null);
  const found = useLook(value);
  return (
    <div className="writing">
      <label htmlFor={id}>{label}</label>
      <div className="sheet">
        <div className="behind" aria-hidden ref={behind}>
          <Marked text={value} found={found} />
        </div>
        <textarea
          id={id}
          rows={rows ?? 4}
          value={value}
          aria-describedby={`${id}-help ${id}-found`}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => {
            change(e.target.value);
          }}
          onScroll={(e) => {
            behind.current?.scrollTo(0, e.currentTarget.scrollTop);
          }}
        />
      </div>
      {help !== undefined && (
        <p id={`${id}-help`} className="small text-muted">
          {help}
        </p>
      )}
      <p id={`${id}-found`} role="status" className="telling">
        {found.length === 0 ? '' : t('look.found', { what: found.map((one) => `${t(`look.${one.kind}`)} (${one.text})`).join(', ') })}
      </p>
    </div>
  );
}

interface MarkedProps {
  readonly text: string;
  readonly found: readonly Telling[];
}

/** A text with what was found in it marked. */
export function Marked({ text, found }: MarkedProps): React.JSX.Element {
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const one of found) {
    parts.push(text.slice(at, one.from), <mark key={one.from}>{text.slice(one.from, one.to)}</mark>);
    at = one.to;
  }
  // A last empty line has its height only with something in it.
  return (
    <>
      {parts}
      {`${text.slice(at)}\n`}
    </>
  );
}
