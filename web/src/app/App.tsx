import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Self } from '../core/core';
import { DeskContext } from '../core/desk';
import { Enrol } from '../enter/Enrol';
import { SignIn } from '../enter/SignIn';
import { Unlock } from '../enter/Unlock';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { SpeechContext, useSpeech, type Language } from '../words/words';
import { Ended } from './Ended';
import { quickExit, useThreeShifts } from './exit';
import { useKeptFocus } from './focus';
import { useIdle } from './idle';
import { Rooms } from './Rooms';
import { Shell } from './Shell';
import type { Stage, Visit } from './visit';

export function App({ visit }: { readonly visit: Visit }): React.JSX.Element {
  const { core, stage } = useSyncExternalStore(visit.subscribe, visit.now);
  const [language, setLanguage] = useState<Language>('it');
  const words = useSpeech(language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const leave = useCallback(() => {
    quickExit(visit.now().core);
  }, [visit]);
  useThreeShifts(leave);
  useKeptFocus();
  useIdle(stage.at === 'open' || stage.at === 'locked', visit.lockIdle);
  const desk = useMemo(() => ({ core, over: visit.over, leave }), [core, visit, leave]);
  return (
    <SpeechContext.Provider value={words}>
      <DeskContext.Provider value={desk}>
        <Shell stage={stage} lock={visit.begin} setLanguage={setLanguage}>
          <Room stage={stage} opened={visit.opened} again={visit.begin} />
        </Shell>
      </DeskContext.Provider>
    </SpeechContext.Provider>
  );
}

interface RoomProps {
  readonly stage: Stage;
  readonly opened: (self: Self) => void;
  readonly again: () => void;
}

function Room({ stage, opened, again }: RoomProps): React.JSX.Element {
  switch (stage.at) {
    case 'starting':
      return <Busy say="app.starting" />;
    case 'ended':
      return <Ended why={stage.why} again={again} />;
    case 'failed':
      return <FailureNotice failure={stage.failure} again={again} />;
    case 'signedOut':
      return <SignIn service={stage.service} invited={stage.invited} ended={stage.ended} entered={again} />;
    case 'locked':
      return stage.me.keys ? <Unlock me={stage.me} idle={stage.idle} opened={opened} /> : <Enrol opened={opened} />;
    case 'open':
      return <Rooms me={stage.me} self={stage.self} again={again} />;
  }
}
