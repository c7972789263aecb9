import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';

/** Which addresses shops may ask us to call. */
export interface CallbackPolicy {
  /** Plain http as well as https. */
  allowHttp: boolean;
  /** Ports besides 80 and 443; `any` for all. */
  extraPorts: readonly number[] | 'any';
  /** Local and private addresses: only for a farm on one's own desk. */
  allowPrivate: boolean;
}

/**
 * Public addresses only, on 80 and 443. Plain http is taken because the protocol's own mask takes it and shops with stock
 * modules give such addresses: refusing them would leave those shops without the news.
 */
export const publicCallbackPolicy: CallbackPolicy = { allowHttp: true, extraPorts: [], allowPrivate: false };

/** Any http address, also on one's own network: for a farm on a desk and for tests. */
export const deskCallbackPolicy: CallbackPolicy = { allowHttp: true, extraPorts: 'any', allowPrivate: true };

export type CallbackDecision = { ok: true; url: URL } | { ok: false; reason: string };

const refused = (reason: string): CallbackDecision => ({ ok: false, reason });

const localNames = /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/;

/**
 * Decides by the text alone whether we would call the address; runs in linear time. Whoever calls must also check
 * every address the name resolves to (`isPublicAddress`), connect to that very address and follow no redirects.
 */
export function checkCallbackUrl(text: string, policy: CallbackPolicy): CallbackDecision {
  if (text.length > 256) return refused('адрес длиннее 256 символов');
  if (!/^https?:\/\//i.test(text)) return refused('адрес должен начинаться с https://');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused('адрес не разобрать');
  }
  if (url.protocol === 'http:' && !policy.allowHttp) return refused('разрешён только https');
  if (url.username !== '' || url.password !== '') return refused('имя и пароль в адресе не разрешены');
  if (url.hash !== '' || text.includes('#')) return refused('якорь в адресе не разрешён');
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  if (policy.extraPorts !== 'any' && port !== 80 && port !== 443 && !policy.extraPorts.includes(port))
    return refused(`порт ${port} не разрешён`);
  if (policy.allowPrivate) return { ok: true, url };
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  if (isIP(host) !== 0) {
    // The parser writes 127.1 and 0x7f.1 out as 127.0.0.1; who wrote it so wanted to hide it.
    const written = /^https?:\/\/(\[[^\]]*\]|[^/:?]*)/i
      .exec(text)?.[1]
      ?.replace(/^\[|\]$/g, '')
      .toLowerCase();
    if (written !== host) return refused('IP-адрес записан не в обычном виде');
    return isPublicAddress(host) ? { ok: true, url } : refused('адрес не в сети Интернет');
  }
  if (localNames.test(host) || !host.includes('.')) return refused('адрес не в сети Интернет');
  return { ok: true, url };
}
