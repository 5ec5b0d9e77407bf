import { useRef } from 'react';
import type { Conversation, Excluded } from '../core/core';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';

interface LiftProps {
  readonly conversation: Conversation;
  readonly one: Excluded;
  readonly done: (conversation: Conversation) => void;
  readonly close: () => void;
}

/** Takes back that the case must not go to somebody: in the centre's own thread, where it was said. */
export function Lift({ conversation, one, done, close }: LiftProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const after = useRef<Conversation>();
  const act = async (): Promise<void> => {
    const { organisation, person } = one;
    const answer = await core.call('exclude', { inside: conversation.thread, organisation, ...(person === undefined ? {} : { person }), lift: true, text: '' });
    after.current = answer.conversation;
  };
  return (
    <Confirm title={t('lift.title', { name: one.name })} go={t('lift.go')} danger act={act} done={() => { done(after.current ?? conversation); }} close={close}>
      <p>{t('lift.lead')}</p>
      <p>{t(one.person === undefined ? 'lift.whole' : 'lift.person')}</p>
      <p>{t('lift.ask')}</p>
    </Confirm>
  );
}
