import { Alert } from 'design-react-kit';
import { useCards } from '../app/kept';
import { useAsked } from '../core/desk';
import { useNews } from '../core/news';
import { useWords } from '../words/words';

/**
 * What is hers to do before a card or the list expires: said in every room, since afterwards nobody can write to her.
 * It is asked again in each, and what is said stays meanwhile: the room must not move under her hand.
 */
export function Reminders({ at }: { readonly at: string }): React.JSX.Element {
  const { t, day } = useWords();
  const [cards] = useCards();
  const { asked } = useAsked('reminders', {}, { news: `${at} ${String(useNews())} ${String(cards)}` });
  const all = asked.is === 'answered' ? asked.answer.reminders : (asked.before?.reminders ?? []);
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
