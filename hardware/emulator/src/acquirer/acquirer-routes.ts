import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmulatedAcquirer } from './emulated-acquirer';
import { payPage } from './pay-page';

const maxBodyBytes = 16 * 1024;

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('the form is too long');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Serves `/acquirer/…`: the gateway's calls, the payer's page, the payer's decision, which leads back to the shop.
 */
export async function serveAcquirer(
  acquirer: EmulatedAcquirer,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const parts = url.pathname.split('/').filter(Boolean).slice(1);
  const base = `http://${request.headers.host ?? '127.0.0.1'}/acquirer`;
  const json = (status: number, body: object): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.method === 'POST' && parts[0] === 'payment' && parts[1] === 'rest') {
    const form = await readForm(request);
    return json(
      200,
      acquirer.call(parts[2] ?? '', form, (orderId) => `${base}/pay/${orderId}`),
    );
  }
  const order = parts[0] === 'pay' ? acquirer.order(parts[1] ?? '') : undefined;
  if (!order) return json(404, { error: 'no such path' });
  if (request.method === 'POST') {
    const form = await readForm(request);
    acquirer.decide(order.orderId, form.get('decision') === 'pay');
    response.writeHead(303, { location: order.returnUrl }).end();
    return undefined;
  }
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(payPage(order));
  return undefined;
}
