import { hash } from 'node:crypto';
import {
  type Clock,
  FarmError,
  type Ids,
  type Payments,
  type ReceiptContent,
  type TaxSystem,
} from '@kkt/contracts';
import {
  acceptReceipt,
  type DraftItem,
  type GroupFacts,
  itemCostKop,
  kopOf,
  microOf,
  moscowDate,
  type ReceiptDraft,
  taxSystemWords,
  vatRateByName,
} from '@kkt/domain';
import {
  ApiReceiptStore,
  type Database,
  DirectoryStore,
  type ReceiptReport,
  ReceiptStore,
  type RegisterGroup,
  type Sql,
  type TakenBack,
} from '@kkt/storage';
import { draftOf, operationWord } from './original';
import { redoOf, undoOf } from './plan-correction';
import { planRefund, type RefundPlan, type Wish } from './plan-refund';
import type { PlanProblem } from './problem';

/** What a person puts right in a receipt that was registered wrong; what is left out stays. */
export interface Right {
  /** The whole sum by one kind of payment. */
  payment?: keyof Payments;
  /** Word of the tax system. */
  taxSystem?: string;
  items?: readonly {
    position: number;
    name?: string;
    /** Decimal texts. */
    price?: string;
    quantity?: string;
    /** Name of the VAT rate. */
    vat?: string;
  }[];
}

export interface Basis {
  /** 0 by own initiative, 1 by order of the tax service. */
  type: 0 | 1;
  date?: string;
  number?: string;
}

export type Derived =
  | { kind: 'refund'; wish: Wish }
  | { kind: 'undo'; basis?: Basis }
  | { kind: 'redo'; basis?: Basis; right: Right };

/** A receipt that would be made, or why not. */
export type Preview =
  | {
      ok: true;
      content: ReceiptContent;
      operation: string;
      takenKop: readonly number[];
      takenMicro: readonly number[];
      /** Money of the original that would not be taken back even then; null for a correction. */
      leftKop: number | null;
    }
  | { ok: false; problems: PlanProblem[] };

const factsOf = (group: RegisterGroup): GroupFacts => ({
  inn: group.inn,
  ffd: group.ffd,
  taxSystems: group.taxSystems,
  defaultTaxSystem: group.defaultTaxSystem,
  place: group.paymentAddress,
  address: group.address,
  senderEmail: group.senderEmail,
});

/** Nobody waits at a till for a refund made at a desk. */
const priorities = { receipt: 60, correction: 70 } as const;

const conflict = (text: string): FarmError => new FarmError('CLIENT-STATE', text);

export interface DeriverParts {
  database: Database;
  clock: Clock;
  ids: Ids;
}

/** Makes refunds and corrections of registered receipts for people: one transaction, one receipt however often asked. */
export class Deriver {
  constructor(private readonly parts: DeriverParts) {}

  /** What would be made; nothing is stored. @throws FarmError CLIENT-STATE when the original cannot be taken back */
  async preview(report: ReceiptReport, wanted: Derived): Promise<Preview> {
    const { database } = this.parts;
    const taken = await new ApiReceiptStore(database).takenOf(report.id);
    return this.decide(report, await groupOf(database, report), wanted, taken);
  }

  /**
   * Accepts the new receipt under `externalId`; asked again with the same one, it names the same receipt.
   * @throws FarmError CLIENT-STATE; CLIENT-RECEIPT with the first problem
   */
  async make(
    report: ReceiptReport,
    wanted: Derived,
    externalId: string,
  ): Promise<{ id: string; groupId: number; isRepeat: boolean }> {
    return this.parts.database.transaction(async (sql) => {
      const group = await groupOf(sql, report);
      const store = new ReceiptStore(sql);
      const bodyHash = hash('sha256', JSON.stringify([report.id, wanted]), 'hex');
      let preview: Preview | undefined;
      const id = await new ApiReceiptStore(sql).claimPart(report.id, externalId, (taken) => {
        preview = this.decide(report, group, wanted, taken);
        if (!preview.ok) throw refusalOf(preview.problems);
        return {
          receiptId: this.parts.ids.uuid(),
          originalId: report.id,
          externalId,
          kind: wanted.kind,
          takenKop: preview.takenKop,
          takenMicro: preview.takenMicro,
        };
      });
      if (!preview?.ok) throw new FarmError('SYS-REFUND', 'The claim of a refund decided nothing');
      const { content, operation } = preview;
      const [outcome] = await store.accept([
        {
          id,
          groupId: group.id,
          clientId: report.clientId,
          externalId,
          api: 'v1',
          operation,
          content,
          bodyHash,
          totalKop: content.totalKop,
          ...(report.callbackUrl !== null &&
            report.callbackNote === null && { callbackUrl: report.callbackUrl }),
          priority: priorities[content.form],
          queueLimitS: group.queueLimitS,
        },
      ]);
      if (outcome && !outcome.accepted && !outcome.sameBody)
        throw conflict('Под этим номером уже сделан другой чек');
      return { id: outcome?.id ?? id, groupId: group.id, isRepeat: outcome?.accepted === false };
    });
  }

