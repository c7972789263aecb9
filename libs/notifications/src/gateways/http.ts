import { FarmError } from '@kkt/contracts';
import type { Gateway, OutgoingMessage } from './gateway';

export interface HttpGatewayOptions {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: (message: OutgoingMessage) => object;
  timeoutMs?: number;
}

/** Codes after which the same request may succeed. */
const mayRetry = (status: number): boolean => status >= 500 || [401, 403, 408, 425, 429].includes(status);

function retryAfterS(header: string | null): number | undefined {
  const seconds = Number(header ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) : undefined;
}

/** Hands messages to a provider by one JSON request each; any 2xx answer means it was taken. */
export function httpGateway(options: HttpGatewayOptions): Gateway {
  return {
    name: options.name,
    async send(message, signal): Promise<void> {
      let answer: Response;
      try {
        answer = await fetch(options.url, {
          method: 'POST',
          redirect: 'error',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'idempotency-key': `kkt-${message.id}`,
            ...options.headers,
          },
          body: JSON.stringify(options.body(message)),
          signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? 15_000)]),
        });
      } catch (error) {
        const cause = (error as { cause?: { code?: string } }).cause?.code;
        throw new FarmError('SYS-GATEWAY', `${options.name}: ${cause ?? (error as Error).message}`);
      }
      // Nothing of the answer is needed but its code; the body must be read to free the connection.
      await answer.arrayBuffer().catch(() => undefined);
      if (answer.ok) return;
      throw new FarmError(
        mayRetry(answer.status) ? 'SYS-GATEWAY' : 'CLIENT-GATEWAY',
        `${options.name}: HTTP ${answer.status}`,
        { status: answer.status, retryAfterS: retryAfterS(answer.headers.get('retry-after')) },
      );
    },
  };
}

const bearer = (key: string | undefined): Record<string, string> =>
  key ? { authorization: `Bearer ${key}` } : {};

/** SMS: `{ id, to, text }` to the provider, or to a small adapter in front of one. */
export const smsGateway = (url: string, key: string | undefined): Gateway =>
  httpGateway({
    name: 'sms-http',
    url,
    headers: bearer(key),
    body: ({ id, address, body }) => ({ id: `kkt-${id}`, to: address, text: body }),
  });

/** A call that reads the text aloud: `{ id, to, text, repeat }`. */
export const voiceGateway = (url: string, key: string | undefined): Gateway =>
  httpGateway({
    name: 'voice-http',
    url,
    headers: bearer(key),
    body: ({ id, address, body }) => ({ id: `kkt-${id}`, to: address, text: body, repeat: 2 }),
  });

/** Telegram Bot API, method sendMessage. */
export const telegramGateway = (apiUrl: string, botToken: string): Gateway =>
  httpGateway({
    name: 'telegram',
    url: `${apiUrl}/bot${botToken}/sendMessage`,
    headers: {},
    body: ({ address, body }) => ({
      chat_id: address,
      text: body,
      link_preview_options: { is_disabled: true },
    }),
  });
