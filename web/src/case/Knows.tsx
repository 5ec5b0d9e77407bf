import { Button } from 'design-react-kit';
import { useRef, useState } from 'react';
import type { Conversation, Excluded, Listed, Member } from '../core/core';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { AddPerson } from './AddPerson';
import { Grant } from './Grant';
import { KeepFrom } from './KeepFrom';
import { KnowsSheet, useSince } from './KnowsSheet';
import { Leave } from './Leave';
import { Lift } from './Lift';

interface KnowsProps {
  readonly conversation: Conversation;
  /** The centre's own thread of the case, of which this is one; undefined where she has none. */
  readonly inside: Listed | undefined;
  readonly changed: (conversation: Conversation) => void;
}

type Asking =
  | { readonly what: 'add' }
  | { readonly what: 'remove' | 'holder'; readonly member: Member }
  | { readonly what: 'grant'; readonly member: Member }
  | { readonly what: 'lift'; readonly one: Excluded }
  | { readonly what: 'leave' | 'keep' };

/** Chi sa cosa: who can read, by the signed chain and not by the service's word, and how to change it. */
export function Knows({ conversation, inside, changed }: KnowsProps): React.JSX.Element {
  const { t } = useWords();
  const [asking, setAsking] = useState<Asking>();
  const close = (): void => {
    setAsking(undefined);
  };
  const done = (after: Conversation): void => {
    close();
    changed(after);
  };
  const since = useSince();
  const name = (member: Member): string => called(member, t('case.you'), t(member.seat === 'centre' && conversation.seat === 'centre' ? 'case.formerColleague' : 'case.unknownName'));
  const centre = conversation.seat === 'centre';
  const closed = conversation.phase === 'closed';
  const alone = centre && !closed && conversation.members.every((one) => one.self || one.seat !== 'centre' || one.barred !== undefined);
  const held = conversation.members.some((one) => one.seat === 'holder');
  return (
    <>
      <aside className="can-read knows" aria-labelledby="can-read">
        <h2 id="can-read">{t('knows.title')}</h2>
        <p className="small">{t('case.canRead.lead')}</p>
        <ul>
          {conversation.members.map((member) => (
            <li key={member.person}>
              <strong>{name(member)}</strong>
              <span>{`${member.organisation}, ${t(`seat.${member.seat}`)}`}</span>
              {member.from !== undefined && <span>{since(member)}</span>}
              {member.barred !== undefined && <span className="text-danger">{t('case.barred')}</span>}
              {centre && !member.self && (
                <span>
                  <Button color="link" size="xs" type="button" onClick={() => { setAsking({ what: 'remove', member }); }}>
                    {t('knows.remove')}
                  </Button>
                  {member.barred !== undefined && (
                    <Button color="link" size="xs" type="button" onClick={() => { setAsking({ what: 'grant', member }); }}>
                      {t('knows.grant')}
                    </Button>
                  )}
                  {member.seat === 'substitute' && !held && !closed && (
                    <Button color="link" size="xs" type="button" onClick={() => { setAsking({ what: 'holder', member }); }}>
                      {t('knows.holder')}
                    </Button>
                  )}
                </span>
              )}
            </li>
          ))}
        </ul>
        {conversation.side === 'inps' && !held && <p className="text-danger small mt-2">{t('knows.unheld')}</p>}
        {alone && <p className="text-danger small mt-2">{t('knows.alone')}</p>}
        {conversation.excluded.length > 0 && (
          <div className="small mt-3">
            <p className="mb-1">{t('knows.excluded')}</p>
            <ul aria-label={t('knows.excluded')}>
              {conversation.excluded.map((one) => (
                <li key={`${one.organisation} ${one.person ?? ''}`}>
                  <span>{one.name}</span>
                  {centre && conversation.side === 'internal' && (
                    <Button color="link" size="xs" type="button" onClick={() => { setAsking({ what: 'lift', one }); }}>
                      {t('lift.new')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="more">
          {centre && !closed && (
            <Button color="primary" outline size="xs" type="button" onClick={() => { setAsking({ what: 'add' }); }}>
              {t('knows.add')}
            </Button>
          )}
          {centre && conversation.side === 'internal' && (
            <Button color="primary" outline size="xs" type="button" onClick={() => { setAsking({ what: 'keep' }); }}>
              {t('keep.new')}
            </Button>
          )}
          {centre && (
            <Button color="primary" outline size="xs" type="button" onClick={() => { print(); }}>
              {t('knows.print')}
            </Button>
          )}
          {(conversation.seat === 'holder' || conversation.seat === 'substitute') && (
            <Button color="danger" outline size="xs" type="button" onClick={() => { setAsking({ what: 'leave' }); }}>
              {t('knows.leave')}
            </Button>
          )}
        </div>
        {centre && <KnowsSheet members={conversation.members} called={(member) => (member.self && member.name !== '' ? member.name : name(member))} />}
      </aside>
      {asking?.what === 'add' && <AddPerson conversation={conversation} inside={inside} done={done} close={close} />}
      {asking?.what === 'keep' && <KeepFrom conversation={conversation} done={done} close={close} />}
      {asking?.what === 'lift' && <Lift conversation={conversation} one={asking.one} done={done} close={close} />}
      {asking?.what === 'leave' && <Leave thread={conversation.thread} close={close} />}
      {asking?.what === 'grant' && <Grant conversation={conversation} member={asking.member} name={name(asking.member)} done={done} close={close} />}
      {(asking?.what === 'remove' || asking?.what === 'holder') && <OfMember conversation={conversation} inside={inside} asking={asking} name={name(asking.member)} done={done} close={close} />}
    </>
  );
}

function called(member: Member, you: string, unknown: string): string {
  return member.self ? you : member.name === '' ? unknown : member.name;
}

interface OfMemberProps {
  readonly conversation: Conversation;
  readonly inside: Listed | undefined;
  readonly asking: Extract<Asking, { readonly what: 'remove' | 'holder' }>;
  readonly name: string;
  readonly done: (conversation: Conversation) => void;
  readonly close: () => void;
}

/** Taking somebody out, or making her the holder. */
function OfMember({ conversation, inside, asking, name, done, close }: OfMemberProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const { what, member } = asking;
  const { thread } = conversation;
  const after = useRef<Conversation>();
  const act = async (): Promise<void> => {
    const answer = await core.call('changeMembers', {
      thread,
      add: [],
      remove: what === 'remove' ? [member.person] : [],
      ...(what === 'holder' ? { holder: member.person, ...(inside === undefined ? {} : { inside: inside.thread }) } : {}),
    });
    after.current = answer.conversation;
  };
  return (
    <Confirm
      title={t(`knows.${what}.title`, { name })}
      go={t(`knows.${what}.go`)}
      danger={what === 'remove'}
      act={act}
      done={() => {
        done(after.current ?? conversation);
      }}
      close={close}
    >
      <p>{t(`knows.${what}.lead`)}</p>
    </Confirm>
  );
}
