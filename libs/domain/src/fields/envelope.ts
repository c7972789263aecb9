import { everywhere, v5, type Field } from './field';

/** What surrounds the receipt in a request body; paths are from the root. */
export const envelopeFields: readonly Field[] = [
  {
    path: 'timestamp',
    type: 'string',
    in: everywhere,
    required: everywhere,
    minLength: 1,
    maxLength: 64,
    ru: 'Дата и время документа во внешней системе',
    en: 'Time of the document in the shop',
  },
  // A text; script clients of compatible services send whole numbers, which are taken by their digits.
  {
    path: 'external_id',
    type: 'string',
    in: everywhere,
    required: everywhere,
    minLength: 1,
    maxLength: 128,
    ru: 'Идентификатор документа во внешней системе, ключ повтора',
    en: 'The shop’s id of the document; key of repetition',
  },
  {
    path: 'source_id',
    type: 'integer',
    in: everywhere,
    minimum: 0,
    maximum: 9,
    ru: 'Источник документа',
    en: 'Source of the document',
  },
  { path: 'service', type: 'object', in: everywhere, ru: 'Служебный раздел', en: 'Service section' },
  {
    path: 'service.callback_url',
    type: 'string',
    in: everywhere,
    maxLength: 256,
    ru: 'Адрес для сообщения о результате',
    en: 'Where to tell the result',
  },
  {
    path: 'ism_optional',
    type: 'boolean',
    in: v5,
    ru: 'Регистрировать, даже если система маркировки не ответила',
    en: 'Register even when the marking system does not answer',
  },
];
