import { Button } from 'design-react-kit';
import { useWords } from '../words/words';

/** How many things one request asks for. */
const most = 64;

interface ItemsProps {
  readonly items: readonly string[];
  readonly due: string;
  readonly change: (part: { readonly items?: readonly string[]; readonly due?: string }) => void;
}

/** What is asked for, one by one, so that whoever answers misses none. */
export function Items({ items, due, change }: ItemsProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <fieldset className="items">
      <legend>{t('talk.items')}</legend>
      {items.map((item, i) => (
        <div className="field" key={i}>
          <label htmlFor={`item-${i}`}>{t('talk.item', { n: i + 1 })}</label>
          <input
            id={`item-${i}`}
            type="text"
            className="form-control"
            value={item}
            autoComplete="off"
            onChange={(e) => {
              change({ items: items.map((one, at) => (at === i ? e.target.value : one)) });
            }}
          />
        </div>
      ))}
      {items.length < most && (
        <Button color="link" size="sm" type="button" onClick={() => { change({ items: [...items, ''] }); }}>
          {t('talk.item.more')}
        </Button>
      )}
      <div className="field due">
        <label htmlFor="due">{t('talk.due')}</label>
        <input id="due" type="date" className="form-control" value={due} onChange={(e) => { change({ due: e.target.value }); }} />
      </div>
    </fieldset>
  );
}
