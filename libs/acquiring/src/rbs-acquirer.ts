import axios from 'axios';
import { FarmError, type Kop } from '@kkt/contracts';
import type { Acquirer, CardOnFile, CardOrder, CardReturn, CardSession, CardVerdict } from './acquirer';

export interface RbsOptions {
  /** Address of the gateway up to `/payment/rest`. */
  baseUrl: string;
  userName: string;
  password: string;
  timeoutMs?: number;
}

interface RbsAnswer {
  errorCode?: string | number;
  errorMessage?: string;
  /** What `paymentOrderBinding.do` calls its message. */
  error?: string;
  orderId?: string;
  formUrl?: string;
  orderStatus?: number;
  amount?: number;
  actionCodeDescription?: string;
  attributes?: { name?: string; value?: string }[];
  /** The card is remembered. */
  bindingInfo?: { bindingId?: string };
  cardAuthInfo?: { maskedPan?: string; pan?: string; expiration?: string; paymentSystem?: string };
  paymentAmountInfo?: { depositedAmount?: number; refundedAmount?: number };
}

/** Statuses of an order by the gateway's manual. */
const status = {
  registered: 0,
  held: 1,
  deposited: 2,
  reversed: 3,
  refunded: 4,
  acs: 5,
  declined: 6,
} as const;
/** `getOrderStatusExtended.do`: no such order. */
const noSuchOrder = '6';
/** `unBindCard.do`: nothing is remembered under this name. */
const noSuchBinding = '2';
const maxAnswerBytes = 256 * 1024;

/** `YYYYMM` of the gateway as the last day of that month. */
function lastDayOf(expiration: string | undefined): string | null {
  const found = /^(\d{4})(\d{2})$/.exec(expiration ?? '');
  if (!found) return null;
  return new Date(Date.UTC(Number(found[1]), Number(found[2]), 0)).toISOString().slice(0, 10);
}

function cardOf({ bindingInfo, cardAuthInfo }: RbsAnswer): CardOnFile | undefined {
  const binding = bindingInfo?.bindingId;
  if (!binding) return undefined;
  return {
    binding,
    mask: cardAuthInfo?.maskedPan ?? cardAuthInfo?.pan ?? '',
    system: cardAuthInfo?.paymentSystem ?? '',
    expiresOn: lastDayOf(cardAuthInfo?.expiration),
  };
}

/**
 * The payment gateway that Sber and other Russian banks run: `register.do`, `getOrderStatusExtended.do`, `refund.do`,
 * `paymentOrderBinding.do`, `unBindCard.do`, forms in,
 * JSON out, sums in kopecks. A one-stage payment: what is deposited is ours.
 */
export class RbsAcquirer implements Acquirer {
  constructor(private readonly options: RbsOptions) {}

  async begin({ orderNo, amountKop, description, returnUrl, saveFor }: CardOrder): Promise<CardSession> {
    const answer = await this.call('register.do', {
      orderNumber: orderNo,
      amount: String(amountKop),
      description,
      returnUrl,
      failUrl: returnUrl,
      sessionTimeoutSecs: '1200',
      ...(saveFor !== undefined && { clientId: saveFor }),
    });
    if (!answer.orderId || !answer.formUrl)
      throw new FarmError('WIRE-ACQUIRER', 'The acquirer did not take the payment', {
        errorCode: String(answer.errorCode ?? ''),
      });
    return { reference: answer.orderId, payUrl: answer.formUrl };
  }

  async ask(orderNo: string): Promise<CardVerdict> {
    const answer = await this.call('getOrderStatusExtended.do', { orderNumber: orderNo });
    const code = String(answer.errorCode ?? '0');
    if (code === noSuchOrder) return { state: 'unknown' };
    if (code !== '0')
      throw new FarmError('WIRE-ACQUIRER', 'The acquirer refused to answer', { errorCode: code });
    switch (answer.orderStatus) {
      case status.deposited: {
        const reference = answer.attributes?.find(({ name }) => name === 'mdOrder')?.value;
        const amountKop = answer.paymentAmountInfo?.depositedAmount ?? answer.amount;
        if (!reference || !Number.isSafeInteger(amountKop))
          throw new FarmError('WIRE-ACQUIRER', 'The acquirer’s answer has no number or sum', { orderNo });
        const card = cardOf(answer);
        return { state: 'paid', reference, amountKop: amountKop ?? 0, ...(card && { card }) };
      }
      case status.declined:
      case status.reversed:
        return { state: 'failed', note: answer.actionCodeDescription ?? 'declined' };
      default:
        return { state: 'pending' };
    }
  }

