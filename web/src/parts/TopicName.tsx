import { useVocabulary } from '../core/vocabulary';
import { useWords } from '../words/words';

/** A topic in the network's words, its code alone when it is not in the list any more. */
export function TopicName({ code }: { readonly code: string }): React.JSX.Element {
  const { language } = useWords();
  const topic = useVocabulary()?.topics.find((one) => one.code === code);
  return <>{topic === undefined ? code : topic[language]}</>;
}
