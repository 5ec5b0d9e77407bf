import { useRef, useState } from 'react';
import type { Conversation } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Busy } from '../parts/Busy';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

interface KeepFromProps {
  readonly conversation: Conversation;
  readonly done: (conversation: Conversation) => void;
  readonly close: () => void;
}

/** Says in the centre's own thread to whom the case must not go. Nobody else learns of it. */
export function KeepFrom({ conversation, done, close }: KeepFromProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const { asked, again } = useAsked('choices', {});
  const [chosen, setChosen] = useState('');
  const after = useRef<Conversation>();
  const others = asked.is === 'answered' ? asked.answer.others : [];
  const all = others.flatMap((home) => [
    { value: home.id, label: t('keep.whole', { name: home.name }), organisation: home.id },
    ...home.people.map((one) => ({ value: one.person, label: `${one.name}, ${home.name}`, organisation: home.id, person: one.person })),
  ]);
  const one = all.find(({ value }) => value === chosen);
  const act = async (): Promise<void> => {
    if (one !== undefined) {
      const { organisation } = one;
      const answer = await core.call('exclude', {
        inside: conversation.thread,
        organisation,
        ...('person' in one ? { person: one.person } : {}),
        lift: false,
        text: '',
      });
      after.current = answer.conversation;
    }
  };
  return (
    <Confirm title={t('keep.title')} go={t('keep.go')} notYet={one === undefined} act={act} done={() => { done(after.current ?? conversation); }} close={close}>
      <p>{t('keep.lead')}</p>
      {asked.is === 'asking' && <Busy say="open.loading" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      <div className="field">
        <label htmlFor="keep-from">{t('keep.who')}</label>
        <select id="keep-from" className="form-select" value={chosen} onChange={(e) => { setChosen(e.target.value); }}>
          <option value="">{t('talk.choose')}</option>
          {all.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
    </Confirm>
  );
}
