import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { formatsOf, type Formats } from '../format/formats';
import { type Language, type Say, sayIn, type Texts } from './texts';

interface LanguageState {
  language: Language;
  isPseudo: boolean;
  setLanguage(language: Language): void;
}

const Context = createContext<LanguageState>({
  language: 'ru',
  isPseudo: false,
  setLanguage: () => undefined,
});

const storageKey = 'kkt-language';

const remembered = (): Language => (localStorage.getItem(storageKey) === 'en' ? 'en' : 'ru');

/** The language of the page: Russian first; `?lang=pseudo` marks every text of the catalogues. */
export function LanguageProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setState] = useState<Language>(remembered);
  const [isPseudo] = useState(() => new URLSearchParams(location.search).get('lang') === 'pseudo');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const state = useMemo(
    () => ({
      language,
      isPseudo,
      setLanguage: (next: Language) => {
        localStorage.setItem(storageKey, next);
        setState(next);
      },
    }),
    [language, isPseudo],
  );
  return <Context value={state}>{children}</Context>;
}

export const useLanguage = (): LanguageState => useContext(Context);

/** Says texts of this catalogue in the present language. */
export function useTexts<K extends string>(texts: Texts<K>): Say<K> {
  const { language, isPseudo } = useLanguage();
  return useMemo(() => sayIn(texts, language, isPseudo), [texts, language, isPseudo]);
}

/** Numbers, sums and times as the present language writes them. */
export function useFormats(): Formats {
  const { language } = useLanguage();
  return useMemo(() => formatsOf(language), [language]);
}
