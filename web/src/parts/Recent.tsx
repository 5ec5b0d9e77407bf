import { Alert, Button } from 'design-react-kit';
import { useAsked } from '../core/desk';
import { useWords } from '../words/words';
import { SignInAgain } from './SignInAgain';

/** What her sign-in has to last for: writing down a phrase or comparing words by telephone; or filling in a form. */
export type Task = 'long' | 'form';

const enoughSeconds: Readonly<Record<Task, number>> = { long: 300, form: 120 };

/** Whether her sign-in will still be fresh at the end of something; undefined for a moment. What is not known is left to the service. */
export function useRecent(task: Task): boolean | undefined {
  const { asked } = useAsked('fresh', {});
  switch (asked.is) {
    case 'asking':
      return undefined;
    case 'answered':
      return asked.answer.seconds >= enoughSeconds[task];
    case 'failed':
      return true;
  }
}

/** She signs in again before she begins, so that nothing is done in vain. */
export function SignInFirst({ back }: { readonly back?: () => void }): React.JSX.Element {
  const { t } = useWords();
  return (
    <>
      <Alert color="warning">
        <p className="mb-0">{t('fresh.first')}</p>
        <SignInAgain />
      </Alert>
      {back !== undefined && (
        <Button color="primary" outline onClick={back}>
          {t('enrol.back')}
        </Button>
      )}
    </>
  );
}
