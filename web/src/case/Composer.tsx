import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Conversation, type Posted } from '../core/core';
import { useVocabulary } from '../core/vocabulary';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { useSecondLook } from '../parts/SecondLook';
import { Writing } from '../parts/Writing';
import { useWords } from '../words/words';
import { acts, nothingWritten, steps, useDraft, type Act, type Written } from './drafts';
import { AttachingList, useAttaching } from './Files';
import { Items } from './Items';
import { useReopening } from './reason';

interface ComposerProps {
  readonly conversation: Conversation;
  readonly posted: (conversation: Conversation) => void;
  /** Somebody else was first, or no answer came: what is there is read. */
  readonly again: () => void;
}

/** Where an answer is written. What is in it is in memory only, until it is sent. */
export function Composer({ conversation, posted, again }: ComposerProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const { look, question } = useSecondLook();
  const reopen = useReopening();
  const { thread } = conversation;
  const [{ written, sending, failure, ...draft }, setDraft] = useDraft(thread);
  const attaching = useAttaching(thread);
  const closed = conversation.phase === 'closed';
  const officer = conversation.seat === 'holder' || conversation.seat === 'substitute';
  const offered = acts.filter((one) => (one === 'state' ? conversation.seat !== 'partner' && conversation.side !== 'internal' : conversation.side !== 'internal' || one === 'message'));
  const act: Act = closed ? 'state' : draft.act;
  const [looking, setLooking] = useState(false);
  const [receipt, setReceipt] = useState<string>();
  const [meanwhile, setMeanwhile] = useState(false);
  const change = (part: Partial<Written>): void => {
    setDraft((before) => ({ written: { ...before.written, ...part } }));
  };
  const items = written.items.map((one) => one.trim()).filter((one) => one !== '');
  const ready = {
    message: attaching.ready && (written.text.trim() !== '' || attaching.files.length > 0),
    request: attaching.ready && items.length > 0,
    state: written.next !== '' && (written.next !== 'resolved' && written.next !== 'closed' || written.outcome !== ''),
  }[act];
  const call = (): Promise<Posted> => {
    const { text, reference, due, next, outcome } = written;
    const attachments = attaching.files.flatMap((one) => (one.blob === undefined ? [] : [one.blob]));
    const number = reference.trim() === '' ? {} : { reference: reference.trim() };
    switch (act) {
      case 'message':
        return core.call('post', { thread, text, attachments, ...number });
      case 'request':
        return core.call('ask', { thread, text, items, attachments, ...(due === '' ? {} : { due }) });
      case 'state': {
        const ends = next === 'resolved' || next === 'closed';
        return core.call('state', { thread, text, ...number, ...(ends ? { phase: next, outcome } : { phase: 'open', ...(next === '' ? {} : { waits: next }) }) });
      }
    }
  };
  const agreed = (): Promise<boolean> => {
    const { text, reference } = written;
    return look([text, reference, ...(act === 'request' ? items : [])].filter((one) => one !== '').join('\n'));
  };
  const send = async (): Promise<void> => {
    setLooking(true); // before the second look, or a second click would send it twice
    setDraft(() => ({ failure: undefined }));
    setReceipt(undefined);
    try {
      if (!(await agreed())) {
        return;
      }
      setDraft(() => ({ sending: true }));
      const answer = await call();
      // What she wrote while it was sent is not what was sent.
      setDraft((before) => ({ act: 'message', written: before.written === written ? nothingWritten : before.written, ...(act === 'state' ? {} : { files: [], lastFile: 0 }) }));
      setReceipt(answer.receipt);
      setMeanwhile(othersCame(conversation, answer.conversation));
      posted(answer.conversation);
    } catch (err) {
      const why = failureOf(err);
      if (over(why)) {
        return;
      }
      // Her reason is asked for only to read what was first.
      setDraft(() => ({ failure: why.key === 'reason' ? { ...why, key: 'conflict' } : why }));
      if (why.key === 'reason') {
        void reopen();
      } else if (why.key === 'conflict' || why.key === 'silent') {
        again();
      }
    } finally {
      setLooking(false);
      setDraft(() => ({ sending: false }));
    }
  };
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (!sending && !looking && ready) {
      void send();
    }
  };
  return (
    <form className="composer" onSubmit={submit} autoComplete="off">
      {question}
      <h2>{closed ? t('talk.closed') : t('case.compose')}</h2>
      {!closed && offered.length > 1 && (
        <div className="acts" role="group" aria-label={t('talk.acts')}>
          {offered.map((one) => (
            <button key={one} type="button" aria-pressed={one === act} onClick={() => { setDraft(() => ({ act: one })); }}>
              {t(`talk.act.${one}`)}
            </button>
          ))}
        </div>
      )}
      {act === 'state' && <Standing conversation={conversation} written={written} change={change} />}
      {act === 'request' && <Items items={written.items} due={written.due} change={change} />}
      <Writing label={t('case.compose.label')} help={t('case.compose.help')} value={written.text} change={(text) => { change({ text }); }} />
      {officer && act !== 'request' && (
        <div className="field">
          <label htmlFor="reference">{t('talk.reference')}</label>
          <input
            id="reference"
            type="text"
            className="form-control"
            value={written.reference}
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => { change({ reference: e.target.value }); }}
          />
        </div>
      )}
      {act !== 'state' && <AttachingList attaching={attaching} />}
      {act === 'state' && attaching.files.length > 0 && <p className="small">{t('talk.file.stay')}</p>}
      {failure !== undefined && <FailureNotice failure={failure} />}
      <p role="status" className="sent">
        {receipt === undefined ? '' : t('case.compose.sent', { number: receipt })}
        {receipt !== undefined && meanwhile && <span className="d-block">{t('case.compose.meanwhile')}</span>}
      </p>
      {sending || looking ? (
        <Busy say={sending ? 'case.compose.sending' : 'dialog.working'} />
      ) : (
        <Button color="primary" type="submit" disabled={!ready}>
          {t('case.compose.go')}
        </Button>
      )}
    </form>
  );
}

