import { useEffect, useRef, useState } from 'react';
import { useCards, useFurther } from '../app/kept';
import { failureOf, type Begun, type Choice, type Drawn, type Listed, type Reachable } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { useVocabulary } from '../core/vocabulary';
import { Busy } from '../parts/Busy';
import { useOfficers, WillRead } from '../open/WillRead';
import { Confirm } from '../parts/Dialog';
import { FailureNotice } from '../parts/FailureNotice';
import { useSecondLook } from '../parts/SecondLook';
import { Writing } from '../parts/Writing';
import { useWords } from '../words/words';

interface FurtherProps {
  readonly inside: Listed;
  readonly done: (begun: Begun) => void;
  readonly close: () => void;
}

/** A further thread of a case: with a Comune or association, or another office. Its people learn nothing of the others. */
export function Further({ inside, done, close }: FurtherProps): React.JSX.Element {
  const { t, language } = useWords();
  const { core } = useDesk();
  const [cards, lookAtCards] = useCards();
  const { asked, again } = useAsked('choices', { inside: inside.thread }, { news: cards });
  const topics = useVocabulary()?.topics ?? [];
  const [{ place, people, topic, text, sending }, change] = useFurther(inside.case ?? inside.thread);
  const [drawn, setDrawn] = useState<Drawn>();
  const { look, question } = useSecondLook();
  const begun = useRef<Begun>();
  const choices = asked.is === 'answered' ? asked.answer : asked.before;
  const other = choices?.others.find((one) => one.id === place);
  const colleagues = choices?.own.people.filter((one) => !one.self && one.barred === undefined) ?? [];
  const theirs = other?.kind === 'partner' ? other.people.filter((one) => one.barred === undefined) : [];
  const namesOf = (all: readonly Choice[]): readonly string[] => all.filter((one) => people.includes(one.person)).map((one) => one.name);
  const chosen = (all: readonly { readonly person: string }[]): readonly string[] => all.map((one) => one.person).filter((id) => people.includes(id));
  const ready = other !== undefined && text.trim() !== '' && chosen(colleagues).length > 0 && (other.kind === 'inps' ? topic !== '' && drawn !== undefined : chosen(theirs).length > 0);
  const act = async (): Promise<boolean> => {
    if (!(await look(text))) {
      return false;
    }
    const urgency = topics.find((one) => one.code === topic)?.urgency ?? '';
    change({ sending: true });
    const opening = core.call('openThread', {
      case: inside.case ?? '',
      inside: inside.thread,
      with: place,
      ...(other?.kind === 'inps' ? { topic, urgency, ...drawn } : {}),
      text,
      colleagues: chosen(colleagues),
      alone: false,
      partners: chosen(theirs),
    });
    try {
      begun.current = await opening;
    } catch (err) {
      change({ sending: false });
      if (failureOf(err).key === 'barred') {
        lookAtCards((n) => n + 1);
      }
      throw err;
    }
    change(undefined);
    return true;
  };
  return (
    <Confirm
      title={t('further.title')}
      go={t('further.go')}
      notYet={!ready || sending}
      wide
      barred="further.unsent"
      act={act}
      done={() => {
        if (begun.current !== undefined) {
          done(begun.current);
        }
      }}
      close={close}
    >
      <p>{t('further.lead')}</p>
      {asked.is === 'asking' && <Busy say="open.loading" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      <div className="field">
        <label htmlFor="further-place">{t('further.place')}</label>
        <select id="further-place" className="form-select" value={place} onChange={(e) => { change({ place: e.target.value }); setDrawn(undefined); }}>
          <option value="">{t('talk.choose')}</option>
          {choices?.others.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      {other?.kind === 'inps' && (
        <div className="field">
          <label htmlFor="further-topic">{t('further.topic')}</label>
          <select id="further-topic" className="form-select" value={topic} onChange={(e) => { change({ topic: e.target.value }); }}>
            <option value="">{t('talk.choose')}</option>
            {topics.map((one) => (
              <option key={one.code} value={one.code}>
                {one[language]}
              </option>
            ))}
          </select>
        </div>
      )}
      {[{ legend: t('further.theirs'), all: theirs }, { legend: t('open.colleagues'), all: colleagues }].map(
        ({ legend, all }) =>
          all.length > 0 && (
            <fieldset key={legend} className="choosing">
              <legend>{legend}</legend>
              {all.map((one) => (
                <div className="form-check" key={one.person}>
                  <input
                    type="checkbox"
                    id={`further-${one.person}`}
                    checked={people.includes(one.person)}
                    onChange={(e) => { change({ people: e.target.checked ? [...people, one.person] : people.filter((id) => id !== one.person) }); }}
                  />
                  <label htmlFor={`further-${one.person}`}>{one.name}</label>
                </div>
              ))}
            </fieldset>
          ),
      )}
      <p role="status" className="lacks">
        {other?.kind === 'partner' && chosen(theirs).length === 0 ? t('further.lacks') : other !== undefined && chosen(colleagues).length === 0 ? t('open.lacks.colleague') : ''}
      </p>
      {question}
      <Writing label={t('further.text')} value={text} change={(typed) => { change({ text: typed }); }} />
      {other?.kind === 'inps' && <Officers key={other.id} inside={inside.thread} office={other} colleagues={namesOf(colleagues)} drawn={drawn} draw={setDrawn} />}
      {other?.kind === 'partner' && <WillRead colleagues={namesOf(colleagues)} theirs={namesOf(theirs).map((name) => t('further.willRead', { name, place: other.name }))} />}
    </Confirm>
  );
}

interface OfficersProps {
  readonly inside: string;
  readonly office: Reachable;
  readonly colleagues: readonly string[];
  readonly drawn: Drawn | undefined;
  readonly draw: (drawn: Drawn) => void;
}

/** Draws the officers, so that she sees who will read before she confirms. */
function Officers({ inside, office, colleagues, drawn, draw }: OfficersProps): React.JSX.Element {
  const { t } = useWords();
  const officers = useOfficers();
  const [cards] = useCards();
  const { asked, again } = useAsked('drawFurther', { inside, with: office.id }, { news: cards });
  const answer = asked.is === 'answered' ? asked.answer : undefined;
  useEffect(() => {
    if (answer !== undefined) {
      draw(answer);
    }
  }, [answer, draw]);
  const name = (id: string): string => office.people.find((one) => one.person === id)?.name ?? t('case.unknownName');
  return (
    <>
      {asked.is === 'asking' && <Busy say="open.drawing" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {drawn !== undefined && <WillRead colleagues={colleagues} theirs={officers(name(drawn.holder), drawn.substitute === undefined ? undefined : name(drawn.substitute), office.name)} />}
    </>
  );
}
