import { useRef, useState } from 'react';
import type { Conversation, Member, Network } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Heard } from '../network/Heard';
import { Six } from '../network/Six';
import { Busy } from '../parts/Busy';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

interface GrantProps {
  readonly conversation: Conversation;
  readonly member: Member;
  readonly name: string;
  readonly done: (conversation: Conversation) => void;
  readonly close: () => void;
}

/** Opens the thread again for somebody with another card, whose words are compared with her first. */
export function Grant({ conversation, member, name, done, close }: GrantProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const { asked, again } = useAsked('network', {});
  const [heard, setHeard] = useState(false);
  const after = useRef(conversation);
  const words = asked.is === 'answered' ? wordsOf(asked.answer, member.person) : undefined;
  const act = async (): Promise<void> => {
    if (words !== undefined) {
      after.current = (await core.call('grantAgain', { thread: conversation.thread, person: member.person, words })).conversation;
    }
  };
  return (
    <Confirm title={t('knows.grant.title', { name })} go={t('knows.grant.go')} notYet={words === undefined || !heard} act={act} done={() => { done(after.current); }} close={close}>
      <p>{t('knows.grant.lead')}</p>
      {asked.is === 'asking' && <Busy say="network.loading" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {asked.is === 'answered' && words === undefined && <p>{t('knows.grant.none')}</p>}
      {words !== undefined && (
        <>
          <p>{t('network.compare.lead')}</p>
          <Six words={words} label={t('network.words.of', { name })} look="large" />
          <p className="mt-3">{t('network.accept.different')}</p>
          <Heard heard={heard} say={setHeard} />
        </>
      )}
    </Confirm>
  );
}

/** Those of the card that she has on the newest roster. */
function wordsOf(network: Network, person: string): readonly string[] | undefined {
  return [...network.people, ...network.others.flatMap((one) => one.people)].find((one) => one.person === person)?.words;
}
