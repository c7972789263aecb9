import type { ReceiptContent } from '@kkt/contracts';
import {
  type DraftItem,
  formatKop,
  kopOf,
  microOf,
  microText,
  priceLines,
  type ReceiptDraft,
  shareKop,
  splitKop,
} from '@kkt/domain';
import type { TakenBack } from '@kkt/storage';
import type { PlanProblem } from './problem';

import { draftOf, hasReceiptVat, opposite, paymentsFor, returnedStatus, vatTotalsFor } from './original';

/** What is asked back. */
export interface Wish {
  items?: readonly { position: number; quantity?: string | null; sum?: string | null }[] | null;
  amount?: string | null;
}

/** What is taken of one item of the original. */
interface Take {
  kop: number;
  micro: number;
  /** Quantity the refund's lines hold: what comes back, or all there is when only money does. */
  shownMicro: number;
}

export interface RefundPlan {
  draft: ReceiptDraft;
  takenKop: number[];
  takenMicro: number[];
  /** Money of the original that stays after this. */
  leftKop: number;
}

export type Planned = { ok: true; plan: RefundPlan } | { ok: false; problems: PlanProblem[] };

const problem = (
  pointer: string,
  rule: string,
  tag: number,
  detail: string,
  detail_en: string,
  right?: string,
): PlanProblem => ({
  pointer,
  rule,
  tag,
  detail,
  detail_en,
  ...(right !== undefined && {
    suggestion: { value: right, ru: `Наибольшее ${right}`, en: `At most ${right}` },
  }),
});

const nothing: Take = { kop: 0, micro: 0, shownMicro: 0 };

/** What is left of an item. */
interface Left {
  kop: number;
  micro: number;
  /** Quantity for lines that give back money only: all of it when the goods are back already. */
  shownMicro: number;
}

function leftOf(content: ReceiptContent, taken: TakenBack): Left[] {
  return content.items.map(({ sumKop, quantityMicro }, index) => {
    const micro = quantityMicro - (taken.takenMicro[index] ?? 0);
    return { kop: sumKop - (taken.takenKop[index] ?? 0), micro, shownMicro: micro || quantityMicro };
  });
}

function takeItem(
  wish: NonNullable<NonNullable<Wish['items']>[number]>,
  left: Left,
  at: string,
  problems: PlanProblem[],
): Take {
  const micro = wish.quantity ? microOf(wish.quantity) : undefined;
  const sum = wish.sum ? kopOf(wish.sum) : undefined;
  if (micro !== undefined && micro > left.micro)
    problems.push(
      problem(
        `${at}/quantity`,
        'MoreThanLeft',
        1023,
        'Больше, чем осталось вернуть',
        'More than is left to take back',
        microText(left.micro),
      ),
    );
  if (sum !== undefined && sum > left.kop)
    problems.push(
      problem(
        `${at}/sum`,
        'MoreThanLeft',
        1043,
        'Больше, чем осталось вернуть',
        'More than is left to give back',
        formatKop(left.kop),
      ),
    );
  if (problems.length > 0) return nothing;
  if (micro === undefined) {
    if (sum === undefined) return left;
    return { kop: sum, micro: 0, shownMicro: left.shownMicro };
  }
  // The last pieces take the last kopecks, whatever rounding did before.
  const share = micro === left.micro ? left.kop : shareKop(left.kop, micro, left.micro);
  return { kop: sum ?? share, micro, shownMicro: micro };
}

function takesOf(wish: Wish, left: readonly Left[], problems: PlanProblem[]): Take[] {
  if (wish.items && wish.amount) {
    problems.push(
      problem(
        '/amount',
        'NotOneOf',
        0,
        'Укажите позиции или сумму, не то и другое',
        'Give items or an amount, not both',
      ),
    );
    return [];
  }
  if (wish.amount) {
    const amount = kopOf(wish.amount);
    const most = left.reduce((sum, { kop }) => sum + kop, 0);
    if (amount === 0 || amount > most)
      problems.push(
        problem(
          '/amount',
          'MoreThanLeft',
          1020,
          'Больше, чем осталось вернуть, или ноль',
          'More than is left to give back, or nothing',
          formatKop(most),
        ),
      );
    const parts = splitKop(
      Math.min(amount, most),
      left.map(({ kop }) => kop),
    );
    // All that is left: the goods come back with the money.
    if (amount === most) return [...left];
    return left.map(({ shownMicro }, index) => ({ kop: parts[index] ?? 0, micro: 0, shownMicro }));
  }
  if (!wish.items) return [...left];
  const takes = left.map(() => nothing);
  const seen = new Set<number>();
  wish.items.forEach((one, index) => {
    const at = `/items/${index}`;
    const there = left[one.position];
    if (!there || seen.has(one.position))
      problems.push(
        problem(
          `${at}/position`,
          'PositionUnknown',
          1059,
          'Такой позиции в чеке нет, или она названа дважды',
          'No such item in the original, or named twice',
        ),
      );
    else takes[one.position] = takeItem(one, there, at, problems);
    seen.add(one.position);
  });
  return takes;
}

/**
 * Builds the refund of a registered receipt. Every part is exact to the kopeck: refunds one after another never come to
 * more than was paid, and the last one takes exactly what is left, item by item.
 *
 * @param day local day of the original, `YYYY-MM-DD`
 */
export function planRefund(content: ReceiptContent, day: string, wish: Wish, taken: TakenBack): Planned {
  const problems: PlanProblem[] = [];
  const left = leftOf(content, taken);
  const takes = takesOf(wish, left, problems);
  if (problems.length > 0) return { ok: false, problems };
  const sumKop = takes.reduce((sum, { kop }) => sum + kop, 0);
  if (sumKop === 0)
    return {
      ok: false,
      problems: [
        problem(
          '',
          'NothingLeft',
          1020,
          'Возвращать нечего: всё уже возвращено',
          'Nothing is left to give back',
        ),
      ],
    };
  const items = takes.flatMap((take, index): DraftItem[] => {
    const item = content.items[index];
    if (!item || take.kop === 0) return [];
    const isWhole = take.kop === item.sumKop && take.shownMicro === item.quantityMicro;
    if (isWhole)
      return [
        {
          ...draftOf(item, day),
          sumKop: item.sumKop,
          vatSumKop: item.vatSumKop,
          plannedStatus: returnedStatus(item.plannedStatus),
        },
      ];
    return priceLines(take.kop, take.shownMicro)
      .filter((line) => line.sumKop > 0)
      .map((line) => ({ ...draftOf(item, day), ...line, plannedStatus: returnedStatus(item.plannedStatus) }));
  });
  const draft: ReceiptDraft = {
    ...content,
    sign: opposite(content.sign),
    items,
    payments: paymentsFor(content.payments, sumKop),
    vatTotals: hasReceiptVat(content) ? vatTotalsFor(content, sumKop, day) : [],
    statedTotalKop: sumKop,
    cashless: undefined,
    correction: undefined,
  };
  return {
    ok: true,
    plan: {
      draft,
      takenKop: takes.map(({ kop }) => kop),
      takenMicro: takes.map(({ micro }) => micro),
      leftKop: left.reduce((sum, { kop }) => sum + kop, 0) - sumKop,
    },
  };
}
