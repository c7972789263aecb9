import axios from 'axios';
import { FarmError } from '@kkt/contracts';
import { JsonReader } from '../wire/bodies';

/**
 * Hosts of the providers' own interfaces. Nothing that comes from outside is ever part of a host: a name is chosen here,
 * by the provider and by the connection's mode.
 */
const hosts = {
  yookassa: 'https://api.yookassa.ru',
  tbank: 'https://securepay.tinkoff.ru',
  cloudpayments: 'https://api.cloudpayments.ru',
  sber: 'https://securepayments.sberbank.ru',
  'sber-test': 'https://ecomtest.sberbank.ru',
  robokassa: 'https://auth.robokassa.ru',
  paypal: 'https://api-m.paypal.com',
  'paypal-test': 'https://api-m.sandbox.paypal.com',
  'paypal-ipn': 'https://ipnpb.paypal.com',
  'paypal-ipn-test': 'https://ipnpb.sandbox.paypal.com',
  stripe: 'https://api.stripe.com',
} as const;

export type ProviderHost = keyof typeof hosts;

export interface ProviderRequest {
  host: ProviderHost;
  /** Begins with a slash; parts that come from outside are escaped by the caller. */
  path: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface ProviderAnswer {
  status: number;
  text: string;
}

/** Asks a provider. Rejects with FarmError WIRE-PROVIDER when no answer came. */
export type AskProvider = (request: ProviderRequest) => Promise<ProviderAnswer>;

export interface AskOptions {
  /** Everything is asked here, under the provider's name, instead of at the providers: for demonstrations and tests. */
  emulatorUrl?: string;
  timeoutMs?: number;
}

const maxAnswerBytes = 2 * 1024 * 1024;

/** Over axios: fixed hosts, no redirects, no proxy of the environment, bounded time and size. */
export function createAskProvider({ emulatorUrl, timeoutMs = 10_000 }: AskOptions = {}): AskProvider {
  return async ({ host, path, method = 'GET', headers, body }) => {
    const base = emulatorUrl === undefined ? hosts[host] : `${emulatorUrl}/${host}`;
    try {
      const response = await axios.request<string>({
        method,
        url: base + path,
        data: body,
        headers: { accept: 'application/json', ...headers },
        timeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
        maxRedirects: 0,
        proxy: false,
        maxContentLength: maxAnswerBytes,
        responseType: 'text',
        transformResponse: (text: string) => text,
        transformRequest: (data: string | Buffer) => data,
        validateStatus: () => true,
      });
      return { status: response.status, text: response.data };
    } catch (error) {
      // The cause of axios holds headers with keys: only its code goes on.
      const { code } = error as { code?: string };
      throw new FarmError('WIRE-PROVIDER', 'The provider gave no answer', { host, code });
    }
  };
}

/** The JSON of a good answer; undefined for 404. Rejects with WIRE-PROVIDER for any other status. */
export function jsonOf(answer: ProviderAnswer, host: ProviderHost): JsonReader | undefined {
  if (answer.status === 404) return undefined;
  if (answer.status < 200 || answer.status > 299)
    throw new FarmError('WIRE-PROVIDER', 'The provider answered with an error', {
      host,
      status: answer.status,
    });
  return JsonReader.parse(answer.text);
}

export const basicAuth = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

export const formType = { 'content-type': 'application/x-www-form-urlencoded' } as const;
export const jsonType = { 'content-type': 'application/json' } as const;
