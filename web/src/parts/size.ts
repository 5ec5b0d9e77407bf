import { useMemo } from 'react';
import { useWords } from '../words/words';

/** How large a file is, in her language. */
export function useSize(): (bytes: number) => string {
  const { language } = useWords();
  return useMemo(() => {
    const locale = language === 'it' ? 'it-IT' : 'en-GB';
    const kilobytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
    const megabytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });
    return (bytes) => (bytes < 1e6 ? kilobytes.format(Math.ceil(bytes / 1e3)) : megabytes.format(bytes / 1e6));
  }, [language]);
}
