import { verify as verifySignature, X509Certificate } from 'node:crypto';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { minorOfCount } from '../core/amounts';
import { FormReader } from '../wire/bodies';
import { digestOfHex, hmacSha256, isSameDigest } from '../wire/digests';
import { ack, formText, genuine, hasSecrets, readable, reject, secretOf } from './common';

const unsigned = new Set(['checksum', 'sign_alias']);

/** `name;value;` of everything that arrived but the checksum, names in ordinal order. */
export function sberMessage(form: FormReader): string {
  return [...form.fields.keys()]
    .filter((name) => !unsigned.has(name))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((name) => `${name};${form.fields.get(name) ?? ''};`)
    .join('');
}

const isRsaRight = (message: string, signature: Buffer, certificate: string): boolean =>
  verifySignature(
    'RSA-SHA512',
    Buffer.from(message, 'utf8'),
    new X509Certificate(certificate).publicKey,
    signature,
  );

/**
 * Sber and other banks on the same gateway. A notification without a checksum, the gateway's default, is refused.
 * `refunded` tells no reliable amount: the order is always asked. Source: the gateway's documentation of callbacks and
 * public checksum validators.
 */
export const sber: ProviderAdapter = {
  name: 'sber',
  secrets: { required: ['userName', 'password'], optional: ['callbackKey', 'callbackCertificate'] },

  verify(request, connection) {
    return readable(() => {
      const form = FormReader.parse(formText(request));
      const given = form.text('checksum');
      if (given === undefined) return reject('no-signature');
      const signature = digestOfHex(given) ?? Buffer.alloc(0);
      const message = sberMessage(form);
      const isRight =
        connection.settings.checksum === 'rsa'
          ? isRsaRight(message, signature, secretOf(connection, 'callbackCertificate'))
          : isSameDigest(signature, hmacSha256(secretOf(connection, 'callbackKey'), message));
      return isRight ? genuine : reject('bad-signature');
    });
  },

  parse(request: CallbackRequest): PaymentEvent {
    const form = FormReader.parse(formText(request));
    const operation = form.need('operation');
    const isDone = form.text('status') === '1';
    const effect =
      isDone && operation === 'deposited'
        ? 'income'
        : isDone && (operation === 'refunded' || operation === 'reversed')
          ? 'return'
          : 'none';
    const amount = form.text('amount');
    return {
      kind: operation,
      effect,
      paymentId: form.need('mdOrder'),
      orderNo: form.text('orderNumber'),
      ...(effect === 'income' && amount !== undefined && { amountMinor: minorOfCount(amount) }),
      isTotal: true,
      currency: 'RUB',
      providerFiscalizes: false,
      isTest: false,
    };
  },

  tellsRefundsInAll: true,
  ack: () => ack(),
  mustReread: (event) => event.effect !== 'none',
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'userName', 'password'),
};
