import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { minorOfCount } from '../core/amounts';
import { JsonReader, rootScalars } from '../wire/bodies';
import { digestOfHex, isSameDigest, sha256Hex } from '../wire/digests';
import { ack, bodyText, genuine, hasSecrets, readable, reject, secretOf } from './common';

/**
 * SHA-256, lower-case hex, over the values of the root scalars and of `Password`, in the order of their names.
 * Source: T-Kassa OpenAPI 1.80; both published examples agree.
 */
export function tbankToken(scalars: ReadonlyMap<string, string>, password: string): string {
  const signed = new Map([...scalars].filter(([name]) => name !== 'Token'));
  signed.set('Password', password);
  const names = [...signed.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sha256Hex(names.map((name) => signed.get(name) ?? '').join(''));
}

const returns = new Set(['REVERSED', 'PARTIAL_REVERSED', 'REFUNDED', 'PARTIAL_REFUNDED']);

/** T-Bank (T-Kassa). `Data` and `Receipt` are not signed, so nothing is taken from them. */
export const tbank: ProviderAdapter = {
  name: 'tbank',
  secrets: { required: ['terminalKey', 'password'] },

  verify(request, connection) {
    return readable(() => {
      const scalars = rootScalars(bodyText(request));
      const given = scalars.get('Token');
      if (given === undefined) return reject('no-signature');
      const expected = tbankToken(scalars, secretOf(connection, 'password'));
      if (!isSameDigest(digestOfHex(given) ?? Buffer.alloc(0), Buffer.from(expected, 'hex')))
        return reject('bad-signature');
      if (scalars.get('TerminalKey') !== secretOf(connection, 'terminalKey')) return reject('wrong-account');
      return genuine;
    });
  },

  parse(request: CallbackRequest): PaymentEvent {
    const text = bodyText(request);
    const body = JsonReader.parse(text);
    // PaymentId as it was written: a large number would lose digits on the way through a double.
    const scalars = rootScalars(text);
    const status = body.need('Status');
    const isDone = body.raw('Success') !== false;
    const effect =
      isDone && status === 'CONFIRMED' ? 'income' : isDone && returns.has(status) ? 'return' : 'none';
    return {
      kind: status,
      effect,
      paymentId: scalars.get('PaymentId') ?? body.need('PaymentId'),
      orderNo: body.text('OrderId'),
      // Whether Amount of a refund is this refund or what is left is stated nowhere: only a payment's is taken.
      ...(effect === 'income' && { amountMinor: minorOfCount(body.raw('Amount')) }),
      isTotal: true,
      currency: 'RUB',
      providerFiscalizes: status === 'RECEIPT',
      isTest: false,
    };
  },

  tellsRefundsInAll: true,
  ack: () => ack('OK', 'text/plain'),
  /** Values are signed in a row without marks between them, so one field's digits could pass for its neighbour's. */
  mustReread: (event) => event.effect !== 'none',
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'terminalKey', 'password'),
};
