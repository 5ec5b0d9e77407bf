import type { Conversation } from '../core/core';
import { useWords } from '../words/words';

/** Chi può leggere: the members, by the signed chain and not by the service's word. */
export function CanRead({ conversation }: { readonly conversation: Conversation }): React.JSX.Element {
  const { t } = useWords();
  return (
    <aside className="can-read" aria-labelledby="can-read">
      <h2 id="can-read">{t('case.canRead')}</h2>
      <p className="small">{t('case.canRead.lead')}</p>
      <ul>
        {conversation.members.map((member) => (
          <li key={member.person}>
            <strong>{member.self ? t('case.you') : member.name === '' ? t('case.unknownName') : member.name}</strong>
            <span>{`${member.organisation}, ${t(`seat.${member.seat}`)}`}</span>
            {member.barred !== undefined && <span className="text-danger">{t('case.barred')}</span>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
