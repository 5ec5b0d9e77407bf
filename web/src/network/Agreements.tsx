import { useAsked } from '../core/desk';
import { Busy } from '../parts/Busy';
import { FailureNotice } from '../parts/FailureNotice';
import { useWords } from '../words/words';
import { lastDay } from './change';
import { Ends } from './Ends';

/** The agreements that the channel rests on, and until when: after that a case is read and finished, and none is opened. */
export function Agreements(): React.JSX.Element {
  const { t, day } = useWords();
  const { asked, again } = useAsked('agreements', {});
  const answer = asked.is === 'answered' ? asked.answer : asked.before;
  return (
    <section aria-labelledby="agreements">
      <h2 id="agreements">{t('network.agreements')}</h2>
      <p>{t('network.agreements.text')}</p>
      {asked.is === 'failed' && <FailureNotice failure={asked.failure} again={again} />}
      {answer === undefined && asked.is === 'asking' && <Busy say="network.loading" />}
      {answer?.agreements.length === 0 && <p>{t('network.agreements.none')}</p>}
      <ul className="people">
        {answer?.agreements.map((one) => (
          <li key={one.id} className="colleague">
            <div className="head">
              <strong>{one.name}</strong>
              {one.territory !== '' && <span>{one.territory}</span>}
              <Ends until={one.until} />
            </div>
            <p className="details">
              <span>{t('network.from', { day: day(one.from) })}</span>
              <span>{t('network.until', { day: day(lastDay(one.until).slice(0, 10)) })}</span>
              {!one.inForce && <span>{t('network.agreements.not')}</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
