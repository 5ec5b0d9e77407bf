import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Network, Neighbour, Stranger } from '../core/core';
import { useWords } from '../words/words';
import { Accept } from './Accept';
import { Six } from './Six';

interface OthersProps {
  readonly network: Network;
  readonly refresh: () => void;
}

/** The organisations around one's own, and who can be written to there. */
export function Others({ network, refresh }: OthersProps): React.JSX.Element {
  const { t, count } = useWords();
  return (
    <section aria-labelledby="others">
      <h2 id="others">{t('network.others')}</h2>
      {network.others.length === 0 && <p>{t('network.others.none')}</p>}
      <ul className="people">
        {network.others.map((o) => (
          <li key={o.organisation} className="colleague">
            <div className="head">
              <strong>{o.name === '' ? o.organisation : o.name}</strong>
              <span>{t(`kind.${o.kind}`)}</span>
              {o.province !== '' && <span>{o.province}</span>}
            </div>
            {o.people.length > 0 && (
              <details>
                <summary>{count('network.others.people', o.people.length)}</summary>
                {o.people.map((p) => (
                  <Somebody key={p.person} one={p} at={o} refresh={refresh} />
                ))}
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SomebodyProps {
  readonly one: Stranger;
  readonly at: Neighbour;
  readonly refresh: () => void;
}

function Somebody({ one, at, refresh }: SomebodyProps): React.JSX.Element {
  const { t } = useWords();
  const [accepting, setAccepting] = useState(false);
  return (
    <div className="mt-3">
      <p className="mb-0">
        <strong>{one.name}</strong> {one.roles.map((role) => t(`role.${role}`)).join(', ')}
        {one.changed && <span className="mark U1 ms-2">{t('network.state.changed')}</span>}
      </p>
      <Six words={one.words} label={t('network.words.of', { name: one.name })} />
      {one.changed && (
        <Button
          color="primary"
          size="xs"
          outline
          className="mt-2"
          onClick={() => {
            setAccepting(true);
          }}
        >
          {t('network.accept')}
        </Button>
      )}
      {accepting && (
        <Accept
          organisation={at.organisation}
          person={one.person}
          name={one.name}
          words={one.words}
          done={() => {
            setAccepting(false);
            refresh();
          }}
          close={() => {
            setAccepting(false);
          }}
        />
      )}
    </div>
  );
}
