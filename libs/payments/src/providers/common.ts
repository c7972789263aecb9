import { FarmError } from '@kkt/contracts';
import type { Ack, CallbackRequest, ConnectionFacts, RejectReason, Verdict } from '../core/types';
import { isInNetworks } from '@kkt/security';

export const ack = (body = '', contentType = 'text/plain; charset=utf-8'): Ack => ({
  status: 200,
  contentType,
  body,
});

export const genuine: Verdict = { genuine: true, by: 'signature' };
export const unproven: Verdict = { genuine: true, by: 'unproven' };
export const reject = (reason: RejectReason, detail?: string): Verdict => ({
  genuine: false,
  reason,
  ...(detail !== undefined && { detail }),
});

/** A secret that the set-up has made sure of. */
export function secretOf(connection: ConnectionFacts, name: string): string {
  const secret = connection.secrets[name];
  if (!secret)
    throw new FarmError('SYS-PAYMENT-SECRET', 'The connection lacks a secret', {
      provider: connection.provider,
      name,
    });
  return secret;
}

export const hasSecrets = (connection: ConnectionFacts, ...names: string[]): boolean =>
  names.every((name) => Boolean(connection.secrets[name]));

export const bodyText = (request: CallbackRequest): string => request.raw.toString('utf8');

/** What a provider that may call by GET or by POST has sent: undecoded. */
export const formText = (request: CallbackRequest): string =>
  request.method === 'GET' ? request.query : bodyText(request);

/** Runs a check that reads the callback; what cannot be read is not believed. */
export function readable(check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    if (error instanceof FarmError && error.code === 'CLIENT-CALLBACK-BODY') return reject('unreadable');
    throw error;
  }
}

/** True when the peer is in the connection's networks, or in the provider's published ones when it names none. */
export const isFromProvider = (
  request: CallbackRequest,
  connection: ConnectionFacts,
  published: readonly string[],
): boolean => isInNetworks(request.address, connection.settings.addresses ?? published);
