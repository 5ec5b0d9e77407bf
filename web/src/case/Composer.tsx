import { Button } from 'design-react-kit';
import { useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Conversation, type Failure } from '../core/core';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';

interface ComposerProps {
  readonly thread: string;
  readonly posted: (conversation: Conversation) => void;
}

/** Where an answer is written. What is in it is in memory only, until it is sent. */
export function Composer({ thread, posted }: ComposerProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [receipt, setReceipt] = useState<string>();
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (sending || text.trim() === '') {
      return;
    }
    setSending(true);
    setFailure(undefined);
    setReceipt(undefined);
    core
      .call('post', { thread, text })
      .then(
        (answer) => {
          setText('');
          setReceipt(answer.receipt);
          posted(answer.conversation);
        },
        (err: unknown) => {
          const why = failureOf(err);
          if (!over(why)) {
            setFailure(why);
          }
        },
      )
      .finally(() => {
        setSending(false);
      });
  };
  return (
    <form className="composer" onSubmit={submit} autoComplete="off">
      <h2>{t('case.compose')}</h2>
      <label htmlFor="message">{t('case.compose.label')}</label>
      <textarea
        id="message"
        rows={4}
        value={text}
        aria-describedby="message-help"
        autoComplete="off"
        spellCheck={false}
        onChange={(e) => {
          setText(e.target.value);
        }}
      />
      <p id="message-help" className="small text-muted">
        {t('case.compose.help')}
      </p>
      {failure !== undefined && <FailureNotice failure={failure} />}
      <p role="status" className="sent">
        {receipt === undefined ? '' : t('case.compose.sent', { number: receipt })}
      </p>
      {sending ? (
        <Busy say="case.compose.sending" />
      ) : (
        <Button color="primary" type="submit" disabled={text.trim() === ''}>
          {t('case.compose.go')}
        </Button>
      )}
    </form>
  );
}
