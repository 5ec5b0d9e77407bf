import type { Member } from '../core/core';
import { Paper } from '../parts/Paper';
import { useWords } from '../words/words';

/** Chi sa cosa on paper: who reads, and since when. It names neither the service, nor a centre, nor what it is about. */
export function KnowsSheet({ members, called }: { readonly members: readonly Member[]; readonly called: (member: Member) => string }): React.JSX.Element {
  const { t, day } = useWords();
  const since = useSince();
  return (
    <Paper>
      <h1>{t('sheet.title')}</h1>
      <p>{t('sheet.knows', { day: day(new Date().toISOString()) })}</p>
      <ul>
        {members.map((member) => (
          <li key={member.person}>{`${called(member)}, ${t(`seat.${member.seat}`)}: ${since(member) ?? t('sheet.knows.all')}`}</li>
        ))}
      </ul>
    </Paper>
  );
}

/** Since when somebody reads; undefined for from the beginning. */
export function useSince(): (member: Member) => string | undefined {
  const { t, time } = useWords();
  return ({ from, earlier }) => (from === undefined ? undefined : t(earlier ? 'knows.from.earlier' : 'knows.from', { time: time(from) }));
}
