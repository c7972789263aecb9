import type { RefusalRule } from '@kkt/domain';

/** English wording of each rule, and what to do about it in both languages. */
export const ruleTexts: Readonly<Record<RefusalRule, { en: string; doRu: string; doEn: string }>> = {
  InnOfAnotherTaxpayer: {
    en: 'The INN is not that of the group’s registers',
    doRu: 'Уберите поле или укажите ИНН группы касс',
    doEn: 'Leave the field out, or send the INN of the group',
  },
  InnChecksum: {
    en: 'The check digits of the INN are wrong',
    doRu: 'Проверьте ИНН: такого номера быть не может',
    doEn: 'Check the INN: no such number can exist',
  },
  TaxSystemRequired: {
    en: 'The registers have several tax systems: name one',
    doRu: 'Укажите company.sno',
    doEn: 'Send company.sno',
  },
  TaxSystemNotRegistered: {
    en: 'The registers are not registered with this tax system',
    doRu: 'Выберите систему из регистрации касс группы',
    doEn: 'Choose a tax system of the group’s registration',
  },
  ContactRequired: {
    en: 'An e-mail or telephone of the buyer is needed',
    doRu: 'Укажите client.email или client.phone',
    doEn: 'Send client.email or client.phone',
  },
  ContactNotSafe: {
    en: 'The contact holds spaces or control characters',
    doRu: 'Уберите пробелы и управляющие символы',
    doEn: 'Remove spaces and control characters',
  },
  ItemsRequired: {
    en: 'The receipt has no items',
    doRu: 'Добавьте хотя бы одну позицию',
    doEn: 'Add at least one item',
  },
  TooManyItems: {
    en: 'Too many items',
    doRu: 'Разделите покупку на чеки до 100 позиций',
    doEn: 'Split the purchase into receipts of at most 100 items',
  },
  TextNotPrintable: {
    en: 'Nothing of this name can be printed',
    doRu: 'Дайте название буквами кириллицы или латиницы',
    doEn: 'Name it in Cyrillic or Latin letters',
  },
  SubjectNotInFormat: {
    en: 'This settlement subject exists in FFD 1.2 only',
    doRu: 'Выберите предмет расчёта из ФФД 1.05 или группу с ФФД 1.2',
    doEn: 'Choose a subject of FFD 1.05, or a group with FFD 1.2',
  },
  ItemSumMismatch: {
    en: 'The sum is not price times quantity',
    doRu: 'Уберите sum или укажите цену, умноженную на количество, с округлением до копейки',
    doEn: 'Leave sum out, or send price times quantity rounded to the kopeck',
  },
  TotalTooBig: {
    en: 'The total is too big',
    doRu: 'Разделите чек на несколько',
    doEn: 'Split the receipt into several',
  },
  ItemSumTooBig: {
    en: 'The sum of the item is too big',
    doRu: 'Разделите позицию',
    doEn: 'Split the item',
  },
  TotalMismatch: {
    en: 'The total is not the sum of the items',
    doRu: 'Уберите total или укажите сумму позиций',
    doEn: 'Leave total out, or send the sum of the items',
  },
  CashlessAboveTotal: {
    en: 'Payments other than cash exceed the total',
    doRu: 'Сдача бывает только с наличных: уменьшите безналичную оплату',
    doEn: 'Change is given from cash only: lower the other payments',
  },
  NotFullyPaid: {
    en: 'The payments do not reach the total',
    doRu: 'Добавьте недостающую оплату или уберите sum одной из оплат',
    doEn: 'Add what is missing, or leave the sum of one payment out',
  },
  CashlessListMismatch: {
    en: 'Details of cashless payments exceed what was paid cashless',
    doRu: 'Сверьте cashless_payments с оплатами electronic',
    doEn: 'Compare cashless_payments with the electronic payments',
  },
  VatRateNotInForce: {
    en: 'The VAT rate is not in force today',
    doRu: 'Выберите действующую ставку; возвраты и коррекции могут нести прежнюю',
    doEn: 'Choose a rate in force; refunds and corrections may carry an old one',
  },
  VatSumMismatch: {
    en: 'The VAT sum does not follow from the rate',
    doRu: 'Уберите сумму НДС или укажите вычисленную',
    doEn: 'Leave the VAT sum out, or send the computed one',
  },
  VatSumRequired: {
    en: 'With several rates each needs its sum',
    doRu: 'Укажите sum каждой ставки',
    doEn: 'Send the sum of each rate',
  },
  SupplierRequired: {
    en: 'An agent’s item needs its supplier',
    doRu: 'Добавьте supplier_info',
    doEn: 'Add supplier_info',
  },
  SupplierIncomplete: {
    en: 'The supplier’s data are incomplete',
    doRu: 'Дополните supplier_info: ИНН, название, телефон',
    doEn: 'Complete supplier_info: INN, name, telephone',
  },
  MarkRequired: {
    en: 'A marking code is needed',
    doRu: 'Передайте mark_code или выберите предмет расчёта без кода',
    doEn: 'Send mark_code, or choose a subject without a code',
  },
  MarkNotAllowed: {
    en: 'This subject means goods without a marking code',
    doRu: 'Уберите mark_code или выберите предмет расчёта с кодом',
    doEn: 'Leave mark_code out, or choose a subject with a code',
  },
  MarkQuantity: {
    en: 'A marked piece has the quantity 1',
    doRu: 'Пробейте каждую штуку отдельной позицией',
    doEn: 'Give every piece an item of its own',
  },
  MarkFraction: {
    en: 'The numerator must be from 1 and below the denominator',
    doRu: 'Исправьте mark_quantity',
    doEn: 'Correct mark_quantity',
  },
  WholesaleIncomplete: {
    en: 'Volume-grade accounting needs a code, an industry requisite and a quantity above 1',
    doRu: 'Дополните позицию',
    doEn: 'Complete the item',
  },
  CorrectionRequired: {
    en: 'The basis of the correction is missing',
    doRu: 'Добавьте correction_info',
    doEn: 'Add correction_info',
  },
  CorrectionNumberRequired: {
    en: 'The number of the order is missing',
    doRu: 'Укажите correction_info.base_number',
    doEn: 'Send correction_info.base_number',
  },
  CorrectionDateInFuture: {
    en: 'The corrected settlement has not happened yet',
    doRu: 'Укажите день исправляемого расчёта',
    doEn: 'Send the day of the corrected settlement',
  },
  CorrectionSign: {
    en: 'FFD 1.05 corrects income and expense only',
    doRu: 'Исправляйте возврат обычным чеком',
    doEn: 'Correct a refund by an ordinary receipt',
  },
  TooLong: {
    en: 'The data do not fit the requisite or the document',
    doRu: 'Сократите тексты или разделите чек',
    doEn: 'Shorten the texts or split the receipt',
  },
  FormatNotAllowed: {
    en: 'The format of the group’s registers does not allow this',
    doRu: 'Сверьте поле с форматом (ФФД) группы',
    doEn: 'Compare the field with the format (FFD) of the group',
  },
};
