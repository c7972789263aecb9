import { v5, type Field } from './field';
import { datePattern } from './parties';

/** Industry requisite, tags 1260 and 1261. */
export function sectoralFields(path: string, tag: number): readonly Field[] {
  return [
    { path, type: 'array', in: v5, tag, maxItems: 10, ru: 'Отраслевой реквизит', en: 'Industry requisite' },
    { path: `${path}[]`, type: 'object', in: v5, tag, ru: 'Отраслевой реквизит', en: 'Industry requisite' },
    {
      path: `${path}[].federal_id`,
      type: 'string',
      in: v5,
      required: v5,
      tag: 1262,
      pattern: '^[0-9]{3}$',
      ru: 'Идентификатор ФОИВ',
      en: 'Federal body',
    },
    {
      path: `${path}[].date`,
      type: 'string',
      in: v5,
      required: v5,
      tag: 1263,
      pattern: datePattern,
      ru: 'Дата документа основания',
      en: 'Date of the basis document',
    },
    {
      path: `${path}[].number`,
      type: 'string',
      in: v5,
      required: v5,
      tag: 1264,
      minLength: 1,
      maxLength: 32,
      ru: 'Номер документа основания',
      en: 'Number of the basis document',
    },
    {
      path: `${path}[].value`,
      type: 'string',
      in: v5,
      required: v5,
      tag: 1265,
      minLength: 1,
      maxLength: 256,
      ru: 'Значение отраслевого реквизита',
      en: 'Value of the industry requisite',
    },
  ];
}

const markCode = (kind: string, tag: number, pattern: string, ru: string, en: string): Field => ({
  path: `items[].mark_code.${kind}`,
  type: 'string',
  in: v5,
  tag,
  pattern,
  ru,
  en,
});

/** Code of a marked item, exactly one of its kinds (tag 1163). */
export const markFields: readonly Field[] = [
  { path: 'items[].mark_code', type: 'object', in: v5, tag: 1163, ru: 'Код товара', en: 'Product code' },
  markCode(
    'unknown',
    1300,
    '^[^]{1,32}$',
    'Код товара, формат которого не идентифицирован',
    'Unrecognised code',
  ),
  markCode('ean8', 1301, '^[0-9]{8}$', 'EAN-8', 'EAN-8'),
  markCode('ean13', 1302, '^[0-9]{13}$', 'EAN-13', 'EAN-13'),
  markCode('itf14', 1303, '^[0-9]{14}$', 'ITF-14', 'ITF-14'),
  markCode('gs10', 1304, '^[^]{1,38}$', 'GS1 без маркировки', 'GS1 without marking'),
  markCode('gs1m', 1305, '^[^]{1,200}$', 'Код маркировки GS1, Base64', 'GS1 marking code in Base64'),
  markCode('short', 1306, '^[^]{1,38}$', 'Короткий код маркировки', 'Short marking code'),
  markCode(
    'fur',
    1307,
    '^[A-Za-zА-Яа-я]{2}-[0-9]{6}-[A-Za-zА-Яа-я0-9]{10}$',
    'Контрольно-идентификационный знак мехового изделия',
    'Fur mark',
  ),
  markCode('egais20', 1308, '^[^]{23}$', 'ЕГАИС-2.0', 'EGAIS 2.0'),
  markCode('egais30', 1309, '^[^]{14}$', 'ЕГАИС-3.0', 'EGAIS 3.0'),
];
