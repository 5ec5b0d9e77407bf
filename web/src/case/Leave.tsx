import { useCallback } from 'react';
import { useWay } from '../app/go';
import { useDesk } from '../core/desk';
import { Confirm } from '../parts/Dialog';
import { useWords } from '../words/words';
import { useDrafts } from './drafts';

interface LeaveProps {
  readonly thread: string;
  readonly close: () => void;
}

/** Mi astengo: at once, without a reason, and whether the thread was read or not. */
export function Leave({ thread, close }: LeaveProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  const { back } = useWay();
  const drafts = useDrafts();
  const act = useCallback(() => core.call('recuse', { thread }), [core, thread]);
  return (
    <Confirm title={t('knows.leave.title')} go={t('knows.leave.go')} danger act={act} done={() => { drafts.drop(thread); back(); }} close={close}>
      <p>{t('knows.leave.lead')}</p>
    </Confirm>
  );
}
