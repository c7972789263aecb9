import { envelopeFields, type Field, fieldsOf, type Place, receiptFields, vatRates } from '@kkt/domain';

/** Kinds of body in the order of the page's columns. */
const places: readonly (readonly [Place, string])[] = [
  ['r4', 'receipt v4'],
  ['c4', 'correction v4'],
  ['r5', 'receipt v5'],
  ['c5', 'correction v5'],
];

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\|/g, '\\|');
const code = (text: string): string => `\`${escaped(text)}\``;
/** A pattern in a table cell: a pipe inside code needs its entity there. */
const patternCell = (pattern: string): string =>
  `<code>${pattern.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\|/g, '&#124;')}</code>`;

const range = (from: number | undefined, to: number | undefined, unit: string): string | undefined => {
  if (from === undefined && to === undefined) return undefined;
  const text =
    from === undefined
      ? `≤ ${String(to)}`
      : to === undefined
        ? `≥ ${String(from)}`
        : `${String(from)}…${String(to)}`;
  return `${text}${unit}`;
};

function limitsOf(row: Field): string {
  const parts = [
    range(row.minLength, row.maxLength, ' characters'),
    range(row.minItems, row.maxItems, ' elements'),
    range(row.minimum, row.maximum, ''),
    row.decimals === undefined ? undefined : `${row.decimals} decimals`,
    row.pattern === undefined ? undefined : patternCell(row.pattern),
    row.values && row.values.map((value) => code(String(value))).join(' '),
    row.nullable ? 'null allowed' : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('; ');
}

const presence = (row: Field, place: Place): string =>
  !row.in.includes(place) ? '' : row.required?.includes(place) ? '●' : '○';

const table = (rows: readonly Field[]): string =>
  [
    `| field | FFD tag | type | limits | ${places.map(([, title]) => title).join(' | ')} | meaning |`,
    `|---|---|---|---|${places.map(() => ':-:|').join('')}---|`,
    ...rows.map(
      (row) =>
        `| ${code(row.path)} | ${row.tag ?? ''} | ${row.type} | ${limitsOf(row)} | ${places
          .map(([place]) => presence(row, place))
          .join(' | ')} | ${escaped(row.en)} · ${escaped(row.ru)} |`,
    ),
  ].join('\n');

const rates = (): string =>
  [
    '| word | tag 1199 | tax of a tax-inclusive sum | new sales and purchases |',
    '|---|---|---|---|',
    ...vatRates.map(
      ({ name, code: tagValue, part, whole, from, to }) =>
        `| ${code(name)} | ${tagValue} | ${part === null ? 'none: tags 1104, 1105 hold the turnover' : `${part}/${String(whole)}`} | from ${from}${to === null ? '' : ` to ${to}`} |`,
    ),
  ].join('\n');

const count = (place: Place): number => fieldsOf([...envelopeFields, ...receiptFields], place).length;

/** The page docs/reference/receipt-fields.md, made from the field table. */
export const receiptFieldsPage = (): string => `# Fields of receipts

Made from the field table \`libs/domain/src/fields\` by \`npm run docs:fields\`; a test fails when this page is old. The same
table makes the schemas that \`/possystem/v4\` and \`/possystem/v5\` check bodies by, the public ones below
\`/possystem/v4/schema/sell\` (\`correction\`; \`v5\`), and the limits and descriptions of \`/v1\`.

● required, ○ optional, empty: not a field of this body (an unknown field is passed over). An optional field may be
\`null\`, an optional text also empty: both mean absence. Money is in roubles with at most two decimals. Lengths are in
characters. Fields by kind of body: ${places.map(([place, title]) => `${title} ${count(place)}`).join(', ')}.

## Envelope

${table(envelopeFields)}

## Inside \`receipt\` or \`correction\`

${table(receiptFields)}

## VAT rates

A new sale or purchase carries only a rate in force on its day; returns and corrections may carry any.

${rates()}

## Arithmetic

| rule | what is checked | error 32 names |
|---|---|---|
| sum of an item | price × quantity, rounded half up to kopecks; absent or null: computed | \`ItemSumMismatch\` |
| total | sum of the items; the stated total may differ by at most 99 kopecks, the register adds up itself | \`TotalMismatch\` |
| payments | together the total; change only from cash; a payment without a sum takes the rest as cashless | \`NotFullyPaid\`, \`CashlessAboveTotal\` |
| VAT of an item | sum × rate / (100 + rate), within a kopeck and half a kopeck a piece; absent: computed | \`VatSumMismatch\` |
| VAT of the receipt | when given, only it counts; at most the tax of the whole total | \`VatSumMismatch\`, \`VatSumRequired\` |
| correction of version 4 | no items: its amount is the sum of the payments | |
`;
