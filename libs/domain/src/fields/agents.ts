import type { Field, Place } from './field';
import { innPattern } from './parties';

/** Words of tags 1057 and 1222. */
export const agentWords = [
  'bank_paying_agent',
  'bank_paying_subagent',
  'paying_agent',
  'paying_subagent',
  'attorney',
  'commission_agent',
  'another',
] as const;

const phonePattern = '^([^\\s\\\\]{0,17}|\\+[^\\s\\\\]{1,18})$';

/** Agent and supplier: the same objects stand in an item and in the receipt. `at` is a path prefix with its dot. */
export function agentFields(at: '' | 'items[].', places: readonly Place[]): readonly Field[] {
  const phones = (path: string, tag: number, ru: string, en: string): Field[] => [
    { path, type: 'array', in: places, tag, ru, en },
    { path: `${path}[]`, type: 'string', in: places, tag, pattern: phonePattern, ru, en },
  ];
  const agent = `${at}agent_info`;
  const transfer = `${agent}.money_transfer_operator`;
  const supplier = `${at}supplier_info`;
  const itemPlaces = at === '' ? [] : places;
  return [
    { path: agent, type: 'object', in: places, tag: 1223, ru: 'Данные агента', en: 'Agent' },
    {
      path: `${agent}.type`,
      type: 'string',
      in: places,
      required: places,
      tag: 1222,
      values: agentWords,
      ru: 'Признак агента',
      en: 'Kind of agent',
    },
    { path: `${agent}.paying_agent`, type: 'object', in: places, ru: 'Платёжный агент', en: 'Payment agent' },
    {
      path: `${agent}.paying_agent.operation`,
      type: 'string',
      in: places,
      tag: 1044,
      maxLength: 24,
      ru: 'Операция платёжного агента',
      en: 'Operation of the payment agent',
    },
    ...phones(
      `${agent}.paying_agent.phones`,
      1073,
      'Телефон платёжного агента',
      'Telephone of the payment agent',
    ),
    {
      path: `${agent}.receive_payments_operator`,
      type: 'object',
      in: places,
      ru: 'Оператор по приёму платежей',
      en: 'Operator that receives payments',
    },
    ...phones(
      `${agent}.receive_payments_operator.phones`,
      1074,
      'Телефон оператора по приёму платежей',
      'Telephone of the operator that receives payments',
    ),
    { path: transfer, type: 'object', in: places, ru: 'Оператор перевода', en: 'Transfer operator' },
    ...phones(`${transfer}.phones`, 1075, 'Телефон оператора перевода', 'Telephone of the transfer operator'),
    {
      path: `${transfer}.name`,
      type: 'string',
      in: places,
      tag: 1026,
      maxLength: 64,
      ru: 'Наименование оператора перевода',
      en: 'Name of the transfer operator',
    },
    {
      path: `${transfer}.address`,
      type: 'string',
      in: places,
      tag: 1005,
      maxLength: 256,
      ru: 'Адрес оператора перевода',
      en: 'Address of the transfer operator',
    },
    {
      path: `${transfer}.inn`,
      type: 'string',
      in: places,
      tag: 1016,
      pattern: innPattern,
      ru: 'ИНН оператора перевода',
      en: 'INN of the transfer operator',
    },
    { path: supplier, type: 'object', in: places, tag: 1224, ru: 'Данные поставщика', en: 'Supplier' },
    ...phones(`${supplier}.phones`, 1171, 'Телефон поставщика', 'Telephone of the supplier'),
    {
      path: `${supplier}.name`,
      type: 'string',
      in: places,
      tag: 1225,
      maxLength: 256,
      ru: 'Наименование поставщика',
      en: 'Name of the supplier',
    },
    {
      path: `${supplier}.inn`,
      type: 'string',
      in: places,
      required: itemPlaces,
      tag: 1226,
      pattern: innPattern,
      ru: 'ИНН поставщика',
      en: 'INN of the supplier',
    },
  ];
}
