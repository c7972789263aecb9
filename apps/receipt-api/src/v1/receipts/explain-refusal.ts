import type { ReceiptContent } from '@kkt/contracts';
import {
  formatKop,
  type GroupFacts,
  itemCostKop,
  type ReceiptDraft,
  type Refusal,
  taxSystemWords,
  vatInsideKop,
} from '@kkt/domain';
import { pointerOf } from '../dto/check-dto';
import type { FieldProblem } from '../http/problem';
import { ruleTexts } from './rule-texts';

interface Judged {
  draft: ReceiptDraft;
  content: ReceiptContent;
  facts: GroupFacts;
}

const itemIndexOf = (path: string): number => Number(/^items\[(\d+)\]/.exec(path)?.[1] ?? -1);

/** The value that would be right, where arithmetic or the registration knows it. */
function rightValue(refusal: Refusal, { draft, content, facts }: Judged): string | undefined {
  const item = draft.items[itemIndexOf(refusal.path)];
  const settled = content.items[itemIndexOf(refusal.path)];
  switch (refusal.rule) {
    case 'ItemSumMismatch':
      return item && formatKop(itemCostKop(item.priceKop, item.quantityMicro));
    case 'VatSumMismatch': {
      const rate = item?.vatRate;
      if (!rate || !settled || rate.part === null || rate.whole === null) return undefined;
      return formatKop(vatInsideKop(settled.sumKop, rate.part, rate.whole));
    }
    case 'TotalMismatch':
      return formatKop(content.totalKop);
    case 'InnOfAnotherTaxpayer':
      return facts.inn;
    case 'TaxSystemRequired':
    case 'TaxSystemNotRegistered':
      return taxSystemWords.find((_, bit) => (facts.taxSystems & (2 ** bit)) !== 0);
    case 'MarkQuantity':
      return '1';
    default:
      return undefined;
  }
}

/** A refusal of the domain as the caller reads it. */
export function explainRefusal(refusal: Refusal, judged: Judged): FieldProblem {
  const { en, doRu, doEn } = ruleTexts[refusal.rule];
  const value = rightValue(refusal, judged);
  return {
    pointer: pointerOf(refusal.path),
    rule: refusal.rule,
    tag: refusal.ffdTag || null,
    detail: refusal.text,
    detail_en: en,
    suggestion: { ...(value !== undefined && { value }), ru: doRu, en: doEn },
  };
}

/** The own API takes a total to the kopeck; the compatible one forgives less than a rouble. */
export function totalRefusal({ draft, content }: Judged): Refusal[] {
  const stated = draft.statedTotalKop;
  if (stated === undefined || draft.items.length === 0 || stated === content.totalKop) return [];
  return [
    {
      path: 'total',
      rule: 'TotalMismatch',
      ffdTag: 1020,
      text: `итог ${formatKop(stated)}, сумма позиций ${formatKop(content.totalKop)}`,
    },
  ];
}