  async charge(
    order: CardOrder,
    { customer, binding }: { customer: string; binding: string },
  ): Promise<{ reference: string; refusal: string | null }> {
    const { reference } = await this.begin({ ...order, saveFor: customer });
    const answer = await this.call('paymentOrderBinding.do', { mdOrder: reference, bindingId: binding });
    const code = String(answer.errorCode ?? '0');
    return {
      reference,
      refusal: code === '0' ? null : (answer.errorMessage ?? answer.error ?? `code ${code}`),
    };
  }

  async forget(binding: string): Promise<void> {
    const answer = await this.call('unBindCard.do', { bindingId: binding });
    const code = String(answer.errorCode ?? '0');
    if (code !== '0' && code !== noSuchBinding)
      throw new FarmError('WIRE-ACQUIRER', 'The acquirer did not forget a card', { errorCode: code });
  }

  async refund({ reference, amountKop }: CardReturn): Promise<{ ok: true } | { ok: false; note: string }> {
    const answer = await this.call('refund.do', { orderId: reference, amount: String(amountKop) });
    const code = String(answer.errorCode ?? '0');
    if (code === '0') return { ok: true };
    // 5: no rights or a wrong sum, 6: no such payment, 7: its state does not allow it. Others may pass.
    if (code === '5' || code === '6' || code === '7')
      return { ok: false, note: answer.errorMessage ?? `code ${code}` };
    throw new FarmError('WIRE-ACQUIRER', 'The acquirer did not take the refund', { errorCode: code });
  }

  async refundedKop(orderNo: string): Promise<Kop> {
    const answer = await this.call('getOrderStatusExtended.do', { orderNumber: orderNo });
    const refundedKop = answer.paymentAmountInfo?.refundedAmount;
    if (String(answer.errorCode ?? '0') !== '0' || !Number.isSafeInteger(refundedKop))
      throw new FarmError('WIRE-ACQUIRER', 'The acquirer does not tell what went back', { orderNo });
    return refundedKop ?? 0;
  }

  private async call(method: string, fields: Record<string, string>): Promise<RbsAnswer> {
    const { baseUrl, userName, password, timeoutMs = 10_000 } = this.options;
    try {
      const { data, status: code } = await axios.post<RbsAnswer>(
        `${baseUrl}/payment/rest/${method}`,
        new URLSearchParams({ userName, password, ...fields }).toString(),
        {
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          timeout: timeoutMs,
          signal: AbortSignal.timeout(timeoutMs),
          maxRedirects: 0,
          proxy: false,
          maxContentLength: maxAnswerBytes,
          validateStatus: () => true,
        },
      );
      if (code !== 200 || typeof data !== 'object')
        throw new FarmError('WIRE-ACQUIRER', 'The acquirer answered with an error', { status: code });
      return data;
    } catch (error) {
      if (error instanceof FarmError) throw error;
      // The cause holds the password: only its code goes on.
      const { code } = error as { code?: string };
      throw new FarmError('WIRE-ACQUIRER', 'The acquirer gave no answer', { code });
    }
  }
}

/** The acquirer of an installation; undefined when none is set up. */
export function acquirerOf(settings: {
  acquirerUrl?: string;
  acquirerUser?: string;
  acquirerPassword?: string;
}): Acquirer | undefined {
  const { acquirerUrl: baseUrl, acquirerUser: userName, acquirerPassword: password } = settings;
  return baseUrl && userName && password ? new RbsAcquirer({ baseUrl, userName, password }) : undefined;
}
