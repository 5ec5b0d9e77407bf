import { useMemo } from 'react';
import { Heading } from '../parts/Heading';
import { BenefitCard } from './BenefitCard';
import type { Book } from './book';
import { carried, type Carried } from './carried';
import { Early } from './Early';
import { aside, early, evaluate, read, unanswered, visible, worthAsking, type Answers, type BenefitResult, type Edition, type Rules } from './evaluate';
import { NotFound } from './NotFound';
import { Paper } from './Paper';
import { Prepare } from './Prepare';
import { Safety } from './Safety';
import { Said } from './Said';
import { useTalk } from './talk';
import { Worth } from './Worth';

export interface ResultProps {
  readonly book: Book;
  readonly rules: Rules;
  readonly standing: Edition['standing'];
  readonly today: string;
  readonly answers: Answers;
  readonly to: (place: string) => void;
  readonly again: () => void;
  readonly carry: ((carried: Carried) => void) | undefined;
}

/** What the answers say, what endangers first. */
export function Result({ book, rules, standing, today, answers, to, again, carry }: ResultProps): React.JSX.Element {
  const speech = useTalk();
  const { t } = speech;
  const result = useMemo(() => evaluate(rules, answers), [rules, answers]);
  const worth = useMemo(() => worthAsking(rules, answers), [rules, answers]);
  const open = visible(rules, answers).filter((id) => answers[id] === undefined);
  const sheet = useMemo(() => read(rules, answers), [rules, answers]);
  const little = useMemo(() => early(sheet, result), [sheet, result]);
  const of = (outcome: BenefitResult['outcome']): readonly BenefitResult[] =>
    result.benefits.filter((benefit) => benefit.outcome === outcome && !little.has(benefit.id));
  const paper = [...of('likely'), ...of('verify')];
  const back = (): void => {
    to(open[0] ?? rules.questions[0]?.id ?? 'start');
  };
  const card = (benefit: BenefitResult): React.JSX.Element => (
    <BenefitCard key={benefit.id} book={book} rules={rules} today={today} answers={answers} benefit={benefit} to={to} />
  );
  return (
    <>
      <section className="result">
        <Heading>{t('orientation.result')}</Heading>
        <p className="disclaimer">
          <Said here={book.disclaimer} there={(words) => words.disclaimer} />
        </p>
        <Standing rules={rules} standing={standing} />
        {open.length > 0 && (
          <p className="partial">
            {open.length === 1 ? t('orientation.result.partial.one') : t('orientation.result.partial', { n: open.length })}
            <button type="button" className="quiet" onClick={back}>
              {t('orientation.result.questions')}
            </button>
          </p>
        )}
        <Safety book={book} rules={rules} warnings={result.warnings} aside={aside(rules, result, little)} />
        {paper.length + little.size === 0 && <p className="lead">{t('orientation.result.none')}</p>}
        <Part outcome="likely" found={of('likely')} card={card} />
        <Worth book={book} suggestions={worth} to={to} />
        <Part outcome="verify" found={of('verify')} card={card} />
        <Early book={book} found={result.benefits.filter(({ id }) => little.has(id))} questions={(benefit) => unanswered(sheet, benefit)} to={to} />
        <Prepare book={book} likely={of('likely')} verify={of('verify')} />
        <NotFound book={book} rules={rules} today={today} answers={answers} found={of('not')} to={to} />
        {carry !== undefined && (
          <section className="part leave-with">
            <h2>{t('orientation.carry')}</h2>
            <p>{t('orientation.carry.text')}</p>
            <button
              type="button"
              className="btn btn-primary"
              onClick={() => {
                carry(carried(speech, book, rules, answers));
              }}
            >
              {t('orientation.carry.go')}
            </button>
          </section>
        )}
        {paper.length > 0 && (
          <section className="part leave-with">
            <h2>{t('orientation.paper')}</h2>
            <p>{t('orientation.paper.text')}</p>
            {result.warnings.some((warning) => warning.id === livesWithHim) && <p className="danger">{t('orientation.paper.danger')}</p>}
            <button
              type="button"
              className="btn btn-outline-primary"
              onClick={() => {
                print();
              }}
            >
              {t('orientation.paper.print')}
            </button>
          </section>
        )}
        <div className="actions">
          <button type="button" className="btn btn-outline-primary" onClick={back}>
            {t('orientation.result.questions')}
          </button>
          <button type="button" className="btn btn-outline-danger" onClick={again}>
            {t('orientation.again')}
          </button>
        </div>
      </section>
      <Paper found={paper} />
    </>
  );
}

/** The warning that forbids paper. */
const livesWithHim = 'W_CONVIVENZA';

interface PartProps {
  readonly outcome: 'likely' | 'verify';
  readonly found: readonly BenefitResult[];
  readonly card: (benefit: BenefitResult) => React.JSX.Element;
}

function Part({ outcome, found, card }: PartProps): React.JSX.Element | null {
  const { t } = useTalk();
  if (found.length === 0) {
    return null;
  }
  return (
    <section className={`part ${outcome}`}>
      <h2>
        {t(`orientation.${outcome}`)}
        <span className="count">{found.length}</span>
      </h2>
      <p className="hint">{t(`orientation.${outcome}.text`)}</p>
      <ul className="benefits">{found.map(card)}</ul>
    </section>
  );
}

/** Which rules these are, and whether one may still go by them. */
function Standing({ rules, standing }: Pick<ResultProps, 'rules' | 'standing'>): React.JSX.Element {
  const { t, day } = useTalk();
  return (
    <p className={standing === 'valid' ? 'hint' : 'danger'}>
      {[
        t('orientation.edition', { version: rules.version, collected: monthOf(rules.collected) }),
        rules.status === 'draft' ? t('orientation.edition.draft') : '',
        standing === 'review' ? t('orientation.edition.review', { review: day(rules.review) }) : '',
        standing === 'ended' || standing === 'future' ? t(`orientation.edition.${standing}`) : '',
      ]
        .filter((text) => text !== '')
        .join(' ')}
    </p>
  );
}

/** 2026-03 as 03/2026. */
function monthOf(collected: string): string {
  return collected.split('-').reverse().join('/');
}
