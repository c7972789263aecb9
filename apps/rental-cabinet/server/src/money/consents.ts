import type { ConsentView } from '@kkt/web-contract';

/** Words a payer agrees to. A changed text gets a new version; what was agreed to is kept with the agreement. */
export const cardConsent: ConsentView = {
  version: 'card-2026-11',
  ru: 'Я прошу банк запомнить карту для оплаты аренды касс. Номер карты хранит банк, ферма видит только последние цифры. Карту можно удалить в любой момент.',
  en: 'I ask the bank to remember the card for paying the rent of registers. The bank keeps the number, the farm sees its last digits only. The card can be removed at any time.',
};

export const autoConsent: ConsentView = {
  version: 'auto-2026-11',
  ru: 'Я разрешаю списывать указанную сумму с сохранённой карты, когда баланс становится ниже указанного порога, не больше указанного лимита за календарный месяц. О каждом списании придёт письмо с чеком. Автопополнение можно выключить в любой момент, деньги на балансе при этом остаются.',
  en: 'I allow the stated sum to be taken from the saved card whenever the balance falls below the stated threshold, up to the stated limit of a calendar month. Each time a letter and a receipt are sent. It can be switched off at any time; what is on the balance stays.',
};

/** What is kept of an agreement: which words, whole. */
export const agreed = ({ version, ru }: ConsentView): string => `${version}: ${ru}`;
