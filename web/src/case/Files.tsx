import { Button, Icon } from 'design-react-kit';
import { useEffect, useId, useRef, useState } from 'react';
import { failureOf, type Attached, type Entry, type Failure } from '../core/core';
import { useDesk } from '../core/desk';
import { Dialog } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useSize } from '../parts/size';
import { useWords } from '../words/words';
import { useDraft, type Going } from './drafts';
import { useReopening } from './reason';
import { maxBytes, prepare, UnreadableImage } from './prepare';

/** At most that many in one message. */
const most = 16;

interface Attaching {
  readonly files: readonly Going[];
  readonly add: (chosen: readonly File[]) => void;
  readonly remove: (key: number) => void;
  /** All of them are there, and none went wrong. */
  readonly ready: boolean;
}

/** Uploads files while she writes, each sealed on its way, also when she looks elsewhere meanwhile. */
export function useAttaching(thread: string): Attaching {
  const { core, over } = useDesk();
  const [{ files }, draft] = useDraft(thread);
  const change = (key: number, part: Partial<Going>): void => {
    draft((before) => ({ files: before.files.map((one) => (one.key === key ? { ...one, ...part } : one)) }));
  };
  const send = async (file: File, key: number, number: number, signal: AbortSignal): Promise<void> => {
    try {
      const ready = await prepare(file, number);
      if (signal.aborted) {
        return;
      }
      change(key, { name: ready.name, notes: ready.notes, size: ready.data.size });
      if (ready.notes.includes('film')) {
        await new Promise<void>((confirm, leave) => {
          signal.addEventListener('abort', leave);
          change(key, { confirm });
        });
        change(key, { confirm: undefined });
      }
      const { blob } = await core.attach(ready.data, ready.name, {
        signal,
        progress: (done, total) => {
          change(key, { done, total });
        },
      });
      change(key, { blob });
    } catch (err) {
      const failure = failureOf(err);
      if (signal.aborted) {
        return;
      }
      if (err instanceof UnreadableImage) {
        change(key, { wrong: err.what });
      } else if (!over(failure)) {
        change(key, { wrong: failure });
      }
    }
  };
  const add = (chosen: readonly File[]): void => {
    for (const file of chosen.slice(0, most - files.length)) {
      const stop = new AbortController();
      let [key, number] = [0, 1];
      draft((before) => {
        key = before.lastFile + 1;
        while (before.files.some((one) => one.number === number)) {
          number++; // of the file's name; one that is taken off is free again
        }
        const going: Going = {
          key,
          number,
          name: '',
          notes: [],
          size: file.size,
          done: 0,
          total: 0,
          stop: () => {
            stop.abort();
          },
        };
        return { lastFile: key, files: [...before.files, going] };
      });
      if (file.size > maxBytes) {
        change(key, { wrong: 'large' });
      } else {
        void send(file, key, number, stop.signal);
      }
    }
  };
  const remove = (key: number): void => {
    files.find((one) => one.key === key)?.stop();
    draft((before) => ({ files: before.files.filter((one) => one.key !== key) }));
  };
  return { files, add, remove, ready: files.every((one) => one.blob !== undefined) };
}

