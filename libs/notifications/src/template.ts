import { FarmError } from '@kkt/contracts';

/** A message in one language. In each text `{name}` is a value, `{count|касса|кассы|касс}` a number with its word. */
export interface TemplateText {
  /** One line: subject of a mail, heading on a page. */
  readonly subject: string;
  /** Whole text of a mail. */
  readonly body: string;
  /** For SMS, messengers and calls: one or two sentences. Absent: the subject. */
  readonly short?: string;
}

/** A kind of message: its texts as data. */
export interface Template {
  readonly ru: TemplateText;
  readonly en: TemplateText;
}

type NamesIn<S extends string> = S extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}|${string}` ? Name : Inside) | NamesIn<Rest>
  : never;
type NamesOf<T extends TemplateText> =
  NamesIn<T['subject']> | NamesIn<T['body']> | (T['short'] extends string ? NamesIn<T['short']> : never);

/** Values a template needs; TypeScript reads their names from the Russian text. */
export type ParamsOf<T extends Template> = Readonly<Record<NamesOf<T['ru']>, string | number>>;

const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };
const numbers = { ru: new Intl.NumberFormat('ru-RU'), en: new Intl.NumberFormat('en-GB') };
export type TemplateLanguage = keyof typeof rules;

/** Forms: one, few, many in Russian; one, other in English. */
function counted(value: number, forms: readonly string[], language: TemplateLanguage): string {
  const rule = rules[language].select(value);
  const at =
    language === 'ru' ? { one: 0, few: 1, many: 2 }[rule as 'one' | 'few' | 'many'] : rule === 'one' ? 0 : 1;
  return `${numbers[language].format(value)} ${forms[at ?? 1] ?? forms.at(-1) ?? ''}`;
}

/**
 * Puts values into a text. Values are never read as templates themselves.
 * @throws FarmError SYS-TEMPLATE when a value is missing or is no number where one is counted
 */
export function fill(
  text: string,
  params: Readonly<Record<string, string | number>>,
  language: TemplateLanguage,
): string {
  return text.replace(/\{([a-zA-Z][a-zA-Z0-9]*)((?:\|[^{}|]*)*)\}/g, (_, name: string, forms: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined)
      throw new FarmError('SYS-TEMPLATE', `The template needs the value ${name}`, { name });
    if (forms === '') return typeof value === 'number' ? numbers[language].format(value) : value;
    if (typeof value !== 'number')
      throw new FarmError('SYS-TEMPLATE', `The value ${name} must be a number`, { name });
    return counted(value, forms.slice(1).split('|'), language);
  });
}

/** Names of the values a text needs. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{([a-zA-Z][a-zA-Z0-9]*)(?:\|[^{}|]*)*\}/g)].map((match) => match[1] ?? '')),
];
