import { numberOf, TAG, type TlvNode } from '@kkt/ffd';
import { pair, rule, text, type PaperLine } from '../paper';
import type { Requisites } from './requisites';
import { nameOf, valueText, type Personal } from './value-text';

/** Counter structures in the order they stand on paper. */
const COUNTERS: readonly (readonly [number, string])[] = [
  [TAG.shiftTotals, 'СЧЕТЧИКИ ИТОГОВ СМЕНЫ'],
  [TAG.fnTotals, 'СЧЕТЧИКИ ИТОГОВ ФН'],
  [TAG.unsentTotals, 'СЧЕТЧИКИ ИТОГОВ НЕПЕРЕДАННЫХ ФД'],
];

const GROUPS: Readonly<Record<number, string>> = {
  [TAG.countersIncome]: 'Приход',
  [TAG.countersIncomeReturn]: 'Возврат прихода',
  [TAG.countersExpense]: 'Расход',
  [TAG.countersExpenseReturn]: 'Возврат расхода',
  [TAG.countersCorrection]: 'Чеки коррекции',
  [TAG.correctionsIncome]: 'Приход',
  [TAG.correctionsExpense]: 'Расход',
  [TAG.correctionsIncomeReturn]: 'Возврат прихода',
  [TAG.correctionsExpenseReturn]: 'Возврат расхода',
};

const SUMS: Readonly<Record<number, string>> = {
  [TAG.countAll]: 'Чеков всего',
  [TAG.countCorrections]: 'Чеков всего',
  [TAG.countBySign]: 'Чеков',
  [TAG.totalOfReceipts]: 'Итого',
  [TAG.totalCash]: 'Наличными',
  [TAG.totalEcash]: 'Безналичными',
  [TAG.totalPrepaid]: 'Предоплатой (аванс)',
  [TAG.totalCredit]: 'Постоплатой (кредит)',
  [TAG.totalProvision]: 'Встречным предоставлением',
  [TAG.totalVat20]: 'НДС 20%',
  [TAG.totalVat10]: 'НДС 10%',
  [TAG.totalVat20of120]: 'НДС 20/120',
  [TAG.totalVat10of110]: 'НДС 10/110',
  [TAG.totalVat0]: 'Расчеты с НДС 0%',
  [TAG.totalNoVat]: 'Расчеты без НДС',
};
/** Counts, then ways of payment, then taxes, then the sum of all: the order of their numbers. */
const ORDER = Object.keys(SUMS).map(Number);

/** Counters are many and mostly zero: a group without receipts is one line, a sum of zero is none. */
function counterLines(nodes: readonly TlvNode[], personal: Personal, depth: number): PaperLine[] {
  const order = (node: TlvNode): number => {
    const place = ORDER.indexOf(node.tag);
    return place < 0 ? ORDER.length : place;
  };
  const leaves = nodes.filter((node) => !Array.isArray(node.value)).sort((a, b) => order(a) - order(b));
  const groups = nodes.filter((node) => Array.isArray(node.value));
  return [
    ...leaves.flatMap((node) =>
      node.value === 0
        ? []
        : [pair(SUMS[node.tag] ?? nameOf(node.tag), valueText(node, personal), 'plain', depth)],
    ),
    ...groups.flatMap((node) => {
      const inside = node.value as TlvNode[];
      const name = GROUPS[node.tag] ?? nameOf(node.tag);
      const count = numberOf(inside, TAG.countBySign) ?? numberOf(inside, TAG.countCorrections);
      if (count === 0) return [pair(name, 'нет', 'quiet', depth)];
      return [pair(name, '', 'strong', depth), ...counterLines(inside, personal, depth + 1)];
    }),
  ];
}

/** Flags that only matter when they are up, and then matter much. */
const WARNINGS: readonly (readonly [number, string])[] = [
  [TAG.fnReplaceUrgent, 'СРОЧНАЯ ЗАМЕНА ФН'],
  [TAG.fnResourceEnding, 'ИСЧЕРПАНИЕ РЕСУРСА ФН'],
  [TAG.fnMemoryFull, 'ПАМЯТЬ ФН ПЕРЕПОЛНЕНА'],
  [TAG.ofdOverdue, 'ПРЕВЫШЕНО ВРЕМЯ ОЖИДАНИЯ ОТВЕТА ОФД'],
];

function warnings(requisites: Requisites): PaperLine[] {
  return WARNINGS.flatMap(([tag, words]) =>
    requisites.takeAll(tag)[0]?.value === true ? [text(words, 'strong')] : [],
  );
}

/** Middle of any document that is no receipt: its flags, its requisites by name, its counters. */
export function reportLines(requisites: Requisites): PaperLine[] {
  const raised = warnings(requisites);
  const counters = COUNTERS.flatMap(([tag, heading]): PaperLine[] => {
    const inside = requisites.takeAll(tag)[0]?.value;
    return Array.isArray(inside)
      ? [rule, text(heading, 'strong'), ...counterLines(inside, requisites.personal, 0)]
      : [];
  });
  return [...raised, ...requisites.rest(), ...counters];
}
