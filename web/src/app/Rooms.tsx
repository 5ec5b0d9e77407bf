import { useCallback, useEffect, useMemo, useState } from 'react';
import { Case } from '../case/Case';
import { Drafts, DraftsContext } from '../case/drafts';
import { Cases } from '../cases/Cases';
import { VerificationWords } from '../enter/VerificationWords';
import { ChangedCards } from '../network/ChangedCards';
import { Log } from '../log/Log';
import { Network } from '../network/Network';
import { Reminders } from '../network/Reminders';
import { Orientation } from '../orientation/Orientation';
import { Profile } from '../profile/Profile';
import type { Me, Role, Self } from '../core/core';
import { useDesk } from '../core/desk';
import { NewsContext, useAnnounced } from '../core/news';
import { useWords } from '../words/words';
import { carry, written } from '../open/draft';
import { Open } from '../open/Open';
import { News } from './News';
import { GoContext, useWay, type Place, type RoomName } from './go';
import { Kept, KeptContext, useOpening } from './kept';

interface RoomsProps {
  readonly me: Me;
  readonly self: Self;
  /** Locks, to unlock again: when she has been put on the roster. */
  readonly again: () => void;
}

/** Whom each room is for, in the order in which they are offered. The service decides what is in them. */
const rooms: readonly { readonly name: RoomName; readonly roles: readonly Role[] }[] = [
  { name: 'cases', roles: ['operator', 'coordinator', 'officer', 'partner'] },
  { name: 'orientation', roles: ['operator', 'coordinator'] },
  { name: 'log', roles: ['auditor'] },
  { name: 'network', roles: ['coordinator', 'manager', 'registrar'] },
  { name: 'profile', roles: ['operator', 'coordinator', 'officer', 'manager', 'partner', 'auditor', 'registrar', 'observer'] },
];

/** Who may sign the roster has these before she is on it herself. */
const forStewards: readonly RoomName[] = ['network', 'profile'];

/** Officers see their cases as a queue. */
function worksQueue(me: Me): boolean {
  return me.roles.includes('officer');
}

/** The rooms of somebody who has unlocked. Where she is, is in memory only, and in no address. */
export function Rooms({ me, self, again }: RoomsProps): React.JSX.Element {
  const offered = useMemo(
    () => rooms.filter((one) => one.roles.some((role) => me.roles.includes(role)) || (self.steward && forStewards.includes(one.name))).map((one) => one.name),
    [me, self],
  );
  const [room, setRoom] = useState<RoomName>(offered[0] ?? 'profile');
  const [inside, setInside] = useState<Place>();
  const go = useCallback((place: Place) => {
    // An entry that says nothing, so that the browser's own "back" leads out again.
    history.pushState(null, '');
    setInside(place);
  }, []);
  const opened = useCallback((place: Place) => {
    setInside((before) => (before?.at === 'open' ? place : before));
  }, []);
  const back = useCallback(() => {
    history.back();
  }, []);
  useEffect(() => {
    const popped = (): void => {
      setInside(undefined);
    };
    addEventListener('popstate', popped);
    return () => {
      removeEventListener('popstate', popped);
    };
  }, []);
  const choose = useCallback((name: RoomName) => {
    setRoom(name);
    setInside(undefined);
  }, []);
  const way = useMemo(() => ({ go, opened, back, choose }), [go, opened, back, choose]);
  const [kept] = useState(() => new Kept());
  const [drafts] = useState(() => new Drafts());
  useEffect(() => () => { drafts.end(); }, [drafts]);
  const announced = useAnnounced(useDesk(), self.listed && offered.includes('cases'));
  const { see } = announced;
  const listed = room === 'cases' && inside === undefined;
  // The list marks what is new in it: who comes to it, or leaves it, has seen that.
  useEffect(() => {
    see();
  }, [see, listed]);
  const opens = me.roles.includes('operator') || me.roles.includes('coordinator');
  if (!self.listed && !self.steward) {
    return <VerificationWords self={self} again={again} />;
  }
  return (
    <GoContext.Provider value={way}>
      <NewsContext.Provider value={announced}>
      <KeptContext.Provider value={kept}>
      <DraftsContext.Provider value={drafts}>
      {offered.length > 1 && <Sections me={me} offered={offered} room={room} choose={choose} opens={opens} opening={inside?.at === 'open'} />}
      <ChangedCards at={inside?.at ?? room} />
      <Reminders at={inside?.at ?? room} />
      <News count={announced.unseen} />
      {inside === undefined ? <Room key={room} name={room} me={me} self={self} /> : <Inside place={inside} />}
      </DraftsContext.Provider>
      </KeptContext.Provider>
      </NewsContext.Provider>
    </GoContext.Provider>
  );
}

interface RoomProps {
  readonly name: RoomName;
  readonly me: Me;
  readonly self: Self;
}

function Room({ name, me, self }: RoomProps): React.JSX.Element {
  const { language } = useWords();
  const { go } = useWay();
  const [, open] = useOpening();
  switch (name) {
    case 'cases':
      return <Cases queue={worksQueue(me)} />;
    case 'orientation':
      return (
        <Orientation
          language={language}
          carry={(carried) => {
            open((before) => carry(before, carried));
            go({ at: 'open' });
          }}
        />
      );
    case 'network':
      return <Network />;
    case 'log':
      return <Log />;
    case 'profile':
      return <Profile me={me} self={self} />;
  }
}

/** What is opened from a room, and left by going back. */
function Inside({ place }: { readonly place: Place }): React.JSX.Element {
  return place.at === 'open' ? (
    <Open />
  ) : (
    <Case threads={place.threads} {...(place.receipt === undefined ? {} : { receipt: place.receipt })} />
  );
}

interface SectionsProps {
  readonly me: Me;
  readonly offered: readonly RoomName[];
  readonly room: RoomName;
  readonly choose: (name: RoomName) => void;
  /** She may open cases. */
  readonly opens: boolean;
  readonly opening: boolean;
}

function Sections({ me, offered, room, choose, opens, opening }: SectionsProps): React.JSX.Element {
  const { t } = useWords();
  const { go } = useWay();
  const [{ draft }] = useOpening();
  return (
    <nav className="sections" aria-label={t('app.nav')}>
      {offered.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === room && !opening ? 'page' : undefined}
          onClick={() => {
            choose(name);
          }}
        >
          {t(name === 'cases' && worksQueue(me) ? 'cases.queue' : `room.${name}`)}
        </button>
      ))}
      {opens && (
        <button
          type="button"
          className="new"
          aria-current={opening ? 'page' : undefined}
          onClick={() => {
            if (!opening) {
              go({ at: 'open' });
            }
          }}
        >
          {t('open.new')} {!opening && written(draft) && <span className="mark">{t('cases.draft')}</span>}
        </button>
      )}
    </nav>
  );
}
