import { createHash } from 'node:crypto';
import type { ReceiptContent, ReceiptItem } from '@kkt/contracts';
import type { AcceptOutcome, NewReceipt } from '@kkt/storage';
import type { SimClock } from './clock';
import type { Dice } from './dice';
import { clientId, clientInn, type SimGroup } from './rows';

/** A shop's order, with everything that it knows of its receipt. */
export interface Order {
  externalId: string;
  group: SimGroup;
  content: ReceiptContent;
  callbackUrl: string | undefined;
  queueLimitS: number;
  /** The answer that reached the shop. */
  receiptId: string | undefined;
  /** Ids that any answer to this order named: they must all be the same. */
  named: Set<string>;
  requests: number;
  /** Answers that took another basket for the same, or the same for another. */
  misjudged: number;
}

/** The receipt API as a shop reaches it: rejects when there was no answer. */
export type AcceptDoor = (receipt: NewReceipt) => Promise<AcceptOutcome>;

export interface ShopFaults {
  /** The answer does not reach the shop, which asks again. */
  lostAnswerRate: number;
  /** The shop asks twice at the same time. */
  doubleRate: number;
  /** The shop asks again with another basket. */
  otherBodyRate: number;
}

const names = ['Кофе зерновой, 250 г', 'Доставка', 'Чай «Утро» №5', 'Сахар, 1 кг', 'Подписка на месяц'];

/** Shops: they send each order until they have its receipt's id, with the same external id each time. */
export class Shops {
  readonly orders: Order[] = [];
  faults: ShopFaults = { lostAnswerRate: 0, doubleRate: 0, otherBodyRate: 0 };
  private unanswered = 0;

  constructor(
    private readonly clock: SimClock,
    private readonly dice: Dice,
    private readonly door: () => AcceptDoor,
  ) {}

  get waiting(): number {
    return this.unanswered;
  }

  /** Orders come in bursts through the time given. */
  open(groups: readonly SimGroup[], count: number, spanMs: number, policy: { shortLimitRate: number }): void {
    this.unanswered = count;
    let atMs = 0;
    for (let n = 0; n < count; n += 1) {
      if (!this.dice.chance(0.35)) atMs = this.dice.next() * spanMs;
      const order = this.order(n, this.dice.pick(groups), policy.shortLimitRate);
      this.orders.push(order);
      this.clock.setTimer(atMs, () => {
        void this.send(order);
        if (this.dice.chance(this.faults.doubleRate)) void this.request(order);
      });
    }
  }

  private async send(order: Order): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await this.request(order);
      if (order.receiptId) break;
      await this.pause(this.dice.spanMs(500, 20_000));
    }
    this.unanswered -= 1;
    if (this.dice.chance(this.faults.otherBodyRate)) {
      await this.request(order, this.content(order.group, order.externalId));
    }
  }

  /** One HTTP request: the answer, or silence after which nothing is known. */
  private async request(order: Order, other?: ReceiptContent): Promise<void> {
    order.requests += 1;
    const receipt = this.receiptOf(other ? { ...order, content: other } : order);
    const isLost = this.dice.chance(this.faults.lostAnswerRate);
    const outcome = await Promise.race([
      this.door()(receipt).catch(() => undefined),
      this.pause(10_000).then(() => undefined),
    ]);
    if (!outcome) return;
    order.named.add(outcome.id);
    const isSame = outcome.accepted || outcome.sameBody;
    if (isSame === (other !== undefined)) order.misjudged += 1;
    if (!isLost && !other) order.receiptId = outcome.id;
  }

  private receiptOf(order: Order): NewReceipt {
    const { group, content, externalId } = order;
    return {
      id: this.dice.uuid(),
      groupId: group.id,
      clientId,
      externalId,
      api: group.ffd === 4 ? 'v5' : 'v4',
      operation: 'sell',
      content,
      bodyHash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
      totalKop: content.totalKop,
      callbackUrl: order.callbackUrl,
      priority: 50,
      queueLimitS: order.queueLimitS,
    };
  }

  private order(n: number, group: SimGroup, shortLimitRate: number): Order {
    const externalId = `order-${n}`;
    return {
      externalId,
      group,
      content: this.content(group, externalId),
      callbackUrl: this.dice.chance(0.6) ? `https://shop-${this.dice.int(1, 4)}.example/result` : undefined,
      queueLimitS: this.dice.chance(shortLimitRate) ? this.dice.int(20, 300) : 30 * 86_400,
      receiptId: undefined,
      named: new Set(),
      requests: 0,
      misjudged: 0,
    };
  }

  private content(group: SimGroup, externalId: string): ReceiptContent {
    const items = Array.from({ length: this.dice.int(1, 3) }, (): ReceiptItem => {
      const priceKop = this.dice.int(100, 500_000);
      const quantity = this.dice.int(1, 3);
      return {
        name: `${this.dice.pick(names)} (${externalId})`,
        priceKop,
        quantityMicro: quantity * 1_000_000,
        sumKop: priceKop * quantity,
        method: 4,
        subject: 1,
        vat: this.dice.pick([11, 2, 6] as const),
        ...(group.ffd === 4 ? { measure: 0 } : {}),
      };
    });
    const totalKop = items.reduce((sum, item) => sum + item.sumKop, 0);
    const cashKop = this.dice.chance(0.3) ? totalKop : 0;
    return {
      form: 'receipt',
      sign: this.dice.chance(0.15) ? 2 : 1,
      company: { inn: clientInn, taxSystem: 1, email: 'check@shop.example', place: 'https://shop.example' },
      client: { email: 'buyer@example.com' },
      items,
      payments: { cashKop, ecashKop: totalKop - cashKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
      vatTotals: {},
      totalKop,
      internet: true,
    };
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.clock.setTimer(delayMs, resolve));
  }
}
