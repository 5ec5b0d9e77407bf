import { Alert } from 'design-react-kit';
import { useAsked } from '../core/desk';
import { useWords } from '../words/words';

/** What is hers to do before a card or the list expires: said in every room, since afterwards nobody can write to her. */
export function Reminders(): React.JSX.Element {
  const { t, day } = useWords();
  const { asked } = useAsked('reminders', {});
  const all = asked.is === 'answered' ? asked.answer.reminders : [];
  return (
    <div role="status">
      {all
        .filter((one) => one.own)
        .map((one) => (
          <Alert key={`${one.due} ${one.person ?? ''}`} color="info">
            {one.due === 'renewed' ? t('remind.renewed', { name: one.name, day: day(one.expires) }) : t(`remind.${one.due}`, { day: day(one.expires) })}
          </Alert>
        ))}
    </div>
  );
}
