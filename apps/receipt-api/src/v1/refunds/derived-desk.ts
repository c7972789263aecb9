import { FarmError } from '@kkt/contracts';
import { formatKop, kopOf, microText, type ReceiptDraft, taxSystemWords, vatRateByName } from '@kkt/domain';
import { operationWord, planRefund, redoOf, type RefundPlan, undoOf } from '@kkt/refunds';
import { ApiReceiptStore, type ReceiptReport, type TakenBack } from '@kkt/storage';
import type { TaxSystem } from '@kkt/contracts';
import type { KnownGroup } from '../../access/directory';
import type { Violation } from '../../atol/violation';
import type { Principal } from '../access/scopes';
import { paymentWords } from '../dto/words';
import { notFound, Problem } from '../http/problem';
import type { OwnApi } from '../own-api';
import { requestHash } from '../receipts/canonical';
import { paymentsOf } from '../receipts/judgement';
import { readClient, readItem } from '../receipts/read-draft';
import { type Accepted, type Judged, type Order, ReceiptDesk } from '../receipts/receipt-desk';
import type { CorrectionOfBody, RefundBody, RefundPlanView } from './bodies';

/** A registered receipt that others are built from. */
interface Original {
  report: ReceiptReport;
  proof: NonNullable<ReceiptReport['proof']>;
  group: KnownGroup;
  day: string;
}

type Build = (taken: TakenBack) => {
  judged: Judged;
  takenKop: readonly number[];
  takenMicro: readonly number[];
};

const conflict = (detail: string, detail_en: string): Problem =>
  new Problem('state-conflict', { detail, detail_en });

const readPayments = (payments: RefundBody['payments']): ReceiptDraft['payments'] | undefined =>
  payments?.map(({ type, sum }) => ({
    kind: paymentWords[type] ?? 'ecashKop',
    sumKop: sum ? kopOf(sum) : undefined,
  }));

const maxTries = 2;

/** Refunds and corrections built from registered receipts. */
export class DerivedDesk {
  private readonly desk: ReceiptDesk;

  constructor(private readonly api: OwnApi) {
    this.desk = new ReceiptDesk(api);
  }

  /** What a refund would be, with nothing accepted. */
  async plan(report: ReceiptReport, body: RefundBody, caller: Principal): Promise<RefundPlanView> {
    const original = await this.originalOf(report, caller);
    const taken = await this.api.queue.takenOf(report.id);
    const { judged, plan } = this.refundOf(original, body, taken);
    return {
      operation: operationWord('receipt', plan.draft.sign),
      total: formatKop(plan.draft.statedTotalKop ?? 0),
      left: formatKop(plan.leftKop),
      items: plan.draft.items.map((item) => ({
        name: item.name,
        price: formatKop(item.priceKop),
        quantity: microText(item.quantityMicro),
        sum: formatKop(item.sumKop ?? 0),
      })),
      payments: judged.ok ? paymentsOf(judged.content) : [],
      errors: judged.ok ? [] : (judged.problems as RefundPlanView['errors']),
    };
  }

  async refund(
    report: ReceiptReport,
    body: RefundBody,
    externalId: string,
    caller: Principal,
  ): Promise<Accepted> {
    const original = await this.originalOf(report, caller);
    const order = this.orderOf(original, 'refund', body, externalId);
    return this.derive(original, order, 'refund', caller, (taken) => {
      const { judged, plan } = this.refundOf(original, body, taken);
      return { judged, takenKop: plan.takenKop, takenMicro: plan.takenMicro };
    });
  }

  async correct(
    report: ReceiptReport,
    body: CorrectionOfBody,
    externalId: string,
    caller: Principal,
  ): Promise<Accepted> {
    const original = await this.originalOf(report, caller);
    const order = this.orderOf(original, body.kind, body, externalId);
    const none = original.report.content.items.map(() => 0);
    return this.derive(original, order, body.kind, caller, (taken) => {
      if (body.kind === 'redo')
        return { judged: this.redo(original, body), takenKop: none, takenMicro: none };
      if (taken.takenKop.some((kop) => kop > 0))
        throw conflict(
          'Часть чека уже возвращена: отменить его целиком нельзя',
          'A part is taken back already: the receipt cannot be undone whole',
        );
      const wrong = this.wrongOf(original);
      const judged = this.desk.judgeDraft(
        undoOf(wrong, original.group.facts.ffd, basisOf(body)),
        original.group,
      );
      return {
        judged,
        takenKop: wrong.content.items.map(({ sumKop }) => sumKop),
        takenMicro: wrong.content.items.map(({ quantityMicro }) => quantityMicro),
      };
    });
  }

