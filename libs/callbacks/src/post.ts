import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import {
  Agent as HttpAgent,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type Clock, FarmError } from '@kkt/contracts';
import { type CallbackPolicy, checkCallbackUrl, isPublicAddress } from '@kkt/security';

/**
 * Sends one callback and tells the HTTP status. Rejects with FarmError:
 * CLIENT-CALLBACK-URL: the address itself is not one we call, now or later;
 * CLIENT-CALLBACK-ADDRESS: its name leads into a private network at this moment;
 * WIRE-CALLBACK: no answer came.
 */
export type CallbackPost = (request: {
  url: string;
  body: string;
  headers: Readonly<Record<string, string>>;
  /** How many attempts failed before: names with several addresses are tried at the next one. */
  attempts: number;
  signal?: AbortSignal;
}) => Promise<{ status: number }>;

/** All addresses of a name, IPv4 and IPv6. */
export type Resolve = (host: string) => Promise<string[]>;

export interface PostOptions {
  policy: CallbackPolicy;
  clock: Clock;
  resolve?: Resolve;
  connectTimeoutMs?: number;
  /** From the resolving of the name to the end of the answer. */
  totalTimeoutMs?: number;
  /** More of an answer's body is not read; only its status matters. */
  maxResponseBytes?: number;
}

/** The name service, asked directly: a slow one must not use up the few threads that other work shares. */
export const resolveByDns: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = [four, six].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  if (addresses.length === 0 && four.status === 'rejected') throw four.reason;
  return addresses;
};

/** As the machine resolves names, with its hosts file: for a farm on one's own desk. */
export const resolveBySystem: Resolve = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** A lookup that knows one answer: the address that was checked is the address that is called. */
const pinnedLookup =
  (address: string): LookupFunction =>
  (_host, options, callback) => {
    const family = isIP(address);
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };

/** Ends a socket that is not connected in time. */
function limitConnect(socket: Socket, isTls: boolean, clock: Clock, timeoutMs: number): void {
  const timer = clock.setTimer(timeoutMs, () =>
    socket.destroy(new Error(`no connection in ${timeoutMs} ms`)),
  );
  const stop = (): void => timer.cancel();
  socket.once(isTls ? 'secureConnect' : 'connect', stop);
  socket.once('close', stop);
}

/** A connection is kept this long for the next callback to the same shop, shorter than servers usually keep theirs. */
const keptForMs = 4_000;

const kept: AgentOptions = { keepAlive: true, maxFreeSockets: 8, timeout: keptForMs };

/**
 * Connections of one shop's address, kept between its callbacks: a busy shop is not asked for a handshake each time. There
 * is one for each checked address, so that a connection leads nowhere but where its callback was allowed to go.
 */
class Connections {
  private readonly agents = new Map<string, { http: HttpAgent; https: HttpsAgent }>();

  of(address: string, isTls: boolean): HttpAgent {
    let agents = this.agents.get(address);
    if (!agents) {
      agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };
      this.agents.set(address, agents);
      if (this.agents.size > maxAddresses) this.forgetIdle(address);
    }
    return isTls ? agents.https : agents.http;
  }

  private forgetIdle(except: string): void {
    for (const [address, { http, https }] of this.agents) {
      const isIdle = [http, https].every(({ sockets }) => Object.keys(sockets).length === 0);
      if (!isIdle || address === except) continue;
      http.destroy();
      https.destroy();
      this.agents.delete(address);
    }
  }
}

const maxAddresses = 1_000;

interface Exchange {
  url: URL;
  /** The only one that is called, whatever the name says meanwhile. */
  address: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  signal: AbortSignal;
  clock: Clock;
  connectTimeoutMs: number;
  connections: Connections;
}

/** The server closed a kept connection just as it was used again: nothing of the callback was answered. */
const wasClosedMeanwhile = (request: ClientRequest, error: { code?: string }): boolean =>
  request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');

/**
 * One POST by Node's own client: it follows no redirect, knows no proxy and unpacks nothing. Resolves with the head of
 * the answer. `isAlone`: over a connection of its own.
 */
