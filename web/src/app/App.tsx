import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Self } from '../core/core';
import { DeskContext } from '../core/desk';
import { Enrol } from '../enter/Enrol';
import { SignIn } from '../enter/SignIn';
import { Unlock } from '../enter/Unlock';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { SoonContext } from '../parts/Soon';
import { SpeechContext, useSpeech, type Language } from '../words/words';
import { Ended } from './Ended';
import { useThreeShifts } from './exit';
import { useKeptFocus } from './focus';
import { useIdle } from './idle';
import { Rooms } from './Rooms';
import { Shell } from './Shell';
import { Unended } from './Unended';
import type { Stage, Visit } from './visit';

export function App({ visit }: { readonly visit: Visit }): React.JSX.Element {
  const { core, stage } = useSyncExternalStore(visit.subscribe, visit.now);
  const [language, setLanguage] = useState<Language>('it');
  const words = useSpeech(language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useThreeShifts(visit.leave);
  useKeptFocus();
  const soon = useIdle(stage.at === 'open' || stage.at === 'locked', visit.lockIdle);
  const desk = useMemo(() => ({ core, over: visit.over, leave: visit.leave }), [core, visit]);
  return (
    <SpeechContext.Provider value={words}>
      <DeskContext.Provider value={desk}>
        <SoonContext.Provider value={soon}>
          <Shell stage={stage} lock={visit.begin} signOut={visit.signOut} setLanguage={setLanguage}>
            <Room stage={stage} opened={visit.opened} again={visit.begin} uninvited={visit.uninvited} signOut={visit.signOut} />
          </Shell>
        </SoonContext.Provider>
      </DeskContext.Provider>
    </SpeechContext.Provider>
  );
}

interface RoomProps {
  readonly stage: Stage;
  readonly opened: (self: Self) => void;
  readonly again: () => void;
  readonly uninvited: () => void;
  readonly signOut: () => void;
}

function Room({ stage, opened, again, uninvited, signOut }: RoomProps): React.JSX.Element {
  switch (stage.at) {
    case 'starting':
      return <Busy say="app.starting" />;
    case 'ended':
      return <Ended why={stage.why} again={again} />;
    case 'failed':
      return <FailureNotice failure={stage.failure} again={again} />;
    case 'signedOut':
      return <SignIn service={stage.service} invited={stage.invited} ended={stage.ended} entered={again} back={uninvited} />;
    case 'locked':
      return stage.me.keys ? <Unlock idle={stage.idle} opened={opened} /> : <Enrol opened={opened} />;
    case 'leaving':
      return <Busy say="app.leaving" />;
    case 'unended':
      return <Unended again={signOut} />;
    case 'open':
      return <Rooms me={stage.me} self={stage.self} again={again} />;
  }
}
