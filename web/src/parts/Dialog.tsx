import './dialog.css';
import { Button } from 'design-react-kit';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useDesk } from '../core/desk';
import { failureOf, type Failure } from '../core/core';
import { useWords, type Plain } from '../words/words';
import { Busy } from './Busy';
import { Exit } from './Exit';
import { FailureNotice } from './FailureNotice';
import { SignInFirst, useRecent, type Task } from './Recent';
import { Soon } from './Soon';

interface DialogProps {
  readonly title: string;
  /** Called by Escape too. */
  readonly close: () => void;
  /** Something is being done that can't be left: Escape does nothing. */
  readonly busy?: boolean;
  readonly wide?: boolean;
  readonly children: React.ReactNode;
}

/**
 * A question in front of the page: the browser's own modal, which keeps the keyboard inside,
 * gives the focus back, and needs no style of its own making. What is behind it can't be
 * reached, so quick exit is in it too. It is there as long as it is rendered.
 */
export function Dialog({ title, close, busy, wide, children }: DialogProps): React.JSX.Element {
  const place = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = useId();
  useLayoutEffect(() => {
    const dialog = place.current;
    dialog?.showModal();
    heading.current?.focus({ preventScroll: true });
    return () => {
      dialog?.close();
    };
  }, []);
  useEffect(() => {
    const dialog = place.current;
    const cancelled = (e: Event): void => {
      e.preventDefault();
      if (busy !== true) {
        close();
      }
    };
    // A browser lets a page keep its dialog open against Escape only once.
    const closed = (): void => {
      if (dialog?.isConnected === true && !dialog.open) {
        dialog.showModal();
      }
    };
    dialog?.addEventListener('cancel', cancelled);
    dialog?.addEventListener('close', closed);
    return () => {
      dialog?.removeEventListener('cancel', cancelled);
      dialog?.removeEventListener('close', closed);
    };
  }, [busy, close]);
  return (
    <dialog ref={place} className="over" aria-labelledby={name}>
      <Exit />
      <Soon />
      <div className={wide === true ? 'box wide' : 'box'}>
        <h2 ref={heading} id={name} tabIndex={-1}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

interface RecentDialogProps extends Pick<DialogProps, 'title' | 'close' | 'children'> {
  readonly task: Task;
}

/** A dialog for what only a fresh sign-in may do: when hers is not, she is asked for that alone, before she fills anything in. */
export function RecentDialog({ task, title, close, children }: RecentDialogProps): React.ReactNode {
  const recent = useRecent(task);
  if (recent === undefined) {
    return null;
  }
  return recent ? (
    children
  ) : (
    <Dialog title={title} close={close}>
      <SignInFirst back={close} />
    </Dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children: React.ReactNode;
  /** What the button says that does it. */
  readonly go: string;
  /** It takes something away. */
  readonly danger?: boolean;
  /** Has to be typed before it can be done: for what can't be undone. */
  readonly typed?: string;
  /** Something else is still missing. */
  readonly notYet?: boolean;
  readonly wide?: boolean;
  /** Only a fresh sign-in may do it: what it has to last for. */
  readonly recent?: Task;
  /** What to do here where somebody can't be written to. */
  readonly barred?: Plain;
  /** Resolves to false where she has thought better of it: nothing was done. */
  readonly act: () => Promise<unknown>;
  /** It was done. */
  readonly done: () => void;
  readonly close: () => void;
}

/** Asks before something is done, does it, and says when it fails. */
export function Confirm({ recent, ...props }: ConfirmProps): React.JSX.Element {
  const { title, close } = props;
  return recent === undefined ? (
    <Question {...props} />
  ) : (
    <RecentDialog task={recent} title={title} close={close}>
      <Question {...props} />
    </RecentDialog>
  );
}

function Question({ title, children, go, danger, typed, notYet, wide, barred, act, done, close }: Omit<ConfirmProps, 'recent'>): React.JSX.Element {
  const { t } = useWords();
  const { over } = useDesk();
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [said, setSaid] = useState('');
  const field = useId();
  const ready = notYet !== true && (typed === undefined || same(said, typed));
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (working || !ready) {
      return;
    }
    setWorking(true);
    setFailure(undefined);
    act().then((answer) => {
      if (answer === false) {
        setWorking(false);
      } else {
        done();
      }
    }, (err: unknown) => {
      const why = failureOf(err);
      setWorking(false);
      if (!over(why)) {
        setFailure(why);
      }
    });
  };
  return (
    <Dialog title={title} close={close} busy={working} {...(wide === undefined ? {} : { wide })}>
      <form onSubmit={submit} autoComplete="off">
        {children}
        {typed !== undefined && (
          <div className="field">
            <label htmlFor={field}>{t('dialog.type', { text: typed })}</label>
            <input
              id={field}
              type="text"
              className="form-control"
              value={said}
              onChange={(e) => {
                setSaid(e.target.value);
              }}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          </div>
        )}
        {failure !== undefined && <FailureNotice failure={failure} {...(barred === undefined ? {} : { barred })} />}
        {working ? (
          <Busy say="dialog.working" />
        ) : (
          <div className="actions">
            <Button color={danger === true ? 'danger' : 'primary'} type="submit" disabled={!ready}>
              {go}
            </Button>
            <Button color="primary" outline type="button" onClick={close}>
              {t('dialog.cancel')}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}

function same(a: string, b: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLocaleLowerCase();
  return plain(a) === plain(b);
}
