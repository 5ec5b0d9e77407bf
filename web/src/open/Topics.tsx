import { Button } from 'design-react-kit';
import { useMemo, useState } from 'react';
import type { Topic } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { useWords, type Key } from '../words/words';
import type { Draft } from './draft';

interface TopicsProps {
  readonly draft: Draft;
  /** Codes that Orientamento proposes. */
  readonly proposed: readonly string[];
  readonly change: (part: Partial<Draft>) => void;
  readonly next: () => void;
}

interface Group {
  readonly name: string;
  readonly topics: readonly Topic[];
}

const levels: Readonly<Record<string, Key & `level.${string}`>> = { L0: 'level.L0', L1: 'level.L1', L2: 'level.L2' };
const urgencies = ['U1', 'U2', 'U3'] as const;

/** The first letters of a code are what a topic is about. */
const kinds = {
  RDL: 'topics.RDL', PAG: 'topics.PAG', CON: 'topics.CON', ISE: 'topics.ISE', ADI: 'topics.ADI', AUU: 'topics.FAM', CNG: 'topics.LAV',
  NAS: 'topics.LAV', MAT: 'topics.FAM', NAT: 'topics.FAM', GEN: 'topics.FAM', INV: 'topics.PEN', SUP: 'topics.PEN', LAV: 'topics.LAV',
  STR: 'topics.ALT', PEN: 'topics.PEN', IND: 'topics.PAG', APP: 'topics.ALT', FOR: 'topics.ALT',
} as const satisfies Readonly<Record<string, Key>>;

function kindOf(topic: Topic): (typeof kinds)[keyof typeof kinds] {
  return (kinds as Readonly<Record<string, (typeof kinds)[keyof typeof kinds] | undefined>>)[topic.code.slice(0, 3)] ?? 'topics.ALT';
}

/** What a person types, without accents and capitals. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The first step: what it is about, among the network's topics. */
export function Topics({ draft, proposed, change, next }: TopicsProps): React.JSX.Element {
  const { t, count, language } = useWords();
  const topics = useVocabulary()?.topics;
  const [typed, setTyped] = useState('');
  const groups = useMemo<readonly Group[]>(() => {
    const words = plain(typed).split(/\s+/).filter((word) => word !== '');
    const found = (topics ?? []).filter((one) => {
      const text = plain([one.code, one.it, one.en, one.desc].join(' '));
      return words.every((word) => text.includes(word));
    });
    const all = new Map<string, Topic[]>();
    for (const one of found) {
      const name = proposed.includes(one.code) ? t('open.topic.proposed') : t(kindOf(one));
      all.set(name, [...(all.get(name) ?? []), one]);
    }
    const first = t('open.topic.proposed');
    return [...all.entries()].map(([name, topics]) => ({ name, topics })).sort((a, b) => Number(b.name === first) - Number(a.name === first));
  }, [topics, typed, proposed, t]);
  const shown = groups.reduce((n, group) => n + group.topics.length, 0);
  return (
    <form
      className="topics"
      autoComplete="off"
      onSubmit={(e) => {
        e.preventDefault();
        if (draft.topic !== '') {
          next();
        }
      }}
    >
      <div className="field search">
        <label htmlFor="topic-search">{t('open.topic.search')}</label>
        <input
          id="topic-search"
          type="text"
          className="form-control"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => {
            setTyped(e.target.value);
          }}
        />
        <p role="status" className="small text-muted">
          {topics === undefined ? '' : count('open.topic.count', shown)}
        </p>
      </div>
      <div className="groups">
        {groups.map((group) => (
          <fieldset key={group.name}>
            <legend>{group.name}</legend>
            {group.topics.map((one) => (
              <div className={one.code === draft.topic ? 'topic-line chosen' : 'topic-line'} key={one.code}>
                <input
                  type="radio"
                  name="topic"
                  id={`topic-${one.code}`}
                  checked={one.code === draft.topic}
                  aria-describedby={`topic-${one.code}-more`}
                  onChange={() => {
                    change({ topic: one.code, urgency: one.urgency });
                  }}
                />
                <label htmlFor={`topic-${one.code}`}>{one[language]}</label>
                <p id={`topic-${one.code}-more`} className="small text-muted">
                  <span lang="it">{one.desc}</span> <Level code={one.level} />
                </p>
              </div>
            ))}
          </fieldset>
        ))}
      </div>
      <div className="field urgency">
        <label htmlFor="urgency">{t('open.urgency')}</label>
        <select
          id="urgency"
          className="form-select"
          value={draft.urgency}
          disabled={draft.topic === ''}
          onChange={(e) => {
            change({ urgency: e.target.value });
          }}
        >
          {draft.urgency === '' && <option value="">{t('open.urgency.none')}</option>}
          {urgencies.map((code) => (
            <option key={code} value={code}>
              {t(`urgency.${code}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="actions">
        <Button color="primary" type="submit" disabled={draft.topic === ''}>
          {t('open.next')}
        </Button>
      </div>
    </form>
  );
}

function Level({ code }: { readonly code: string }): React.JSX.Element | null {
  const { t } = useWords();
  const key = levels[code];
  return key === undefined ? null : <strong>{t(key)}</strong>;
}
