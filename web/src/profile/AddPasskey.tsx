import { Button } from 'design-react-kit';
import { useState } from 'react';
import type { Passkey } from '../core/core';
import { useDesk } from '../core/desk';
import { makePasskey } from '../core/passkey';
import { Busy } from '../parts/Busy';
import { Dialog, RecentDialog } from '../parts/Dialog';
import { passkeyFailure, PasskeyNotice, type PasskeyFailure } from '../parts/PasskeyNotice';
import { useWords } from '../words/words';

interface AddPasskeyProps {
  readonly known: readonly Passkey[];
  readonly done: () => void;
  readonly close: () => void;
}

/** What a keyring takes as a name, in UTF-8. */
const maxNameBytes = 80;

export function AddPasskey(props: AddPasskeyProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <RecentDialog task="long" title={t('profile.unlock.add')} close={props.close}>
      <Name {...props} />
    </RecentDialog>
  );
}

function Name({ known, done, close }: AddPasskeyProps): React.JSX.Element {
  const { t } = useWords();
  const { core, over } = useDesk();
  const [name, setName] = useState<string>(t('profile.unlock.add.default'));
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<PasskeyFailure>();
  const fits = name.trim() !== '' && new TextEncoder().encode(name.trim()).length <= maxNameBytes;
  const submit = (e: React.SyntheticEvent): void => {
    e.preventDefault();
    if (!fits || working) {
      return;
    }
    setWorking(true);
    setFailed(undefined);
    const ids = known.map((one) => one.credential);
    makePasskey(core, name.trim(), ids).then(() => { done(); }, (err: unknown) => {
      const why = passkeyFailure(err);
      setWorking(false);
      if (!('failure' in why && over(why.failure))) {
        setFailed(why);
      }
    });
  };
  return (
    <Dialog title={t('profile.unlock.add')} close={close} busy={working}>
      <form onSubmit={submit} autoComplete="off">
        <p>{t('profile.unlock.add.text')}</p>
        <div className="field">
          <label htmlFor="device-name">{t('profile.unlock.add.name')}</label>
          <input
            id="device-name"
            type="text"
            className="form-control"
            value={name}
            onChange={(e) => {
              setName(e.target.value);
            }}
            aria-describedby="device-name-help"
            autoComplete="off"
            spellCheck={false}
          />
          <p id="device-name-help" className="small text-muted">
            {t('profile.unlock.add.help')}
          </p>
        </div>
        {failed !== undefined && <PasskeyNotice failed={failed} />}
        {working ? (
          <Busy say="passkey.working" />
        ) : (
          <div className="actions">
            <Button color="primary" type="submit" disabled={!fits}>
              {t('profile.unlock.add')}
            </Button>
            <Button color="primary" outline type="button" onClick={close}>
              {t('dialog.cancel')}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}