  private decide(report: ReceiptReport, group: RegisterGroup, wanted: Derived, taken: TakenBack): Preview {
    const { content, proof } = report;
    if (report.state !== 'done' || !proof) throw conflict('Чек ещё не зарегистрирован');
    const day = proof.at.slice(0, 10);
    if (wanted.kind === 'refund') return this.refund(content, day, group, wanted.wish, taken);
    const wrong = { content, fiscalSign: proof.fiscalSign, day };
    const basis = wanted.basis && {
      type: wanted.basis.type,
      date: wanted.basis.date ?? day,
      number: wanted.basis.number,
    };
    if (wanted.kind === 'undo') {
      if (taken.takenKop.some((kop) => kop > 0))
        throw conflict('Часть чека уже возвращена: отменить его целиком нельзя');
      return this.judged(undoOf(wrong, group.ffd, basis), group, {
        takenKop: content.items.map(({ sumKop }) => sumKop),
        takenMicro: content.items.map(({ quantityMicro }) => quantityMicro),
      });
    }
    const none = content.items.map(() => 0);
    const problems: PlanProblem[] = [];
    const draft = redoOf(wrong, group.ffd, basis, rightOf(content, day, wanted.right, problems));
    if (problems.length > 0) return { ok: false, problems };
    return this.judged(draft, group, { takenKop: none, takenMicro: none });
  }

  private refund(
    content: ReceiptContent,
    day: string,
    group: RegisterGroup,
    wish: Wish,
    taken: TakenBack,
  ): Preview {
    if (content.form !== 'receipt' || (content.sign !== 1 && content.sign !== 3))
      throw conflict('Возврат делают к приходу или расходу');
    const planned = planRefund(content, day, wish, taken);
    if (!planned.ok) return planned;
    return this.judged(planned.plan.draft, group, planned.plan, planned.plan.leftKop);
  }

  private judged(
    draft: ReceiptDraft,
    group: RegisterGroup,
    { takenKop, takenMicro }: Pick<RefundPlan, 'takenKop' | 'takenMicro'>,
    leftKop: number | null = null,
  ): Preview {
    const decision = acceptReceipt(draft, factsOf(group), moscowDate(this.parts.clock.nowMs()));
    if (!decision.ok)
      return {
        ok: false,
        problems: decision.refused.map(({ path, rule, ffdTag, text }) => ({
          pointer: `/${path.replace(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`,
          rule,
          tag: ffdTag,
          detail: text,
          detail_en: `${path}: ${rule}`,
        })),
      };
    const { content } = decision;
    return {
      ok: true,
      content,
      operation: operationWord(content.form, content.sign),
      takenKop,
      takenMicro,
      leftKop,
    };
  }
}

/** What went wrong first, with the field it belongs to. */
const refusalOf = (problems: readonly PlanProblem[]): FarmError =>
  new FarmError('CLIENT-RECEIPT', problems[0]?.detail ?? 'Чек не составлен', {
    field: problems[0]?.pointer.slice(1).replaceAll('/', '.') || 'items',
  });

async function groupOf(sql: Sql, report: ReceiptReport): Promise<RegisterGroup> {
  const group = await new DirectoryStore(sql).groupByCode(report.groupCode);
  if (!group) throw new FarmError('CLIENT-NOT-FOUND', 'No such group');
  return group;
}

/** The changes as the domain reads them. */
function rightOf(
  content: ReceiptContent,
  day: string,
  right: Right,
  problems: PlanProblem[],
): Parameters<typeof redoOf>[3] {
  const wrong = (pointer: string, rule: string, tag: number, detail: string, detail_en: string): void =>
    void problems.push({ pointer, rule, tag, detail, detail_en });
  const taxIndex =
    right.taxSystem === undefined ? -1 : taxSystemWords.findIndex((word) => word === right.taxSystem);
  if (right.taxSystem !== undefined && taxIndex < 0)
    wrong('/taxSystem', 'NotAllowed', 1055, 'Такой системы налогообложения нет', 'No such tax system');
  const changes = new Map(right.items?.map((change) => [change.position, change]));
  for (const position of changes.keys())
    if (!content.items[position])
      wrong('/items', 'PositionUnknown', 1059, 'Такой позиции в чеке нет', 'No such item in the original');
  const items = content.items.map((item, position): DraftItem => {
    const change = changes.get(position);
    const same: DraftItem = { ...draftOf(item, day), sumKop: item.sumKop, vatSumKop: item.vatSumKop };
    if (!change) return same;
    const rate = change.vat === undefined ? same.vatRate : vatRateByName(change.vat);
    if (change.vat !== undefined && !rate)
      wrong(`/items/${position}/vat`, 'NotAllowed', 1199, 'Такой ставки нет', 'No such rate');
    return {
      ...same,
      name: change.name ?? same.name,
      priceKop: change.price === undefined ? same.priceKop : kopOf(change.price),
      quantityMicro: change.quantity === undefined ? same.quantityMicro : microOf(change.quantity),
      vatRate: rate,
      // Both follow from the rest.
      sumKop: undefined,
      vatSumKop: undefined,
    };
  });
  const isPriced = [...changes.values()].some(
    ({ price, quantity }) => price !== undefined || quantity !== undefined,
  );
  const [kind] = (Object.keys(content.payments) as (keyof Payments)[]).sort(
    (a, b) => content.payments[b] - content.payments[a],
  );
  const totalKop = items.reduce(
    (sum, { sumKop, priceKop, quantityMicro }) => sum + (sumKop ?? itemCostKop(priceKop, quantityMicro)),
    0,
  );
  const paid = (by: keyof Payments) => [{ kind: by, sumKop: totalKop }];
  return {
    items: changes.size > 0 ? items : undefined,
    // Another total is paid as the most of the old one was.
    payments: right.payment !== undefined ? paid(right.payment) : isPriced && kind ? paid(kind) : undefined,
    company: taxIndex < 0 ? undefined : { ...content.company, taxSystem: (2 ** taxIndex) as TaxSystem },
  };
}
