import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Statuses of an order by the gateway's manual: registered, deposited, refunded, declined. */
type OrderStatus = 0 | 2 | 4 | 6;

export interface AcquirerOrder {
  orderId: string;
  orderNumber: string;
  amount: number;
  description: string;
  returnUrl: string;
  status: OrderStatus;
  /** Given back so far; files of earlier versions lack it. */
  refunded?: number;
  /** Whose card is remembered when it is paid. */
  clientId?: string;
  /** The remembered card it was paid with. */
  bindingId?: string;
}

/** Payments from a remembered card above this are declined, so that a failure can be seen: 100 000 ₽. */
export const savedCardLimitKop = 10_000_000;

/** What the farm's account at the emulated bank is called. */
export const acquirerAccount = { userName: 'farm', password: 'emulated' } as const;

/**
 * A bank's payment gateway in small: `register.do`, `getOrderStatusExtended.do` and `refund.do` as the banks' manual has them, in
 * roubles and kopecks, with a page where the payer agrees or not. Orders outlive a restart.
 */
export class EmulatedAcquirer {
  private readonly orders = new Map<string, AcquirerOrder>();

  /** @param file where orders are kept; absent: in memory only */
  constructor(private readonly file?: string) {
    if (file !== undefined && existsSync(file))
      for (const order of JSON.parse(readFileSync(file, 'utf8')) as AcquirerOrder[])
        this.orders.set(order.orderId, order);
  }

  order(orderId: string): AcquirerOrder | undefined {
    return this.orders.get(orderId);
  }

  /** Answers one call of the gateway; `pageOf` tells the address of an order's page. */
  call(method: string, form: URLSearchParams, pageOf: (orderId: string) => string): object {
    if (
      form.get('userName') !== acquirerAccount.userName ||
      form.get('password') !== acquirerAccount.password
    )
      return { errorCode: '5', errorMessage: 'Доступ запрещён' };
    if (method === 'register.do') return this.register(form, pageOf);
    if (method === 'getOrderStatusExtended.do') return this.statusOf(form);
    if (method === 'refund.do') return this.refund(form);
    if (method === 'paymentOrderBinding.do') return this.payByBinding(form);
    if (method === 'unBindCard.do') return this.unbind(form);
    return { errorCode: '7', errorMessage: 'Системная ошибка' };
  }

  /** The payer's decision; a decided order stays as it is. */
  decide(orderId: string, isPaid: boolean): AcquirerOrder | undefined {
    const order = this.orders.get(orderId);
    if (order?.status === 0) {
      order.status = isPaid ? 2 : 6;
      if (isPaid && order.clientId) order.bindingId = randomUUID();
      this.keep();
    }
    return order;
  }

  private register(form: URLSearchParams, pageOf: (orderId: string) => string): object {
    const orderNumber = form.get('orderNumber') ?? '';
    const amount = Number(form.get('amount'));
    const returnUrl = form.get('returnUrl') ?? '';
    if (orderNumber === '' || orderNumber.length > 32 || !/^https?:\/\//.test(returnUrl))
      return { errorCode: '4', errorMessage: 'Не задан номер заказа или адрес возврата' };
    if (!Number.isSafeInteger(amount) || amount <= 0)
      return { errorCode: '4', errorMessage: 'Неверная сумма' };
    if ([...this.orders.values()].some((order) => order.orderNumber === orderNumber))
      return { errorCode: '1', errorMessage: 'Заказ с таким номером уже зарегистрирован' };
    const orderId = randomUUID();
    const description = form.get('description') ?? '';
    const clientId = form.get('clientId');
    this.orders.set(orderId, {
      orderId,
      orderNumber,
      amount,
      description,
      returnUrl,
      status: 0,
      ...(clientId && { clientId }),
    });
    this.keep();
    return { orderId, formUrl: pageOf(orderId) };
  }

  private refund(form: URLSearchParams): object {
    const order = this.orders.get(form.get('orderId') ?? '');
    const amount = Number(form.get('amount'));
    if (!order) return { errorCode: '6', errorMessage: 'Незарегистрированный номер заказа' };
    if (order.status !== 2) return { errorCode: '7', errorMessage: 'Платёж не в том состоянии' };
    const left = order.amount - (order.refunded ?? 0);
    if (!Number.isSafeInteger(amount) || amount <= 0 || amount > left)
      return { errorCode: '5', errorMessage: 'Неверная сумма возврата' };
    order.refunded = order.amount - left + amount;
    if (amount === left) order.status = 4;
    this.keep();
    return { errorCode: '0' };
  }

  /** A card is remembered as long as an order that was paid with it names it. */
  private payByBinding(form: URLSearchParams): object {
    const order = this.orders.get(form.get('mdOrder') ?? '');
    const bindingId = form.get('bindingId') ?? '';
    const owner = [...this.orders.values()].find((one) => one.bindingId === bindingId && one.status !== 6);
    if (!order || order.status !== 0) return { errorCode: '5', error: 'Заказ не в том состоянии' };
    if (!owner || owner.clientId !== order.clientId) return { errorCode: '2', error: 'Связка не найдена' };
    order.status = order.amount > savedCardLimitKop ? 6 : 2;
    if (order.status === 2) order.bindingId = bindingId;
    this.keep();
    return { errorCode: '0', info: 'Ваш платёж обработан' };
  }

  private unbind(form: URLSearchParams): object {
    const bindingId = form.get('bindingId');
    const paid = [...this.orders.values()].filter((order) => order.bindingId === bindingId);
    if (paid.length === 0) return { errorCode: '2', errorMessage: 'Связка не найдена' };
    for (const order of paid) delete order.bindingId;
    this.keep();
    return { errorCode: '0', errorMessage: 'Успешно' };
  }

  private statusOf(form: URLSearchParams): object {
    const [id, number] = [form.get('orderId'), form.get('orderNumber')];
    const order = [...this.orders.values()].find(
      ({ orderId, orderNumber }) => orderId === id || orderNumber === number,
    );
    if (!order) return { errorCode: '6', errorMessage: 'Незарегистрированный номер заказа' };
    const { orderNumber, amount, status, orderId } = order;
    return {
      errorCode: '0',
      orderNumber,
      orderStatus: status,
      amount,
      currency: '643',
      actionCodeDescription: status === 6 ? 'Операция отклонена плательщиком' : '',
      attributes: [{ name: 'mdOrder', value: orderId }],
      ...(order.bindingId && {
        bindingInfo: { clientId: order.clientId, bindingId: order.bindingId },
        cardAuthInfo: { maskedPan: '220000**0001', expiration: '203012', paymentSystem: 'MIR' },
      }),
      paymentAmountInfo: {
        depositedAmount: status === 2 ? amount - (order.refunded ?? 0) : 0,
        refundedAmount: order.refunded ?? 0,
      },
    };
  }

  private keep(): void {
    if (this.file === undefined) return;
    writeFileSync(`${this.file}.new`, JSON.stringify([...this.orders.values()]));
    renameSync(`${this.file}.new`, this.file);
  }
}