  private async originalOf(report: ReceiptReport, caller: Principal): Promise<Original> {
    const group = await this.desk.groupOf(report.groupCode, caller);
    if (!group) throw notFound();
    if (report.state !== 'done' || !report.proof)
      throw conflict('Чек ещё не зарегистрирован', 'The receipt is not registered');
    return { report, proof: report.proof, group, day: report.proof.at.slice(0, 10) };
  }

  private orderOf(
    { report }: Original,
    kind: string,
    body: RefundBody | CorrectionOfBody,
    externalId: string,
  ): Order {
    return {
      externalId,
      bodyHash: requestHash({ of: report.id, kind, body }),
      operation: '',
      callbackUrl: body.callback_url ?? undefined,
    };
  }

  private refundOf(
    { report, group, day }: Original,
    body: RefundBody,
    taken: TakenBack,
  ): { judged: Judged; plan: RefundPlan } {
    const { content } = report;
    if (content.form !== 'receipt' || (content.sign !== 1 && content.sign !== 3))
      throw conflict('Возврат делают к приходу или расходу', 'Only a sale or a purchase is refunded');
    const planned = planRefund(content, day, body, taken);
    if (!planned.ok)
      throw new Problem('receipt-refused', { errors: planned.problems, groupId: group.group.id });
    const { plan } = planned;
    const draft: ReceiptDraft = {
      ...plan.draft,
      payments: readPayments(body.payments) ?? plan.draft.payments,
      client: readClient(body.client) ?? plan.draft.client,
    };
    return { judged: this.desk.judgeDraft(draft, group), plan };
  }

  private wrongOf({ report, proof, day }: Original) {
    return { content: report.content, fiscalSign: proof.fiscalSign, day };
  }

  private redo(original: Original, body: CorrectionOfBody): Judged {
    const wrong = this.wrongOf(original);
    const violations: Violation[] = [];
    const { company } = wrong.content;
    const draft = redoOf(wrong, original.group.facts.ffd, basisOf(body), {
      items: body.items?.map((item, index) => readItem(item, `items[${index}]`, violations)),
      payments: readPayments(body.payments),
      vatTotals: body.vats?.flatMap(({ type, sum }) => {
        const rate = vatRateByName(type);
        return rate ? [{ rate, sumKop: sum ? kopOf(sum) : undefined }] : [];
      }),
      company: body.sno
        ? { ...company, taxSystem: (2 ** taxSystemWords.findIndex((word) => word === body.sno)) as TaxSystem }
        : undefined,
    });
    return this.desk.judgeDraft(draft, original.group);
  }

  /** Claims the part under a lock of the original, then accepts the new receipt under the id that the claim names. */
  private async derive(
    { report, group }: Original,
    asked: Order,
    kind: 'refund' | 'undo' | 'redo',
    caller: Principal,
    build: Build,
  ): Promise<Accepted> {
    for (let attempt = 1; ; attempt += 1) {
      // What arrives between the two looks is left to the claim, which knows the word of its operation.
      const named = await this.named(asked, group);
      const earlier = named && (await this.desk.repeated(group, named));
      if (earlier) return earlier;
      let judged: Judged | undefined;
      const id = await this.api.database.transaction((sql) =>
        new ApiReceiptStore(sql).claimPart(report.id, asked.externalId, (taken) => {
          const built = build(taken);
          if (!built.judged.ok)
            throw new Problem('receipt-refused', { errors: built.judged.problems, groupId: group.group.id });
          judged = built.judged;
          return {
            receiptId: this.api.ids.uuid(),
            originalId: report.id,
            externalId: asked.externalId,
            kind,
            takenKop: built.takenKop,
            takenMicro: built.takenMicro,
          };
        }),
      );
      if (!judged?.ok) throw new FarmError('SYS-REFUND', 'The claim of a refund decided nothing');
      const { content } = judged;
      const order = { ...asked, id, operation: operationWord(content.form, content.sign) };
      try {
        const accepted = await this.desk.accept(judged, order, caller);
        // Two different requests under one key at once share the claim's id: the one that was not stored is told so.
        await this.desk.repeated(group, order);
        return accepted;
      } catch (error) {
        const isLost = error instanceof FarmError && error.code === 'SYS-NOT-STORED';
        if (!isLost || attempt >= maxTries) throw error;
      }
    }
  }

  /** The operation's word of an earlier answer, which is known only from what was stored. */
  private async named(order: Order, group: KnownGroup): Promise<Order | undefined> {
    const earlier = await this.api.queue.earlier(group.group.id, order.externalId);
    return earlier && { ...order, operation: operationWord(earlier.content.form, earlier.content.sign) };
  }
}

const basisOf = ({ correction_info: info }: CorrectionOfBody): ReceiptDraft['correction'] =>
  info
    ? {
        type: info.type === 'instruction' ? 1 : 0,
        date: info.base_date,
        number: info.base_number || undefined,
      }
    : undefined;
