import { useCallback } from 'react';
import { useVocabulary } from '../core/vocabulary';
import { useWords } from '../words/words';

/** Says topics in the network's words, by their codes alone when they are not in the list any more. */
export function useTopicName(): (code: string) => string {
  const { language } = useWords();
  const topics = useVocabulary()?.topics;
  return useCallback((code) => topics?.find((one) => one.code === code)?.[language] ?? code, [topics, language]);
}

/** What a case is about. */
export function TopicNames({ codes }: { readonly codes: readonly string[] }): React.JSX.Element {
  return <>{codes.map(useTopicName()).join(' · ')}</>;
}