/** Somebody else was first: what she sent follows something that she had not seen. */
function othersCame(before: Conversation, now: Conversation): boolean {
  return now.entries.some((one) => !one.self && !before.entries.some((known) => known.id === one.id));
}

interface StandingProps {
  readonly conversation: Conversation;
  readonly written: Written;
  readonly change: (part: Partial<Written>) => void;
}

/** How the thread stands from now on, with an outcome where it ends. */
function Standing({ conversation, written, change }: StandingProps): React.JSX.Element {
  const { t, language } = useWords();
  const outcomes = useVocabulary()?.outcomes ?? [];
  const closed = conversation.phase === 'closed';
  const offered = steps.filter((one) => (closed ? one === 'centre' || one === conversation.side : one !== 'inps' && one !== 'partner' || one === conversation.side));
  const ends = written.next === 'resolved' || written.next === 'closed';
  return (
    <div className="standing">
      <div className="field">
        <label htmlFor="next">{t(closed ? 'talk.reopen' : 'talk.next')}</label>
        <select
          id="next"
          className="form-select"
          value={written.next}
          onChange={(e) => { change({ next: steps.find((one) => one === e.target.value) ?? '' }); }}
        >
          <option value="">{t('talk.choose')}</option>
          {offered.map((one) => (
            <option key={one} value={one}>
              {t(`talk.next.${one}`)}
            </option>
          ))}
        </select>
      </div>
      {ends && (
        <div className="field">
          <label htmlFor="outcome">{t('talk.outcome')}</label>
          <select id="outcome" className="form-select" value={written.outcome} onChange={(e) => { change({ outcome: e.target.value }); }}>
            <option value="">{t('talk.choose')}</option>
            {outcomes.map((one) => (
              <option key={one.code} value={one.code}>
                {one[language]}
              </option>
            ))}
          </select>
        </div>
      )}
      {written.next === 'closed' && <p className="small">{t('talk.closing')}</p>}
      <p className="small text-muted">{t('talk.state.seen')}</p>
    </div>
  );
}
