import { formatMessage, type TextValues } from './icu';

export type Language = 'ru' | 'en';

/** Texts of one part of the application in both languages, with the same keys. */
export interface Texts<K extends string> {
  readonly ru: Readonly<Record<K, string>>;
  readonly en: Readonly<Record<K, string>>;
}

/** Checks by types that both languages say the same things. */
export const defineTexts = <const R extends Record<string, string>>(texts: {
  ru: R;
  en: { [K in keyof R]: string };
}): Texts<Extract<keyof R, string>> => texts;

/** Says a text of a catalogue. */
export interface Say<K extends string> {
  (key: K, values?: TextValues): string;
  /** A text whose key comes with data; the fallback when there is none. */
  maybe(key: string, fallback: string, values?: TextValues): string;
}

/** Wraps every text, so that one that did not come from a catalogue is seen at once. */
const pseudo = (text: string): string => `⟦${text}⟧`;

export function sayIn<K extends string>(texts: Texts<K>, language: Language, isPseudo = false): Say<K> {
  const catalogue: Readonly<Record<string, string>> = texts[language];
  const say = (key: string, values: TextValues = {}): string => {
    const text = formatMessage(catalogue[key] ?? key, values, language);
    return isPseudo ? pseudo(text) : text;
  };
  return Object.assign((key: K, values?: TextValues) => say(key, values), {
    maybe: (key: string, fallback: string, values?: TextValues) =>
      key in catalogue ? say(key, values) : isPseudo ? pseudo(fallback) : fallback,
  });
}
