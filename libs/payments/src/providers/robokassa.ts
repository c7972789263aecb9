import { createHash } from 'node:crypto';
import { minorOfText } from '../core/amounts';
import type { CallbackRequest, ConnectionFacts, PaymentEvent, ProviderAdapter } from '../core/types';
import { FormReader } from '../wire/bodies';
import { digestOfHex, isSameDigest } from '../wire/digests';
import { ack, formText, genuine, hasSecrets, readable, reject, secretOf } from './common';

/** Ordinal order of names, as the provider sorts them. */
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `OutSum:InvId:Password[:Shp_a=v…]`: values verbatim, `Shp_*` by name. */
export function robokassaMessage(form: FormReader, password: string): string {
  const own = [...form.fields.keys()].filter((name) => /^shp_/i.test(name)).sort(byName);
  return [
    form.fields.get('OutSum') ?? '',
    form.fields.get('InvId') ?? '',
    password,
    ...own.map((name) => `${name}=${form.fields.get(name) ?? ''}`),
  ].join(':');
}

/**
 * Robokassa, ResultURL. Refunds have no callback and are found by asking. Source: docs.robokassa.ru,
 * notifications and redirects.
 */
export const robokassa: ProviderAdapter = {
  name: 'robokassa',
  secrets: { required: ['merchantLogin', 'password2'] },

  verify(request, connection) {
    return readable(() => {
      const form = FormReader.parse(formText(request));
      const given = form.text('SignatureValue');
      if (given === undefined) return reject('no-signature');
      const message = robokassaMessage(form, secretOf(connection, 'password2'));
      const expected = createHash(connection.settings.hash ?? 'sha256')
        .update(message, 'utf8')
        .digest();
      return isSameDigest(digestOfHex(given) ?? Buffer.alloc(0), expected)
        ? genuine
        : reject('bad-signature');
    });
  },

  parse(request: CallbackRequest): PaymentEvent {
    const form = FormReader.parse(formText(request));
    const paymentId = form.need('InvId');
    return {
      kind: 'ResultURL',
      effect: 'income',
      paymentId,
      orderNo: form.text('Shp_order') ?? form.text('shp_order') ?? paymentId,
      amountMinor: minorOfText(form.need('OutSum'), 'RUB'),
      isTotal: true,
      currency: 'RUB',
      providerFiscalizes: false,
      isTest: form.text('IsTest') === '1',
    };
  },

  tellsRefundsInAll: true,
  ack: (event) => ack(`OK${event.paymentId}`),
  mustReread: () => false,
  canReread: (connection: ConnectionFacts) => hasSecrets(connection, 'merchantLogin', 'password2'),
};