function exchange(options: Exchange, isAlone = false): Promise<IncomingMessage> {
  const { url, address, headers, body, signal, clock, connectTimeoutMs, connections } = options;
  const isTls = url.protocol === 'https:';
  const asked: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      accept: '*/*',
      'accept-encoding': 'identity',
      'content-length': Buffer.byteLength(body),
    },
    agent: isAlone ? false : connections.of(address, isTls),
    lookup: pinnedLookup(address),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(url, asked, resolve);
    request.once('socket', (socket) => {
      if (!request.reusedSocket) limitConnect(socket, isTls, clock, connectTimeoutMs);
    });
    // Listened to till the end: a connection that breaks after the head tells it here as well.
    request.on('error', (error: Error & { code?: string }) => {
      if (!isAlone && wasClosedMeanwhile(request, error)) exchange(options, true).then(resolve, reject);
      else reject(error);
    });
    request.end(body);
  });
}

/** Reads an answer to its end, to the limit or to the deadline, whichever is first: some servers stop working when the caller hangs up. */
function discard(body: Readable, maxBytes: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      signal.removeEventListener('abort', end);
      body.destroy();
      resolve();
    };
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end();
    });
    body.once('end', end);
    body.once('close', end);
    body.on('error', end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

async function addressOf(url: URL, attempts: number, options: PostOptions): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const resolve = options.resolve ?? (options.policy.allowPrivate ? resolveBySystem : resolveByDns);
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  if (!options.policy.allowPrivate && !addresses.every(isPublicAddress))
    throw new FarmError('CLIENT-CALLBACK-ADDRESS', 'The name leads into a private network', { host });
  const address = addresses[attempts % Math.max(1, addresses.length)];
  if (address === undefined) throw new FarmError('WIRE-CALLBACK', 'The name has no address', { host });
  return address;
}

/** Makes the guarded sender: no redirects, no proxies, no cookies, one checked address, bounded time and bytes. */
export function createCallbackPost(options: PostOptions): CallbackPost {
  const {
    policy,
    clock,
    connectTimeoutMs = 3_000,
    totalTimeoutMs = 10_000,
    maxResponseBytes = 65_536,
  } = options;
  const connections = new Connections();
  return async ({ url: text, body, headers, attempts, signal: outerSignal }) => {
    const decision = checkCallbackUrl(text, policy);
    if (!decision.ok) throw new FarmError('CLIENT-CALLBACK-URL', decision.reason);
    const deadline = new AbortController();
    const timer = clock.setTimer(totalTimeoutMs, () => deadline.abort());
    const signal = outerSignal ? AbortSignal.any([deadline.signal, outerSignal]) : deadline.signal;
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error(`no answer in ${totalTimeoutMs} ms`)), {
        once: true,
      }),
    );
    aborted.catch(() => undefined);
    try {
      const address = await Promise.race([addressOf(decision.url, attempts, options), aborted]);
      const response = await exchange({
        url: decision.url,
        address,
        headers,
        body,
        signal,
        clock,
        connectTimeoutMs,
        connections,
      });
      await discard(response, maxResponseBytes, signal);
      return { status: response.statusCode ?? 0 };
    } catch (error) {
      if (error instanceof FarmError) throw error;
      throw new FarmError(
        'WIRE-CALLBACK',
        explain(error, deadline.signal.aborted, totalTimeoutMs),
        {},
        { cause: error },
      );
    } finally {
      timer.cancel();
    }
  };
}

/** In the words of the cabinet; the code beside them is for support. */
const explanations: readonly [pattern: RegExp, text: string][] = [
  [/ENOTFOUND|ENODATA|EAI_/, 'имя не найдено'],
  [/ECONNREFUSED/, 'соединение отклонено'],
  [/ECONNRESET|EPIPE|socket hang up/, 'соединение разорвано'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no connection in/, 'нет соединения'],
  [/CERT|certificate|SSL|TLS|altname/i, 'сертификат сервера не принят'],
  [/HPE_|Parse Error/, 'ответ не по правилам HTTP'],
];

function explain(error: unknown, isLate: boolean, totalTimeoutMs: number): string {
  if (isLate) return `нет ответа за ${totalTimeoutMs / 1000} с`;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const found = explanations.find(([pattern]) => pattern.test(`${code} ${message}`));
  return found ? `${found[1]}${code ? ` (${code})` : ''}` : `запрос не удался${code ? ` (${code})` : ''}`;
}
