import './news.css';
import { useWords } from '../words/words';

/** Says that something has come, and not what: to eyes and to a screen reader, never in the title. */
export function News({ count }: { readonly count: number }): React.JSX.Element {
  const { t } = useWords();
  return (
    <div role="status" aria-live="polite" className={count > 0 ? 'news some' : 'news'}>
      {count > 0 && <span key={count}>{t('news.some')}</span>}
    </div>
  );
}
