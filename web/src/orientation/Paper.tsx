import type { BenefitResult } from './evaluate';
import { maybe, useTalk, type Talk } from './talk';

/** The sheet that she may take home: on paper only, and in words that tell nobody what it is about. */
export function Paper({ found }: { readonly found: readonly BenefitResult[] }): React.JSX.Element {
  const { t } = useTalk();
  const of = (outcome: BenefitResult['outcome']): readonly BenefitResult[] => found.filter((benefit) => benefit.outcome === outcome);
  return (
    <div className="print-only paper">
      <h2>{t('paper.title')}</h2>
      <Table title={t('paper.first')} found={of('likely')} />
      <Table title={t('paper.then')} found={of('verify')} />
      <p>{t('paper.others')}</p>
    </div>
  );
}

function Table({ title, found }: { readonly title: string; readonly found: readonly BenefitResult[] }): React.JSX.Element | null {
  const speech = useTalk();
  const { t } = speech;
  if (found.length === 0) {
    return null;
  }
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t('paper.what')}</th>
          <th scope="col">{t('paper.where')}</th>
          <th scope="col">{t('paper.bring')}</th>
        </tr>
      </thead>
      <tbody>
        {found.map((benefit) => (
          <tr key={benefit.id}>
            <th scope="row">
              {maybe(speech, `paper.benefit.${benefit.id}`)}
              {benefit.pressing && ` (${t('paper.soon')})`}
            </th>
            <td>{maybe(speech, `paper.where.${benefit.id}`)}</td>
            <td>{bring(speech, benefit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The documents that may stand on the sheet, each once. */
function bring(speech: Talk, benefit: BenefitResult): string {
  return [...new Set(benefit.documents.flatMap((id) => maybe(speech, `paper.document.${id}`) ?? []))].join(', ');
}
