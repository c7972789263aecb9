import type { Template } from '../template';

/** Messages to buyers. */
export const buyerTemplates = {
  buyer_code: {
    ru: {
      subject: 'Код для входа: {code}',
      body: 'Ваш код: {code}\n\nВведите его на странице оператора «{operator}», чтобы увидеть свои чеки. Код действует {minutes} мин. Если вы его не запрашивали, просто не отвечайте на это письмо.',
      short: '{code} — код для просмотра чеков на сайте «{operator}», действует {minutes} мин.',
    },
    en: {
      subject: 'Your code: {code}',
      body: 'Your code: {code}\n\nEnter it on the page of the operator “{operator}” to see your receipts. It is good for {minutes} minutes. If you did not ask for it, ignore this message.',
      short: '{code} is the code to see your receipts at “{operator}”, good for {minutes} minutes.',
    },
  },
  buyer_receipt: {
    ru: {
      subject: 'Кассовый чек {seller} на {total}',
      body: 'Кассовый чек\n\nПродавец: {seller}\nИтог: {total}\nДата: {at}\nФН {fn}, ФД {fd}, ФП {fp}\n\nЧек целиком: {link}',
      short: '{seller}: чек на {total} от {at}. ФН {fn} ФД {fd} ФП {fp}. {link}',
    },
    en: {
      subject: 'Receipt of {seller} for {total}',
      body: 'Receipt\n\nSeller: {seller}\nTotal: {total}\nDate: {at}\nFN {fn}, FD {fd}, FP {fp}\n\nThe whole receipt: {link}',
      short: '{seller}: receipt for {total} of {at}. FN {fn} FD {fd} FP {fp}. {link}',
    },
  },
} as const satisfies Record<string, Template>;
