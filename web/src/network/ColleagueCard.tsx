import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Colleague } from '../core/core';
import { useDesk } from '../core/desk';
import { Confirm, Dialog } from '../parts/Dialog';
import { SessionList } from '../parts/SessionList';
import { useWords, type Key } from '../words/words';
import { Accept } from './Accept';
import { Also } from './Also';
import { change, lastDay, renewed } from './change';
import { ChangeSeat } from './ChangeSeat';
import { Ends } from './Ends';
import { NameSubstitute } from './NameSubstitute';
import { useSign, type SignedProps } from './sign';
import { Six } from './Six';

interface ColleagueCardProps extends SignedProps {
  readonly one: Colleague;
  /** Her sign-in was ended for good. */
  readonly ended: () => void;
}

type Doing = 'seat' | 'remove' | 'sessions' | 'end' | 'substitute' | 'accept';

/** Somebody on the roster, and what her steward may do. */
export function ColleagueCard({ one, network, signed, refresh, ended }: ColleagueCardProps): React.JSX.Element {
  const { t, day } = useWords();
  const [doing, setDoing] = useState<Doing>();
  const name = one.name;
  const close = (): void => {
    setDoing(undefined);
  };
  const state = stateOf(one);
  return (
    <li className="colleague">
      <div className="head">
        <strong>{name}</strong>
        {one.self && <span className="mark">{t('network.you')}</span>}
        <span>{one.roles.map((role) => t(`role.${role}`)).join(', ')}</span>
        {one.steward && <span className="mark">{t('network.steward')}</span>}
        <span className={state === 'network.state.ok' ? 'state' : 'state bad'}>{t(state)}</span>
        {one.until !== '' && <Ends until={one.until} />}
      </div>
      <p className="details">
        {one.act !== '' && <span>{t('network.act', { number: one.act })}</span>}
        <span>{t('network.from', { day: day(one.from) })}</span>
        {one.until !== '' && <span>{t('network.until', { day: day(lastDay(one.until)) })}</span>}
        <span>{t('network.expires', { day: day(one.expires) })}</span>
      </p>
      <details>
        <summary>{t('network.more', { name })}</summary>
        <Six words={one.words} label={t('network.words.of', { name })} />
        <div className="actions">
          {one.changed && <Act say="network.accept" act={() => { setDoing('accept'); }} />}
          {network.signs && (
            <>
              <Act say="network.change" act={() => { setDoing('seat'); }} />
              {network.kind === 'inps' && one.roles.includes('officer') && (
                <Act say="network.substitute" act={() => { setDoing('substitute'); }} />
              )}
              {!one.self && (
                <>
                  <Act say="network.sessions" act={() => { setDoing('sessions'); }} />
                  <Act say="network.remove" danger act={() => { setDoing('remove'); }} />
                  <Act say="network.end" danger act={() => { setDoing('end'); }} />
                </>
              )}
            </>
          )}
        </div>
      </details>
      {doing === 'accept' && (
        <Accept organisation={network.organisation} person={one.person} name={name} words={one.words} done={() => { close(); refresh(); }} close={close} />
      )}
      {doing === 'seat' && <ChangeSeat one={one} network={network} refresh={refresh} signed={(now) => { close(); signed(now); }} close={close} />}
      {doing === 'substitute' && <NameSubstitute one={one} network={network} refresh={refresh} signed={(now) => { close(); signed(now); }} close={close} />}
      {doing === 'sessions' && (
        <Dialog title={t('network.sessions.title', { name })} close={close}>
          <p>{t('network.sessions.text')}</p>
          <SessionList person={one.person} />
          <Button color="primary" onClick={close} className="d-block mt-4">
            {t('dialog.back')}
          </Button>
        </Dialog>
      )}
      {doing === 'remove' && <TakeOff one={one} network={network} refresh={refresh} signed={(now) => { close(); signed(now); }} close={close} />}
      {doing === 'end' && <EndPerson one={one} done={() => { close(); ended(); }} close={close} />}
    </li>
  );
}

function stateOf(one: Colleague): Key & `network.state.${string}` {
  if (one.changed) {
    return 'network.state.changed';
  }
  if (one.barred !== undefined) {
    return 'network.state.barred';
  }
  return one.active ? 'network.state.ok' : 'network.state.out';
}

interface ActProps {
  readonly say: 'network.accept' | 'network.change' | 'network.substitute' | 'network.sessions' | 'network.remove' | 'network.end';
  readonly danger?: boolean;
  readonly act: () => void;
}

function Act({ say, danger, act }: ActProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <Button color={danger === true ? 'danger' : 'primary'} outline size="xs" onClick={act}>
      {t(say)}
    </Button>
  );
}

interface TakeOffProps extends SignedProps {
  readonly one: Colleague;
  readonly close: () => void;
}

function TakeOff({ one, network, signed, refresh, close }: TakeOffProps): React.JSX.Element {
  const { t } = useWords();
  const sign = useSign({ network, signed, refresh });
  return (
    <Confirm
      title={t('network.remove.title', { name: one.name })}
      go={t('network.remove')}
      danger
      recent="form"
      act={() => sign([change('takeOff', one.person)])}
      done={close}
      close={close}
    >
      <p>{t('network.remove.text')}</p>
      <Also names={renewed(network, one.person)} />
    </Confirm>
  );
}

interface EndPersonProps {
  readonly one: Colleague;
  readonly done: () => void;
  readonly close: () => void;
}

function EndPerson({ one, done, close }: EndPersonProps): React.JSX.Element {
  const { t } = useWords();
  const { core } = useDesk();
  return (
    <Confirm
      title={t('network.end.title', { name: one.name })}
      go={t('network.end')}
      danger
      recent="form"
      typed={one.name}
      act={() => core.call('endPerson', { person: one.person })}
      done={done}
      close={close}
    >
      <p>{t('network.end.text')}</p>
      <p>{t('network.end.also')}</p>
    </Confirm>
  );
}
