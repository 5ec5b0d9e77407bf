import './profile.css';
import { useState } from 'react';
import type { Me, Self } from '../core/core';
import { Heading } from '../parts/Heading';
import { SessionList } from '../parts/SessionList';
import { useWords } from '../words/words';
import { ChangePhrase } from './ChangePhrase';
import { Notices } from './Notices';
import { OwnCard } from './OwnCard';
import { Recorded } from './Recorded';
import { Ways } from './Ways';

interface ProfileProps {
  readonly me: Me;
  readonly self: Self;
}

/** Profilo: who she is here, what opens her keys, where she is signed in, and what is kept about her. */
export function Profile({ me, self }: ProfileProps): React.JSX.Element {
  const { t } = useWords();
  const [changing, setChanging] = useState(false);
  const [changed, setChanged] = useState(false);
  if (changing) {
    return (
      <ChangePhrase
        done={() => {
          setChanging(false);
          setChanged(true);
        }}
        back={() => {
          setChanging(false);
        }}
      />
    );
  }
  return (
    <div className="narrow profile">
      <Heading>{t('room.profile')}</Heading>
      <dl className="facts">
        <dt>{t('profile.place')}</dt>
        <dd>{me.organisation}</dd>
        <dt>{t('profile.roles')}</dt>
        <dd>{me.roles.map((role) => t(`role.${role}`)).join(', ')}</dd>
        <dt>{t('profile.words')}</dt>
        <dd>{self.words.join(' ')}</dd>
      </dl>
      <Ways
        phraseChanged={changed}
        change={() => {
          setChanging(true);
        }}
      />
      <section aria-labelledby="own-sessions">
        <h2 id="own-sessions">{t('profile.sessions')}</h2>
        <p>{t('profile.sessions.lead')}</p>
        <SessionList />
      </section>
      <OwnCard />
      <Notices />
      <section aria-labelledby="language">
        <h2 id="language">{t('profile.language')}</h2>
        <p>{t('profile.language.text')}</p>
      </section>
      <Recorded />
    </div>
  );
}
