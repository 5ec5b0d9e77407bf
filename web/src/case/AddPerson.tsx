import { useRef, useState } from 'react';
import type { Choice, Conversation, Listed, Reachable } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Busy } from '../parts/Busy';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

interface AddPersonProps {
  readonly conversation: Conversation;
  readonly inside: Listed | undefined;
  readonly done: (conversation: Conversation) => void;
  readonly close: () => void;
}

interface Candidate extends Choice {
  readonly home: Reachable;
}

/** Adds somebody: a colleague, or of the other side who is not excluded. Who is excluded, only the centre's own thread says. */
export function AddPerson({ conversation, inside, done, close }: AddPersonProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const { asked, again } = useAsked('choices', inside === undefined ? {} : { inside: inside.thread });
  const [chosen, setChosen] = useState('');
  const [all, setAll] = useState<boolean>();
  const choices = asked.is === 'answered' ? asked.answer : undefined;
  const homes = choices === undefined ? [] : [choices.own, ...choices.others.filter((one) => inside !== undefined && one.name === conversation.with)];
  const candidates: readonly Candidate[] = homes.flatMap((home) =>
    home.people
      .filter((one) => one.barred === undefined && !conversation.members.some((member) => member.person === one.person))
      .map((one) => ({ ...one, home })),
  );
  const candidate = candidates.find((one) => one.person === chosen);
  const act = async (): Promise<Conversation> => {
    if (candidate === undefined || all === undefined) {
      return conversation;
    }
    const other = choices !== undefined && candidate.home.id !== choices.own.id;
    const answer = await core.call('changeMembers', {
      thread: conversation.thread,
      ...(other && inside !== undefined ? { inside: inside.thread } : {}),
      add: [{ organisation: candidate.home.id, person: candidate.person, all }],
      remove: [],
    });
    return answer.conversation;
  };
  const after = useRef<Conversation>();
  return (
    <Confirm
      title={t('knows.add')}
      go={t('knows.add.go')}
      notYet={candidate === undefined || all === undefined}
      act={() => act().then((answer) => { after.current = answer; })}
      done={() => { done(after.current ?? conversation); }}
      close={close}
    >
      {asked.is === 'asking' && <Busy say="open.loading" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {choices !== undefined && candidates.length === 0 && <p>{t('knows.add.none')}</p>}
      <fieldset className="choosing">
        <legend className="visually-hidden">{t('knows.add')}</legend>
        {candidates.map((one) => (
          <div className="form-check" key={one.person}>
            <input type="radio" name="coming" id={`coming-${one.person}`} checked={one.person === chosen} onChange={() => { setChosen(one.person); }} />
            <label htmlFor={`coming-${one.person}`}>{`${one.name}, ${one.home.name}`}</label>
          </div>
        ))}
      </fieldset>
      <fieldset className="choosing">
        <legend>{t('knows.add.reads')}</legend>
        {([false, true] as const).map((one) => (
          <div className="form-check" key={String(one)}>
            <input type="radio" name="reads" id={`reads-${one}`} checked={all === one} onChange={() => { setAll(one); }} />
            <label htmlFor={`reads-${one}`}>{t(one ? 'knows.add.all' : 'knows.add.now')}</label>
          </div>
        ))}
      </fieldset>
    </Confirm>
  );
}