export function AttachingList({ attaching }: { readonly attaching: Attaching }): React.JSX.Element {
  const { t } = useWords();
  const size = useSize();
  const id = useId();
  const [tooMany, setTooMany] = useState(false);
  return (
    <div className="attaching">
      <label htmlFor={id} className="pick">
        <Icon icon="it-clip" color="primary" size="sm" aria-hidden />
        <span>{t('talk.attach')}</span>
      </label>
      <input
        id={id}
        type="file"
        multiple
        className="visually-hidden"
        disabled={attaching.files.length >= most}
        onChange={(e) => {
          const chosen = [...(e.target.files ?? [])];
          setTooMany(attaching.files.length + chosen.length > most);
          attaching.add(chosen);
          e.target.value = ''; // the name is nobody's, and the same file may be chosen again
        }}
      />
      <div role="status" className="small">
        {tooMany ? t('talk.file.many', { n: most }) : ''}
      </div>
      <ul aria-label={t('talk.attached')}>
        {attaching.files.map((one) => (
          <li key={one.key}>
            <span className="name">{one.name !== '' ? `${one.name} (${size(one.size)})` : one.wrong === undefined ? t('talk.file.preparing') : ''}</span>
            {one.wrong !== undefined && (
              <span className="text-danger">
                {typeof one.wrong === 'string' ? t(`talk.file.${one.wrong}`) : t('talk.file.failed')}
              </span>
            )}
            {one.wrong === undefined && one.blob === undefined && one.confirm === undefined && (
              <progress max={Math.max(one.total, 1)} value={one.done} aria-label={t('talk.file.sending', { name: one.name })} />
            )}
            {one.blob !== undefined && <span className="ready">{t('talk.file.ready')}</span>}
            {one.notes.map((note) => (
              <span key={note} className={note === 'film' || note === 'author' ? 'small careful' : 'small text-muted'} role={note === 'film' || note === 'author' ? 'alert' : undefined}>
                {t(`talk.file.note.${note}`)}
              </span>
            ))}
            {one.confirm !== undefined && (
              <>
                <span>{t('talk.file.waits')}</span>
                <Button color="primary" outline size="xs" type="button" onClick={one.confirm}>
                  {t('talk.file.confirm')}
                </Button>
              </>
            )}
            <Button color="link" size="xs" type="button" onClick={() => { attaching.remove(one.key); }}>
              {t(one.blob === undefined && one.wrong === undefined && one.confirm === undefined ? 'talk.file.stop' : 'talk.file.remove')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FilesProps {
  readonly thread: string;
  readonly entry: Entry;
}

/** What an entry carries: to be looked at, or kept. */
export function Files({ thread, entry }: FilesProps): React.JSX.Element | null {
  if (entry.attachments.length === 0) {
    return null;
  }
  return (
    <ul className="files">
      {entry.attachments.map((one, number) => (
        <OneFile key={number} thread={thread} entry={entry.id} number={number} file={one} />
      ))}
    </ul>
  );
}

interface OneFileProps {
  readonly thread: string;
  readonly entry: string;
  readonly number: number;
  readonly file: Attached;
}

/** Only what this page itself makes of a photo is shown in it. */
const shown = ['image/jpeg', 'image/png'];

function OneFile({ thread, entry, number, file }: OneFileProps): React.JSX.Element {
  const { t } = useWords();
  const size = useSize();
  const { core, over } = useDesk();
  const [far, setFar] = useState<readonly [number, number]>();
  const [failure, setFailure] = useState<Failure>();
  const [picture, setPicture] = useState<Blob>();
  const stop = useRef<AbortController>();
  useEffect(
    () => () => {
      stop.current?.abort();
    },
    [],
  );
  const reopen = useReopening();
  const get = async (then: (data: Blob) => void): Promise<void> => {
    const control = new AbortController();
    stop.current = control;
    setFailure(undefined);
    for (let again = true; again; ) {
      setFar([0, 1]);
      try {
        then(await core.fetch({ thread, entry, number }, { signal: control.signal, progress: (done, total) => { setFar([done, total]); } }));
        again = false;
      } catch (err) {
        const why = failureOf(err);
        setFar(undefined);
        again = why.key === 'reason' && (await reopen());
        if (!again && !control.signal.aborted && !over(why)) {
          setFailure(why);
        }
      }
    }
    setFar(undefined);
  };
  return (
    <li>
      <span className="name">{`${file.name} (${size(file.size)})`}</span>
      {far === undefined ? (
        <>
          {shown.includes(file.type) && (
            <Button color="link" size="xs" type="button" onClick={() => { void get(setPicture); }}>
              {t('talk.file.see')}
            </Button>
          )}
          <Button color="link" size="xs" type="button" onClick={() => { void get((data) => { keep(data, file.name); }); }}>
            {t('talk.file.keep')}
          </Button>
        </>
      ) : (
        <>
          <progress max={far[1]} value={far[0]} aria-label={t('talk.file.getting', { name: file.name })} />
          <Button color="link" size="xs" type="button" onClick={() => { stop.current?.abort(); }}>
            {t('talk.file.stop')}
          </Button>
        </>
      )}
      {failure !== undefined && <FailureNotice failure={failure} />}
      {picture !== undefined && <Picture data={picture} name={file.name} close={() => { setPicture(undefined); }} />}
    </li>
  );
}

/** Shows a photo by drawing it: it has no address that anything else could ask for. */
function Picture({ data, name, close }: { readonly data: Blob; readonly name: string; readonly close: () => void }): React.JSX.Element {
  const { t } = useWords();
  const place = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let here = true;
    createImageBitmap(data).then(
      (image) => {
        const canvas = place.current;
        if (here && canvas !== null) {
          canvas.width = image.width;
          canvas.height = image.height;
          canvas.getContext('2d')?.drawImage(image, 0, 0);
        }
        image.close();
      },
      () => {
        setBroken(true);
      },
    );
    return () => {
      here = false;
    };
  }, [data]);
  return (
    <Dialog title={name} close={close} wide>
      {broken ? <p>{t('talk.file.broken')}</p> : <canvas ref={place} className="picture" role="img" aria-label={name} />}
      <div className="actions">
        <Button color="primary" type="button" onClick={close}>
          {t('talk.close')}
        </Button>
      </div>
    </Dialog>
  );
}

/** How long a browser may take to begin keeping a file. */
const keepMs = 60_000;

/** Hands a file to the browser, which keeps it where she keeps hers. Nothing of it is ever opened in the page. */
function keep(data: Blob, name: string): void {
  const address = URL.createObjectURL(new Blob([data], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, keepMs);
}
