import { hash } from 'node:crypto';
import { formatKop, itemCostKop, kopOf } from '@kkt/domain';
import { decideReceipt, linesOf, type OrderContent, totalOf } from '@kkt/payments';
import { checkCallbackUrl } from '@kkt/security';
import { PaymentOrderStore, PaymentStore } from '@kkt/storage';
import type { KnownGroup } from '../access/directory';
import { pointerOf } from '../v1/dto/check-dto';
import { type FieldProblem, Problem } from '../v1/http/problem';
import type { OwnApi } from '../v1/own-api';
import { readDraft } from '../v1/receipts/read-draft';
import { ruleTexts } from '../v1/receipts/rule-texts';
import type { OrderBody } from './bodies';
import type { KnownOrderView, OrderView } from './views';

/** Stands for a contact that only the provider will know, while an order is tried out. */
const contactToCome = 'buyer@example.com';

const problem = (
  pointer: string,
  rule: string,
  tag: number,
  detail: string,
  detailEn: string,
): FieldProblem => ({
  pointer,
  rule,
  tag,
  detail,
  detail_en: detailEn,
});

/** A body in words of the domain. Sums the shop states are compared, not believed. */
function readOrder(
  body: OrderBody,
  { facts }: KnownGroup,
): { order: OrderContent; problems: FieldProblem[] } {
  const asReceipt = {
    group: body.group,
    operation: 'sell',
    client: body.client,
    company: body.company,
    items: body.items,
    payments: [{ type: 'electronic' }],
    cashier: body.cashier,
    cashier_inn: body.cashier_inn,
  };
  const { draft, problems } = readDraft(asReceipt, facts);
  draft.items.forEach((item, index) => {
    const cost = itemCostKop(item.priceKop, item.quantityMicro);
    if (item.sumKop !== undefined && item.sumKop !== cost)
      problems.push(
        problem(
          `/items/${index}/sum`,
          'ItemSumMismatch',
          1043,
          `Цена на количество ${formatKop(cost)}`,
          `Price times quantity is ${formatKop(cost)}`,
        ),
      );
  });
  const order: OrderContent = {
    items: draft.items.map(({ vatRate, vatSumKop: _vat, sumKop: _sum, ...item }) => ({
      ...item,
      vat: vatRate?.name,
    })),
    discountKop: body.discount ? kopOf(body.discount) : undefined,
    client: draft.client,
    taxSystem: draft.company.taxSystem,
    place: body.company?.payment_address,
    senderEmail: draft.company.email,
    cashier: draft.cashier,
  };
  const total = totalOf(linesOf(order));
  if (kopOf(body.total) !== total)
    problems.push(
      problem(
        '/total',
        'TotalMismatch',
        1020,
        `Позиции за вычетом скидки дают ${formatKop(total)}`,
        `The items less the discount come to ${formatKop(total)}`,
      ),
    );
  return { order, problems };
}

/** Registers orders: tried out as a receipt before the money moves, so that a payment never meets an impossible one. */
export class Orders {
  constructor(
    private readonly api: OwnApi,
    private readonly settle: (paymentId: string) => Promise<void>,
  ) {}

  /** An order that was registered, or undefined. */
  async find(orderNo: string, { group }: KnownGroup): Promise<KnownOrderView | undefined> {
    const order = await new PaymentOrderStore(this.api.database).byNumber(group.id, orderNo);
    if (!order) return undefined;
    const payments = await new PaymentStore(this.api.database).list({
      clientId: group.clientId,
      groupCode: group.code,
      orderNo,
      limit: 50,
    });
    return {
      order_no: orderNo,
      group: group.code,
      total: formatKop(order.totalKop),
      lines: linesOf(order.content as OrderContent).length,
      created_at: order.createdAt.toISOString(),
      callback_url: order.callbackUrl,
      payments: payments.map(({ id }) => id),
    };
  }

  async put(orderNo: string, body: OrderBody, group: KnownGroup): Promise<OrderView> {
    const { order, problems } = readOrder(body, group);
    if (problems.length > 0) throw new Problem('receipt-refused', { errors: problems });
    const lines = linesOf(order);
    const decision = decideReceipt(order, lines, {
      sign: 1,
      facts: group.facts,
      today: this.api.wall.today(),
      contact: contactToCome,
    });
    if (!decision.ok)
      throw new Problem('receipt-refused', {
        errors: decision.refused.map(({ path, rule, ffdTag, text }) =>
          problem(pointerOf(path), rule, ffdTag || 0, text, ruleTexts[rule].en),
        ),
      });
    const callback = body.callback_url
      ? checkCallbackUrl(body.callback_url, this.api.settings.callbacks)
      : undefined;
    if (callback && !callback.ok)
      throw new Problem('request-invalid', {
        errors: [problem('/callback_url', 'CallbackUrl', 0, callback.reason, 'This address is not called')],
      });
    const content = JSON.stringify(order);
    const outcome = await this.api.database.transaction((sql) =>
      new PaymentOrderStore(sql).put({
        id: this.api.ids.uuid(),
        clientId: group.group.clientId,
        groupId: group.group.id,
        orderNo,
        content: order,
        contentHash: hash('sha256', `${content}\n${body.callback_url ?? ''}`, 'hex'),
        totalKop: totalOf(lines),
        callbackUrl: body.callback_url ?? null,
      }),
    );
    if (outcome.kind === 'already-paid')
      throw new Problem('state-conflict', {
        detail: 'По заказу уже есть чек, изменить его нельзя',
        detail_en: 'The order has its receipt already and cannot change',
      });
    // The worker finds what is missed here.
    const waiting = await new PaymentStore(this.api.database).waitingForOrder(group.group.id, orderNo);
    for (const paymentId of waiting)
      await this.settle(paymentId).catch((error: unknown) =>
        this.api.log.warn({ err: error, paymentId }, 'a payment that waited is left to the worker'),
      );
    const hasContact = Boolean(body.client?.email ?? body.client?.phone);
    return {
      order_no: orderNo,
      group: group.group.code,
      total: formatKop(totalOf(lines)),
      lines: lines.length,
      state: outcome.kind === 'same' ? 'unchanged' : 'registered',
      warnings: hasContact
        ? []
        : ['Нет контакта покупателя: если его не сообщит провайдер, платёж будет ждать человека'],
    };
  }
}
