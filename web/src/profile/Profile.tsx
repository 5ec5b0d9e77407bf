import type { Me, Self } from '../core/core';
import { Heading } from '../parts/Heading';
import { useWords } from '../words/words';

interface ProfileProps {
  readonly me: Me;
  readonly self: Self;
}

/** Profilo: who she is here, by the service's word and by her own card. */
export function Profile({ me, self }: ProfileProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <section className="narrow">
      <Heading>{t('room.profile')}</Heading>
      <dl className="facts">
        <dt>{t('profile.place')}</dt>
        <dd>{me.organisation}</dd>
        <dt>{t('profile.roles')}</dt>
        <dd>{me.roles.map((role) => t(`role.${role}`)).join(', ')}</dd>
        <dt>{t('profile.words')}</dt>
        <dd>{self.words.join(' ')}</dd>
      </dl>
    </section>
  );
}
