import { Button } from 'design-react-kit';
import { useRef, useState } from 'react';
import { failureOf, type Failure, type Verification } from '../core/core';
import { useDesk } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { save } from '../parts/save';
import { useWords, type Speech } from '../words/words';

interface BadgeProps {
  readonly found: Verification | undefined;
  readonly verified: (found: Verification) => void;
}

interface Doing {
  readonly what: 'verify' | 'take';
  readonly done: number;
  readonly size: number;
  readonly stop: AbortController;
}

/** Whether this browser has verified the log, how far, and who else vouches for it. */
export function Badge({ found, verified }: BadgeProps): React.JSX.Element {
  const words = useWords();
  const { t } = words;
  const { core, over } = useDesk();
  const [doing, setDoing] = useState<Doing>();
  const [failure, setFailure] = useState<Failure>();
  const [since, setSince] = useState('');
  const busy = useRef(false);
  const run = (what: Doing['what'], act: (stop: AbortSignal, tell: (done: number, size: number) => void) => Promise<void>): void => {
    if (busy.current) {
      return;
    }
    busy.current = true;
    const stop = new AbortController();
    const tell = (done: number, size: number): void => {
      setDoing({ what, done, size, stop });
    };
    tell(0, 0);
    setFailure(undefined);
    act(stop.signal, tell)
      .catch((err: unknown) => {
        const why = failureOf(err);
        if (why.key !== 'cancelled' && !over(why)) {
          setFailure(why);
        }
      })
      .finally(() => {
        busy.current = false;
        setDoing(undefined);
      });
  };
  const verify = (): void => {
    run('verify', async (signal, progress) => {
      verified(await core.call('verifyLog', since === '' ? {} : { since }, { signal, progress }));
    });
  };
  const take = (): void => {
    run('take', async (signal, tell) => {
      const pieces: string[] = [];
      for (let piece = await core.call('takeAway', { begin: true }, { signal }); ; piece = await core.call('takeAway', { begin: false }, { signal })) {
        pieces.push(piece.text);
        tell(piece.done, piece.size);
        if (piece.last) {
          break;
        }
      }
      save(new Blob(pieces), 'registro.jsonl');
    });
  };
  return (
    <div className={`badge-log ${failure === undefined ? standing(found) : 'failed'}`}>
      <div role="status">
        <h2>{title(words, found)}</h2>
        <Said found={found} />
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {doing === undefined ? (
        <div className="actions">
          <Button color="primary" onClick={verify}>
            {t(found === undefined ? 'log.verify' : 'log.verify.again')}
          </Button>
          <Button color="primary" outline onClick={take}>
            {t('log.take')}
          </Button>
          {found?.checkpoint !== undefined && (
            <Button
              color="primary"
              outline
              onClick={() => {
                save(new Blob([found.checkpoint ?? '']), 'punto-di-controllo.txt');
              }}
            >
              {t('log.keep')}
            </Button>
          )}
          {found !== undefined && found.result !== 'whole' && (
            <Button
              color="primary"
              outline
              onClick={() => {
                save(new Blob([`${JSON.stringify(found, undefined, 2)}\n`]), 'esito-della-verifica.json');
              }}
            >
              {t('log.keep.found')}
            </Button>
          )}
        </div>
      ) : (
        <div className="doing">
          <Busy say={doing.what === 'verify' ? 'log.verifying' : 'log.taking'} {...(doing.size === 0 ? {} : { done: doing.done, total: doing.size })} />
          <Button color="primary" outline size="sm" onClick={() => { doing.stop.abort(); }}>
            {t('log.stop')}
          </Button>
        </div>
      )}
      <Kept change={setSince} chosen={since !== ''} />
    </div>
  );
}

type StandingOf = 'unknown' | 'whole' | 'alone' | 'failed';

function standing(found: Verification | undefined): StandingOf {
  if (found === undefined) {
    return 'unknown';
  }
  if (found.result !== 'whole') {
    return 'failed';
  }
  return found.witnessed === undefined ? 'alone' : 'whole';
}

function title({ t }: Speech, found: Verification | undefined): string {
  if (found === undefined) {
    return t('log.unknown.title');
  }
  return found.result === 'whole' ? t('log.whole.title', { size: found.size }) : t(`log.${found.result}.title`);
}

/** What was found, in plain words. */
function Said({ found }: { readonly found: Verification | undefined }): React.JSX.Element {
  const { t, time, count } = useWords();
  if (found === undefined) {
    return <p>{t('log.unknown.text')}</p>;
  }
  if (found.result !== 'whole') {
    return (
      <>
        <p>{t(`log.${found.result}.text`)}</p>
        {found.finding !== undefined && (
          <>
            <p>{t('log.finding', { first: found.finding.first, last: found.finding.last })}</p>
            <p className="small">
              <code>{`${found.finding.why} (${found.finding.class})`}</code>
            </p>
          </>
        )}
      </>
    );
  }
  return (
    <>
      <p>{t('log.whole.text', { first: time(found.first), last: time(found.last), at: time(found.at), checkpoints: found.checkpoints })}</p>
      <ul>
        <li>
          {found.witnessed === undefined
            ? t(found.quorum ? 'log.witness.notYet' : 'log.witness.none')
            : t('log.witness.some', { size: found.witnessed.size, at: time(found.witnessed.at), by: found.witnessed.by.join(', ') })}
        </li>
        <li>{found.since === undefined ? t('log.since.none') : t('log.since.some', { size: found.since })}</li>
        {found.headsGaps > 0 && (
          <li>{`${count('log.headsGaps', found.headsGaps)} ${t('log.gaps.longest', { minutes: Math.round(found.longestHeadsGap / 60) })}`}</li>
        )}
        {found.gaps > 0 && <li>{`${count('log.gaps', found.gaps)} ${t('log.gaps.longest', { minutes: Math.round(found.longestGap / 60) })}`}</li>}
        <li>{t('log.counts', { entries: found.entries, threads: found.threads, people: found.people, erased: found.erased })}</li>
      </ul>
    </>
  );
}

interface KeptProps {
  readonly change: (since: string) => void;
  readonly chosen: boolean;
}

const keptMaxBytes = 65_536;

/** The checkpoint of the last time, which nothing here could keep for her. */
function Kept({ change, chosen }: KeptProps): React.JSX.Element {
  const { t } = useWords();
  const [wrong, setWrong] = useState<'large' | 'unread'>();
  const choose = (file: File | undefined): void => {
    const large = file !== undefined && file.size > keptMaxBytes;
    setWrong(large ? 'large' : undefined);
    change('');
    if (file !== undefined && !large) {
      file.text().then(change, () => {
        setWrong('unread');
      });
    }
  };
  return (
    <details className="kept">
      <summary>{t(chosen ? 'log.kept.chosen' : 'log.kept')}</summary>
      <div className="field">
        <label htmlFor="kept">{t('log.kept.label')}</label>
        <input
          id="kept"
          type="file"
          accept=".txt,text/plain"
          onChange={(e) => {
            choose(e.target.files?.[0]);
          }}
        />
        <p role="alert" className="text-danger mb-0">
          {wrong === undefined ? '' : t(`log.kept.${wrong}`)}
        </p>
        <p className="help">{t('log.kept.help')}</p>
      </div>
    </details>
  );
}
