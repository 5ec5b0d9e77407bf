import { Button, Icon } from 'design-react-kit';
import { useEffect, useId, useRef, useState } from 'react';
import { failureOf, type Attached, type Entry, type Failure } from '../core/core';
import { useDesk } from '../core/desk';
import { Dialog } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useSize } from '../parts/size';
import { useWords } from '../words/words';
import { maxBytes, prepare, UnreadableImage, type Note } from './prepare';

/** A file that goes with what she is writing. */
export interface Going {
  readonly key: number;
  readonly number: number;
  readonly name: string;
  readonly notes: readonly Note[];
  readonly size: number;
  readonly done: number;
  readonly total: number;
  /** Set when the service has it, sealed. */
  readonly blob?: string;
  readonly wrong?: 'image' | 'heic' | 'large' | Failure;
  /** It tells something that can't be taken out: it goes only when she says so. */
  readonly confirm?: (() => void) | undefined;
  readonly stop: () => void;
}

/** At most that many in one message. */
const most = 16;

interface Attaching {
  readonly files: readonly Going[];
  readonly add: (chosen: readonly File[]) => void;
  readonly remove: (key: number) => void;
  readonly clear: () => void;
  /** All of them are there, and none went wrong. */
  readonly ready: boolean;
}

/** Uploads files while she writes, each sealed on its way. */
export function useAttaching(): Attaching {
  const { core, over } = useDesk();
  const [files, setFiles] = useState<readonly Going[]>([]);
  const last = useRef(0);
  const numbers = useRef(new Set<number>()); // of the files' names; one that is taken off is free again
  const stops = useRef(new Map<number, AbortController>());
  useEffect(() => {
    const running = stops.current;
    return () => {
      running.forEach((one) => {
        one.abort();
      });
    };
  }, []);
  const change = (key: number, part: Partial<Going>): void => {
    setFiles((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  };
  const send = async (file: File, key: number, number: number, stop: AbortController): Promise<void> => {
    if (file.size > maxBytes) {
      change(key, { wrong: 'large' });
      return;
    }
    try {
      const ready = await prepare(file, number);
      change(key, { name: ready.name, notes: ready.notes, size: ready.data.size });
      if (ready.notes.includes('film')) {
        await new Promise<void>((confirm, leave) => {
          stop.signal.addEventListener('abort', leave);
          change(key, { confirm });
        });
        change(key, { confirm: undefined });
      }
      const { blob } = await core.attach(ready.data, ready.name, {
        signal: stop.signal,
        progress: (done, total) => {
          change(key, { done, total });
        },
      });
      change(key, { blob });
    } catch (err) {
      const failure = failureOf(err);
      if (err instanceof UnreadableImage) {
        change(key, { wrong: err.what });
      } else if (!stop.signal.aborted && !over(failure)) {
        change(key, { wrong: failure });
      }
    } finally {
      stops.current.delete(key);
    }
  };
  const add = (chosen: readonly File[]): void => {
    for (const file of chosen.slice(0, most - files.length)) {
      last.current++;
      const key = last.current;
      const stop = new AbortController();
      stops.current.set(key, stop);
      let number = 1;
      while (numbers.current.has(number)) {
        number++;
      }
      numbers.current.add(number);
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
      setFiles((all) => [...all, going]);
      void send(file, key, number, stop);
    }
  };
  const remove = (key: number): void => {
    const gone = files.find((one) => one.key === key);
    if (gone !== undefined) {
      gone.stop();
      numbers.current.delete(gone.number);
    }
    setFiles((all) => all.filter((one) => one.key !== key));
  };
  const clear = (): void => {
    setFiles([]);
  };
  return { files, add, remove, clear, ready: files.every((one) => one.blob !== undefined) };
}

export function AttachingList({ attaching }: { readonly attaching: Attaching }): React.JSX.Element {
  const { t } = useWords();
  const size = useSize();
  const id = useId();
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
          attaching.add([...(e.target.files ?? [])]);
          e.target.value = ''; // the name is nobody's, and the same file may be chosen again
        }}
      />
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
  const get = (then: (data: Blob) => void): void => {
    const control = new AbortController();
    stop.current = control;
    setFailure(undefined);
    setFar([0, 1]);
    core
      .fetch({ thread, entry, number }, { signal: control.signal, progress: (done, total) => { setFar([done, total]); } })
      .then(then, (err: unknown) => {
        const why = failureOf(err);
        if (!control.signal.aborted && !over(why)) {
          setFailure(why);
        }
      })
      .finally(() => {
        setFar(undefined);
      });
  };
  return (
    <li>
      <span className="name">{`${file.name} (${size(file.size)})`}</span>
      {far === undefined ? (
        <>
          {shown.includes(file.type) && (
            <Button color="link" size="xs" type="button" onClick={() => { get(setPicture); }}>
              {t('talk.file.see')}
            </Button>
          )}
          <Button color="link" size="xs" type="button" onClick={() => { get((data) => { keep(data, file.name); }); }}>
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
