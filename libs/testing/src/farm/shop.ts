import type { TestFarm } from './test-farm';

export interface AtolReport {
  uuid: string;
  status: 'wait' | 'done' | 'fail';
  error: { code: number; text: string; type: string } | null;
  payload: Record<string, string | number> | null;
  external_id?: string;
  group_code?: string;
  daemon_code?: string;
  device_code?: string;
}

export interface SaleOptions {
  externalId: string;
  group?: 'demo-v4' | 'demo-v5';
  operation?: string;
  priceRub?: number;
  callbackUrl?: string;
  inn?: string;
  itemName?: string;
}

/** A shop with a stock ATOL Online client, as the farm under test sees it. */
export class Shop {
  private constructor(
    private readonly farm: TestFarm,
    readonly token: string,
  ) {}

  static async open(farm: TestFarm): Promise<Shop> {
    return new Shop(farm, await farm.token());
  }

  body(options: SaleOptions): object {
    const price = options.priceRub ?? 100.5;
    const v5 = options.group === 'demo-v5';
    return {
      timestamp: '23.11.2026 12:00:00',
      external_id: options.externalId,
      ...(options.callbackUrl ? { service: { callback_url: options.callbackUrl } } : {}),
      receipt: {
        client: { email: 'buyer@example.com' },
        company: {
          email: 'check@shop.example',
          sno: 'osn',
          inn: options.inn ?? '5544332219',
          payment_address: 'https://shop.example',
        },
        items: [
          {
            name: options.itemName ?? `Товар ${options.externalId}`,
            price,
            quantity: 1,
            sum: price,
            payment_method: 'full_payment',
            payment_object: v5 ? 1 : 'commodity',
            ...(v5 ? { measure: 0 } : {}),
            vat: { type: 'vat22' },
          },
        ],
        payments: [{ type: 1, sum: price }],
        total: price,
      },
    };
  }

  async sell(options: SaleOptions): Promise<{ status: number; body: Record<string, unknown> }> {
    const group = options.group ?? 'demo-v4';
    return this.farm.api(`/possystem/${group.slice(-2)}/${group}/${options.operation ?? 'sell'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: this.token },
      body: JSON.stringify(this.body(options)),
    });
  }

  async report(uuid: string, group: 'demo-v4' | 'demo-v5' = 'demo-v4'): Promise<AtolReport> {
    const { body } = await this.farm.api(`/possystem/${group.slice(-2)}/${group}/report/${uuid}`, {
      headers: { token: this.token },
    });
    return body as unknown as AtolReport;
  }

  /** Polls until the receipt is done or failed. */
  async settled(
    uuid: string,
    group: 'demo-v4' | 'demo-v5' = 'demo-v4',
    limitMs = 60_000,
  ): Promise<AtolReport> {
    let report = await this.report(uuid, group);
    await this.farm.until(`receipt ${uuid} settled`, limitMs, async () => {
      report = await this.report(uuid, group);
      // An answer without a state: asked too often, and asked again.
      return report.status === 'done' || report.status === 'fail';
    });
    return report;
  }
}
