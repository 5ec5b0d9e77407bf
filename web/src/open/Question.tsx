import { Button } from 'design-react-kit';
import { useEffect, useState } from 'react';
import { useWay } from '../app/go';
import { useCards, useOpening } from '../app/kept';
import { failureOf, type Choices, type Drawn } from '../core/core';
import { useAsked, useDesk } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { useSecondLook } from '../parts/SecondLook';
import { Writing } from '../parts/Writing';
import { useWords } from '../words/words';
import { chosenIn, nothingOpened, officeIn, partOf, said, type Draft } from './draft';
import { useOfficers, WillRead } from './WillRead';

interface QuestionProps {
  readonly draft: Draft;
  readonly choices: Choices;
  readonly change: (part: Partial<Draft>) => void;
  readonly previous: () => void;
}

/** The third step: the question, and who will read it. Who that is was drawn before, so that she sees it. */
export function Question({ draft, choices, change, previous }: QuestionProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const { opened } = useWay();
  const [{ drawn: before, sending, failure }, open] = useOpening();
  const [cards, lookAtCards] = useCards();
  const { look, question } = useSecondLook();
  const office = officeIn(choices, draft);
  const wishes = office === undefined ? { exclude: [] } : said(office, draft);
  const { asked, again } = useAsked('draw', { with: draft.office, ...wishes }, { news: cards });
  const [looking, setLooking] = useState(false);
  const chance = asked.is === 'answered' ? asked.answer : undefined;
  const drawnFor = JSON.stringify([draft.office, wishes, cards]);
  const drawn = asked.is === 'failed' ? undefined : before?.wishes === drawnFor ? before.to : chance;
  useEffect(() => {
    if (chance !== undefined) {
      open((now) => (now.drawn?.wishes === drawnFor ? now : { ...now, drawn: { wishes: drawnFor, to: chance } }));
    }
  }, [chance, drawnFor, open]);
  const send = async (to: Drawn): Promise<void> => {
    setLooking(true); // before the second look, or a second click would open two cases
    open((now) => ({ ...now, failure: undefined }));
    const goes = await look(draft.inside === '' ? draft.text : `${draft.text}\n\n${draft.inside}`);
    setLooking(false);
    if (!goes) {
      return;
    }
    open((now) => ({ ...now, sending: true }));
    const begun = await core.call('openCase', {
      exclude: wishes.exclude,
      ...to,
      with: draft.office,
      topic: draft.topic,
      urgency: draft.urgency,
      text: draft.text,
      inside: draft.inside,
      colleagues: chosenIn(choices, draft).map((one) => one.person),
      alone: draft.alone,
      excludeOffices: draft.excludeOffices,
    });
    open(() => nothingOpened);
    opened({ at: 'case', threads: begun.threads, receipt: begun.receipts[0] ?? '' });
  };
  return (
    <form
      autoComplete="off"
      onSubmit={(e) => {
        e.preventDefault();
        if (drawn === undefined || looking || sending || draft.text.trim() === '') {
          return;
        }
        send(drawn).catch((err: unknown) => {
          const why = failureOf(err);
          setLooking(false);
          const ended = over(why);
          // Without an answer it may have been opened, and is opened again with the same officers or not at all.
          open((now) => ({ ...now, drawn: why.key === 'silent' ? now.drawn : undefined, sending: false, failure: ended ? undefined : why }));
          if (why.key === 'barred') {
            lookAtCards((n) => n + 1);
          }
        });
      }}
    >
      {question}
      <Writing
        label={t('open.text')}
        help={t('case.compose.help')}
        value={draft.text}
        rows={6}
        change={(text) => {
          change({ text });
        }}
      />
      <Writing
        label={t('open.inside')}
        help={t('open.inside.help')}
        value={draft.inside}
        rows={2}
        change={(inside) => {
          change({ inside });
        }}
      />
      {asked.is === 'asking' && drawn === undefined && <Busy say="open.drawing" />}
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {drawn !== undefined && <OfCase draft={draft} choices={choices} drawn={drawn} />}
      {failure !== undefined && <FailureNotice failure={failure} barred="open.unsent" />}
      {looking || sending ? (
        <Busy say={sending ? 'case.compose.sending' : 'dialog.working'} />
      ) : (
        <div className="actions">
          <Button color="primary" type="submit" disabled={drawn === undefined || draft.text.trim() === ''}>
            {t('open.go')}
          </Button>
          <Button color="primary" outline type="button" onClick={previous}>
            {t('open.previous')}
          </Button>
        </div>
      )}
    </form>
  );
}

interface OfCaseProps {
  readonly draft: Draft;
  readonly choices: Choices;
  readonly drawn: Drawn;
}

/** Who will be able to read, and who will not. */
function OfCase({ draft, choices, drawn }: OfCaseProps): React.JSX.Element {
  const { t } = useWords();
  const officers = useOfficers();
  const office = officeIn(choices, draft);
  const name = (id: string): string =>
    office?.people.find((one) => one.person === id)?.name ?? t('case.unknownName');
  const chosen = chosenIn(choices, draft);
  const kept = [
    ...(office?.people.filter((one) => partOf(one, draft) === 'excluded').map((one) => one.name) ?? []),
    ...choices.others.filter((one) => draft.excludeOffices.includes(one.id)).map((one) => one.name),
  ];
  return (
    <WillRead
      colleagues={chosen.map((one) => one.name)}
      theirs={officers(name(drawn.holder), drawn.substitute === undefined ? undefined : name(drawn.substitute), office?.name ?? '')}
    >
      <p>{chosen.length === 0 ? t('open.willRead.insideAlone') : t('open.willRead.inside')}</p>
      {kept.length > 0 && <p>{t('open.willRead.kept', { names: kept.join(', ') })}</p>}
    </WillRead>
  );
}
