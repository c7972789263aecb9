import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { type Clock, FarmError } from '@kkt/contracts';
import type { ConnectionFacts } from '../core/types';
import type { AskProvider, ProviderHost } from './http';

/** Hosts of the certificate's address, by the mode of the connection: a live one takes no certificate of the sandbox. */
const certificateHosts: Readonly<Record<'live' | 'test', Readonly<Record<string, ProviderHost>>>> = {
  live: { 'api.paypal.com': 'paypal', 'api-m.paypal.com': 'paypal' },
  test: { 'api.sandbox.paypal.com': 'paypal-test', 'api-m.sandbox.paypal.com': 'paypal-test' },
};

/** Whom PayPal's message certificates are made out to. Ours: seen in public validators, not in PayPal's documents. */
const subjectName = /^CN=messageverificationcerts(?:\.sandbox)?\.paypal\.com$/m;

const keepMs = 6 * 3600_000;
const maxKept = 100;
const maxBytes = 64 * 1024;

const refuse = (why: string): never => {
  throw new FarmError('CLIENT-CERTIFICATE', why);
};

function pathOf(address: string, mode: 'live' | 'test'): { host: ProviderHost; path: string } {
  const url = URL.canParse(address) ? new URL(address) : refuse('The certificate’s address cannot be read');
  const host = certificateHosts[mode][url.hostname];
  const isPlain =
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    url.hash === '';
  const isPath = /^\/v1\/notifications\/certs\/[A-Za-z0-9_-]{1,100}$/.test(url.pathname) && url.search === '';
  if (host === undefined || !isPlain || !isPath) return refuse('The certificate’s address is not PayPal’s');
  return { host, path: url.pathname };
}

const isValidAt = (certificate: X509Certificate, nowMs: number): boolean =>
  Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);

/** Goes from the leaf over the given certificates to a trusted root; every step is signed, in date, and by an authority. */
export function isTrustedChain(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  nowMs: number,
): boolean {
  const leaf = chain[0];
  if (!leaf || !isValidAt(leaf, nowMs)) return false;
  let current = leaf;
  for (let step = 0; step <= chain.length; step += 1) {
    const isIssuer = (issuer: X509Certificate): boolean =>
      issuer.ca &&
      isValidAt(issuer, nowMs) &&
      current.checkIssued(issuer) &&
      current.verify(issuer.publicKey);
    if (roots.some(isIssuer)) return true;
    const next = chain.slice(1).find((issuer) => issuer !== current && isIssuer(issuer));
    if (!next) return false;
    current = next;
  }
  return false;
}

export interface CertificatesOptions {
  ask: AskProvider;
  clock: Clock;
  /** Trusts the authority that the emulated provider names instead of the public ones. */
  isEmulated?: boolean;
}

/**
 * PayPal's signing certificates: from its own hosts only, through a chain to a public authority, kept for some hours.
 * Rejects with CLIENT-CERTIFICATE for what is not PayPal's and with WIRE-PROVIDER when PayPal cannot be asked.
 */
export class PaypalCertificates {
  private readonly kept = new Map<string, { leaf: X509Certificate; untilMs: number }>();
  private roots: X509Certificate[] | undefined;

  constructor(private readonly options: CertificatesOptions) {}

  async get(address: string, connection: ConnectionFacts): Promise<X509Certificate> {
    const { ask, clock } = this.options;
    const { host, path } = pathOf(address, connection.settings.mode);
    const known = this.kept.get(host + path);
    if (known && known.untilMs > clock.monotonicMs() && isValidAt(known.leaf, clock.nowMs()))
      return known.leaf;
    const answer = await ask({ host, path, headers: { accept: '*/*' } });
    if (answer.status === 404) refuse('PayPal has no such certificate');
    if (answer.status !== 200)
      throw new FarmError('WIRE-PROVIDER', 'The provider answered with an error', {
        host,
        status: answer.status,
      });
    const leaf = await this.trusted(answer.text, host);
    if (this.kept.size >= maxKept) this.kept.clear();
    this.kept.set(host + path, { leaf, untilMs: clock.monotonicMs() + keepMs });
    return leaf;
  }

  private async trustedRoots(host: ProviderHost): Promise<X509Certificate[]> {
    const roots = this.options.isEmulated
      ? [(await this.options.ask({ host, path: '/emulated-authority.pem' })).text]
      : rootCertificates;
    this.roots ??= roots.map((root) => new X509Certificate(root));
    return this.roots;
  }

  private async trusted(pem: string, host: ProviderHost): Promise<X509Certificate> {
    if (pem.length > maxBytes) refuse('The certificate is too big');
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    let chain: X509Certificate[];
    try {
      chain = blocks.slice(0, 8).map((block) => new X509Certificate(block));
    } catch {
      return refuse('The certificate cannot be read');
    }
    const leaf = chain[0];
    if (!leaf || !subjectName.test(leaf.subject))
      return refuse('The certificate is made out to somebody else');
    if (!isTrustedChain(chain, await this.trustedRoots(host), this.options.clock.nowMs()))
      return refuse('The certificate does not lead to a trusted authority');
    return leaf;
  }
}
