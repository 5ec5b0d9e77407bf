import './sessions.css';
import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Session } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { useWords } from '../words/words';
import { Busy } from './Busy';
import { Confirm } from './Dialog';
import { FailureNotice } from './FailureNotice';

interface SessionListProps {
  /** Whose they are, nobody for one's own. */
  readonly person?: string;
}

/** The open sessions of somebody, to end one or all: it counts at the next thing that is asked in it. */
export function SessionList({ person }: SessionListProps): React.JSX.Element {
  const { t, time } = useWords();
  const { core } = useDesk();
  const of = person === undefined ? {} : { person };
  const { asked, again } = useAsked('sessions', of);
  const [ending, setEnding] = useState<Session | 'all'>();
  const sessions = asked.is === 'answered' ? asked.answer.sessions : (asked.before?.sessions ?? []);
  const done = (): void => {
    setEnding(undefined);
    again();
  };
  const others = sessions.filter((one) => !one.current);
  return (
    <>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {asked.is === 'asking' && sessions.length === 0 && <Busy say="dialog.working" />}
      {asked.is === 'answered' && sessions.length === 0 && <p>{t('sessions.none')}</p>}
      <ul className="sessions" aria-label={t('sessions.list')}>
        {sessions.map((one) => (
          <li key={one.id}>
            <span className="device">
              {t(`device.${one.device}`)}
              {one.current && <span className="mark">{t('sessions.this')}</span>}
            </span>
            <span className="when">{t('sessions.times', { begun: time(one.begun), used: time(one.used) })}</span>
            {!one.current && (
              <Button
                color="primary"
                outline
                size="xs"
                aria-label={t('sessions.end.which', { device: t(`device.${one.device}`), begun: time(one.begun) })}
                onClick={() => {
                  setEnding(one);
                }}
              >
                {t('sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <Button
          color="primary"
          outline
          size="sm"
          onClick={() => {
            setEnding('all');
          }}
        >
          {t(person === undefined ? 'sessions.end.others' : 'sessions.end.all')}
        </Button>
      )}
      {ending !== undefined && (
        <Confirm
          title={t(ending === 'all' ? 'sessions.end.all.title' : 'sessions.end.title')}
          go={t('sessions.end')}
          danger
          {...(person === undefined ? {} : { recent: 'form' as const })}
          act={() => (ending === 'all' ? core.call('endSessions', of) : core.call('endSession', { session: ending.id }))}
          done={done}
          close={() => {
            setEnding(undefined);
          }}
        >
          <p>{t('sessions.end.text')}</p>
        </Confirm>
      )}
    </>
  );
}
