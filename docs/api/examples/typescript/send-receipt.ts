/**
 * Checks a receipt, sends it, waits for its fiscal document, and gives one piece back.
 * The client is the folder libs/api-client/src: copy it, it needs nothing but `fetch`.
 *
 *   KKT_API=http://127.0.0.1:8080 KKT_KEY=fk_live_… npx tsx send-receipt.ts
 */
import { ApiProblem, FarmApi, type Receipt, type ReceiptInput } from '../../../../libs/api-client/src';

export async function sendReceipt(
  baseUrl: string,
  key: string,
  group: string,
  order: string,
  say: (text: string) => void,
): Promise<{ sale: Receipt; refund: Receipt }> {
  const api = new FarmApi({ baseUrl, key });
  const body: ReceiptInput = {
    group,
    operation: 'sell',
    client: { email: 'buyer@example.com' },
    company: { sno: 'osn' },
    items: [
      {
        name: 'Кофе зерновой, 250 г',
        price: '540.00',
        quantity: '2',
        payment_method: 'full_payment',
        payment_object: 'commodity',
        vat: { type: 'vat22' },
      },
    ],
    payments: [{ type: 'electronic', sum: '1080.00' }],
    total: '1080.00',
  };

  const judged = await api.validateReceipt({ body });
  say(`check: valid ${judged.valid}, ${judged.tlv_bytes} of ${judged.tlv_limit_bytes} bytes`);

  // Whatever happens to the connection: repeat with the same key, and there is one document.
  const accepted = await api.createReceipt({ body, idempotencyKey: order });
  say(`accepted: ${accepted.id}`);

  for await (const { data } of api.followReceipt({ id: accepted.id })) {
    if (data.waiting) say(`waits: ${data.waiting.text_en} (place ${data.waiting.place ?? '–'})`);
  }
  const sale = await api.settled(accepted.id);
  if (!sale.document) throw new Error(`failed: ${sale.error?.text}`);
  say(
    `registered: FN ${sale.document.fn_number}, FD ${sale.document.fd_number}, FP ${sale.document.fiscal_sign}`,
  );

  const back = await api.refundReceipt({
    id: sale.id,
    body: { items: [{ position: 0, quantity: '1' }] },
    idempotencyKey: `${order}-refund`,
  });
  const refund = await api.settled(back.id);
  say(`given back: ${refund.total}`);

  try {
    await api.refundReceipt({
      id: sale.id,
      body: { amount: '5000.00' },
      idempotencyKey: `${order}-too-much`,
    });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    for (const { pointer, detail_en, suggestion } of error.errors)
      say(`refused: ${pointer}: ${detail_en} (${suggestion?.en})`);
  }
  return { sale, refund };
}

if (require.main === module) {
  const { KKT_API = 'http://127.0.0.1:8080', KKT_KEY = '', KKT_GROUP = 'demo-v5' } = process.env;
  sendReceipt(KKT_API, KKT_KEY, KKT_GROUP, `order-${Date.now()}`, console.log).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
