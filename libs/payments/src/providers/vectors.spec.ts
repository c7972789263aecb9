import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FarmError } from '@kkt/contracts';
import type { CallbackRequest, ConnectionFacts, Verdict } from '../core/types';
import { connectionOf, got, posted } from '../test/requests';
import { FormReader, rootScalars } from '../wire/bodies';
import { hmacSha256, sha256Hex } from '../wire/digests';
import { paypalMessage } from './paypal';
import { providers } from './index';
import { robokassaMessage } from './robokassa';
import { sberMessage } from './sber';
import { tbankToken } from './tbank';

const nowMs = 1_790_000_000_000;

const verdictOf = (connection: ConnectionFacts, request: CallbackRequest): Promise<Verdict> =>
  Promise.resolve(providers[connection.provider].verify(request, connection, { nowMs }));

const rejected = (reason: string) => expect.objectContaining({ genuine: false, reason }) as unknown;
const believed = { genuine: true, by: 'signature' };

/** The same bytes with one bit of one byte turned over. */
function* altered(body: string): Generator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 1) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    yield copy;
  }
}

async function expectEveryBitMatters(connection: ConnectionFacts, request: CallbackRequest): Promise<void> {
  expect(await verdictOf(connection, request)).toEqual(believed);
  const isGet = request.method === 'GET';
  let count = 0;
  for (const bytes of altered(isGet ? request.query : request.raw.toString())) {
    const changed = isGet ? { ...request, query: bytes.toString('latin1') } : { ...request, raw: bytes };
    const verdict = await verdictOf(connection, changed);
    if (verdict.genuine) {
      // The case of hexadecimal digits and the encoding of a character are no part of what is told.
      const told = (from: CallbackRequest) => providers[connection.provider].parse(from, connection);
      expect(told(changed)).toEqual(told(request));
    }
    count += 1;
  }
  expect(count).toBeGreaterThan(30);
}

describe('Stripe', () => {
  const connection = connectionOf('stripe', { endpointSecret: 'whsec_test_secret' });
  const body = '{"id":"evt_1SampleA","object":"event","type":"payment_intent.succeeded"}';
  const v1 = '2fa9c29e412c7e4ecb2c98ace1f95d2a79a2d2571bfeeffd85979f769b4f7166';
  const signed = posted(body, { 'stripe-signature': `t=1790000000,v1=${v1}` });

  it('takes the golden signature and no altered body', () => expectEveryBitMatters(connection, signed));

  it.each([
    ['among two while the secret is changed', `t=1790000000,v1=${'0'.repeat(64)},v1=${v1}`, believed],
    ['with spaces and v0', `t=1790000000, v0=abc, v1=${v1}`, believed],
    ['only as v0', `t=1790000000,v0=${v1}`, rejected('no-signature')],
    ['of another time', `t=1790000001,v1=${v1}`, rejected('bad-signature')],
    ['shortened', `t=1790000000,v1=${v1.slice(0, -2)}`, rejected('bad-signature')],
    ['not hexadecimal', `t=1790000000,v1=zz`, rejected('bad-signature')],
    ['without a time', `v1=${v1}`, rejected('no-signature')],
    ['absent', '', rejected('no-signature')],
  ])('signature %s', async (_what, header, verdict) => {
    expect(await verdictOf(connection, posted(body, { 'stripe-signature': header }))).toEqual(verdict);
  });

  it.each([
    [299, believed],
    [-299, believed],
    [301, rejected('stale')],
    [-301, rejected('stale')],
  ])('played again after %d s', async (shiftS, verdict) => {
    const now = nowMs + shiftS * 1000;
    expect(providers.stripe.verify(signed, connection, { nowMs: now })).toEqual(verdict);
  });
});

describe('CloudPayments', () => {
  const connection = connectionOf('cloudpayments', { apiSecret: 'cp_api_secret' });
  const body =
    'TransactionId=504&Amount=1990.00&Currency=RUB&InvoiceId=A-1001&Status=Completed&OperationType=Payment';
  const hmac = 'UQdHBpaXB6gQD+zjIRvYLh2l8/11/tsbEZlR4lxVaJs=';

  it('takes the golden HMAC and no altered body', () =>
    expectEveryBitMatters(connection, posted(body, { 'content-hmac': hmac })));

  it('takes X-Content-HMAC only over the decoded text', async () => {
    const encoded = 'TransactionId=504&Amount=1990.00&Email=a%40b.ru';
    const over = (text: string) => hmacSha256('cp_api_secret', text).toString('base64');
    const sent = (value: string) => verdictOf(connection, posted(encoded, { 'x-content-hmac': value }));
    expect(await sent(over('TransactionId=504&Amount=1990.00&Email=a@b.ru'))).toEqual(believed);
    expect(await sent(over(encoded))).toEqual(rejected('bad-signature'));
  });

  it('does not fall back to the second header when the first is wrong', async () => {
    const headers = { 'content-hmac': hmac.replace('U', 'V'), 'x-content-hmac': hmac };
    expect(await verdictOf(connection, posted(body, headers))).toEqual(rejected('bad-signature'));
  });

  it('checks the query of a GET', async () => {
    const request = { ...got(body), headers: { 'content-hmac': hmac } };
    expect(await verdictOf(connection, request)).toEqual(believed);
    expect(await verdictOf(connection, { ...request, query: `${body}&x=1` })).toEqual(
      rejected('bad-signature'),
    );
  });

  it('refuses without a header', async () => {
    expect(await verdictOf(connection, posted(body))).toEqual(rejected('no-signature'));
  });

  it.each([
    ['a payment at the address of refunds', body, 'refund'],
    ['a refund at the address of payments', `${body}&PaymentTransactionId=1`, 'pay'],
    ['a check', body, 'check'],
    ['a hold', body.replace('Completed', 'Authorized'), 'pay'],
    ['a failure', body.replace('Completed', 'Declined'), 'fail'],
  ])('moves no money by %s', (_what, text, kind) => {
    expect(providers.cloudpayments.parse({ ...posted(text), kind }, connection).effect).toBe('none');
  });
});

describe('Robokassa', () => {
  const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
  const plain = 'OutSum=1990.00&InvId=1001';

  it.each([
    ['md5', '1990.00:1001:pass2', 'ca5601a6ff8bf75d231c6cd1f545859e', plain],
    [
      'sha256',
      '1990.00:1001:pass2',
      '7867115894c81fb1a45012c0d3377a25c1e9a7d9d24a20f1e228e1dd9da0feb4',
      plain,
    ],
    [
      'md5',
      '1990.00:1001:pass2:Shp_item=77',
      'f924319b223da23d279e40ec0937c16a',
      `${plain}&Fee=69.65&Shp_item=77`,
    ],
    [
      'md5',
      '1990.00:1001:pass2:Shp_item=77:Shp_mail=a@b.ru',
      '0a4175a80191cc9c747de6f82f60bb3d',
      `Shp_mail=a%40b.ru&${plain}&Shp_item=77`,
    ],
  ] as const)('%s of %s', async (hash, message, expected, form) => {
    expect(digest(hash, message)).toBe(expected);
    expect(robokassaMessage(FormReader.parse(form), 'pass2')).toBe(message);
    const connection = connectionOf('robokassa', { merchantLogin: 'm', password2: 'pass2' }, { hash });
    for (const value of [expected, expected.toUpperCase()]) {
      expect(await verdictOf(connection, posted(`${form}&SignatureValue=${value}`))).toEqual(believed);
      expect(await verdictOf(connection, got(`${form}&SignatureValue=${value}`))).toEqual(believed);
    }
    const forged = [
      form.replace('1990.00', '1990.01'),
      form.replace('1001', '1002'),
      `${form}&Shp_more=1`,
      `${form}&OutSum=1.00`,
    ];
    for (const text of forged)
      expect((await verdictOf(connection, posted(`${text}&SignatureValue=${expected}`))).genuine).toBe(false);
  });

  it('takes OutSum verbatim and answers OK with the number', () => {
    const connection = connectionOf('robokassa', { merchantLogin: 'm', password2: 'p' });
    const signature = digest('sha256', '1990.000000:1001:p');
    const request = posted(`OutSum=1990.000000&InvId=1001&SignatureValue=${signature}`);
    expect(providers.robokassa.verify(request, connection, { nowMs })).toEqual(believed);
    const event = providers.robokassa.parse(request, connection);
    expect(event).toMatchObject({ effect: 'income', amountMinor: 199_000, paymentId: '1001' });
    expect(providers.robokassa.ack(event).body).toBe('OK1001');
  });
});

describe('Sber', () => {
  const connection = connectionOf('sber', { userName: 'u', password: 'p', callbackKey: 'sber_callback_key' });
  const message =
    'amount;199000;mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;operation;deposited;orderNumber;A-1001;status;1;';
  const checksum = 'A21339633E998319A9E5049A55ECE76F3D14BE928DDDFEC83B47DABBD784A1EF';
  const query =
    'amount=199000&mdOrder=3ff6962a-7dcc-4283-ab50-a6d7dd3386fe&operation=deposited&orderNumber=A-1001&status=1';

  it('takes the golden checksum and no altered query', async () => {
    expect(hmacSha256('sber_callback_key', message).toString('hex').toUpperCase()).toBe(checksum);
    expect(sberMessage(FormReader.parse(`${query}&checksum=x&sign_alias=y`))).toBe(message);
    await expectEveryBitMatters(connection, got(`${query}&checksum=${checksum}`));
    expect(await verdictOf(connection, posted(`${query}&checksum=${checksum}`))).toEqual(believed);
  });

  it.each([
    ['no checksum', query, 'no-signature'],
    ['a field more', `${query}&x=1&checksum=${checksum}`, 'bad-signature'],
    ['a field twice', `${query}&amount=1&checksum=${checksum}`, 'unreadable'],
    ['a shorter checksum', `${query}&checksum=${checksum.slice(2)}`, 'bad-signature'],
  ])('refuses %s', async (_what, text, reason) => {
    expect(await verdictOf(connection, got(text))).toEqual(rejected(reason));
  });
});

describe('T-Bank', () => {
  const connection = connectionOf('tbank', { terminalKey: 'DEMO1', password: 'tb_password' });
  const body =
    '{"TerminalKey":"DEMO1","OrderId":"A-1001","Success":true,"Status":"CONFIRMED","PaymentId":8742591,"ErrorCode":"0",\n' +
    ' "Amount":199000,"CardId":322264,"Pan":"430000******0777","ExpDate":"1127","Data":{"order_number":"A-1001"},\n' +
    ' "Token":"ce5d11c851afcb7091e57b08e45653e308cf3b451628861aa57383368446b057"}';

  it('takes the golden token', async () => {
    expect(await verdictOf(connection, posted(body))).toEqual(believed);
    const event = providers.tbank.parse(posted(body), connection);
    expect(event).toMatchObject({
      effect: 'income',
      paymentId: '8742591',
      orderNo: 'A-1001',
      amountMinor: 199_000,
    });
    expect(providers.tbank.ack(event)).toEqual({ status: 200, contentType: 'text/plain', body: 'OK' });
  });

  it('agrees with both published examples', () => {
    const init = '19200Подарочная карта на 1000 рублей21090usaf8fw8fsw21gMerchantTerminalKey';
    expect(sha256Hex(init)).toBe('0024a00af7c350a3a67ca168ce06502aa72772456662e38696d48b56ee9c97d9');
    const fields = {
      Amount: '19200',
      Description: 'Подарочная карта на 1000 рублей',
      OrderId: '21090',
      TerminalKey: 'MerchantTerminalKey',
    };
    expect(tbankToken(new Map(Object.entries(fields)), 'usaf8fw8fsw21g')).toBe(sha256Hex(init));
    const notification =
      '985532226401122201709430000******0777Dfsfh56dgKl8742591101709AUTHORIZEDtrue1321054611234DEMO';
    expect(sha256Hex(notification)).toBe('b906d28e76c6428e37b25fcf86c0adc52c63d503013fdd632e300593d165766b');
  });

  it.each([
    ['amount', body.replace('199000', '199001'), 'bad-signature'],
    ['status', body.replace('CONFIRMED', 'REFUNDED'), 'bad-signature'],
    ['payment', body.replace('8742591', '8742592'), 'bad-signature'],
    ['a field more', body.replace('"Success"', '"X":1,"Success"'), 'bad-signature'],
    ['a field twice', body.replace('"Success"', '"Amount":1,"Success"'), 'unreadable'],
    ['no token', body.replace('"Token"', '"token"'), 'no-signature'],
    ['not JSON', 'OK', 'unreadable'],
  ])('refuses an altered callback: %s', async (_what, text, reason) => {
    expect(await verdictOf(connection, posted(text))).toEqual(rejected(reason));
  });

  it('takes nothing from what is not signed', () => {
    const changed = body.replace('"order_number":"A-1001"', '"order_number":"B-2"');
    expect(providers.tbank.parse(posted(changed), connection).orderNo).toBe('A-1001');
  });

  it('refuses the token of another terminal with the same password', async () => {
    const other = connectionOf('tbank', { terminalKey: 'OTHER', password: 'tb_password' });
    expect(await verdictOf(other, posted(body))).toEqual(rejected('wrong-account'));
  });

  it('keeps digits as they were written', () => {
    expect(
      rootScalars('{"a":9007199254740993,"b":1.50,"c":true,"d":null,"e":[{"f":"}"}],"g":"x\\"y"}'),
    ).toEqual(
      new Map([
        ['a', '9007199254740993'],
        ['b', '1.50'],
        ['c', 'true'],
        ['g', 'x"y'],
      ]),
    );
  });
});

describe('PayPal', () => {
  const connection = connectionOf('paypal', {
    clientId: 'c',
    clientSecret: 's',
    webhookId: '1JE4291016473214C',
  });
  const body = '{"id":"WH-TEST-1","event_type":"PAYMENT.CAPTURE.COMPLETED"}';
  const transmission = '69cd13f0-d67a-11e5-baa3-778b53f4ae55';
  const time = '2026-11-01T10:00:00Z';
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const at = Date.parse(time) + 60_000;

  const signedHeaders = (raw: string, changes: Record<string, string> = {}): Record<string, string> => {
    const message = paypalMessage(transmission, time, '1JE4291016473214C', Buffer.from(raw));
    return {
      'paypal-transmission-id': transmission,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': sign('RSA-SHA256', Buffer.from(message), privateKey).toString('base64'),
      'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1',
      'paypal-auth-algo': 'SHA256withRSA',
      ...changes,
    };
  };
  const check = (request: CallbackRequest, now = at, certificate?: () => Promise<X509Certificate>) =>
    providers.paypal.verify(request, connection, {
      nowMs: now,
      certificate: certificate ?? (() => Promise.resolve({ publicKey } as X509Certificate)),
    });

  it('makes the golden message', () => {
    expect(crc32(body)).toBe(2_077_941_293);
    expect(paypalMessage(transmission, time, '1JE4291016473214C', Buffer.from(body))).toBe(
      '69cd13f0-d67a-11e5-baa3-778b53f4ae55|2026-11-01T10:00:00Z|1JE4291016473214C|2077941293',
    );
  });

  it('believes the signature, and no altered body', async () => {
    expect(await check(posted(body, signedHeaders(body)))).toEqual(believed);
    for (const raw of altered(body))
      expect(await check({ ...posted('', signedHeaders(body)), raw })).toEqual(rejected('bad-signature'));
  });

  it.each([
    ['no signature', { 'paypal-transmission-sig': '' }, 'no-signature'],
    ['another algorithm', { 'paypal-auth-algo': 'SHA1withRSA' }, 'bad-signature'],
    ['another transmission', { 'paypal-transmission-id': 'x' }, 'bad-signature'],
    ['another time', { 'paypal-transmission-time': '2026-11-01T10:00:01Z' }, 'bad-signature'],
    ['a time that is none', { 'paypal-transmission-time': 'yesterday' }, 'stale'],
  ])('refuses %s', async (_what, changes, reason) => {
    expect(await check(posted(body, signedHeaders(body, changes)))).toEqual(rejected(reason));
  });

  it('refuses what is older than its repeats, or of the future', async () => {
    expect(await check(posted(body, signedHeaders(body)), at + 4 * 86_400_000)).toEqual(rejected('stale'));
    expect(await check(posted(body, signedHeaders(body)), at - 600_000)).toEqual(rejected('stale'));
  });

  it('refuses a certificate of strangers, and decides nothing when none can be fetched', async () => {
    const request = posted(body, signedHeaders(body));
    const foreign = () => Promise.reject(new FarmError('CLIENT-CERTIFICATE', 'Not PayPal’s'));
    expect(await check(request, at, foreign)).toEqual(rejected('bad-certificate'));
    const away = () => Promise.reject(new FarmError('WIRE-PROVIDER', 'No answer'));
    await expect(check(request, at, away)).rejects.toThrow('WIRE-PROVIDER');
  });

  it('always asks PayPal, since CRC-32 can be steered', () => {
    const event = providers.paypal.parse(
      posted(
        '{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"C1","amount":{"value":"49.90","currency_code":"EUR"}}}',
      ),
      connection,
    );
    expect(event).toMatchObject({ effect: 'income', amountMinor: 4990, currency: 'EUR', paymentId: 'C1' });
    expect(providers.paypal.mustReread(event, connection)).toBe(true);
  });
});

describe('providers whose callbacks prove nothing', () => {
  const yookassa = connectionOf('yookassa', { shopId: '100500', secretKey: 'k' });
  const body =
    '{"type":"notification","event":"payment.succeeded","object":{"id":"2f1c7f0a","amount":{"value":"1990.00","currency":"RUB"}}}';

  it.each([
    ['185.71.76.1', true],
    ['185.71.76.31', true],
    ['185.71.76.32', false],
    ['::ffff:77.75.156.11', true],
    ['77.75.156.12', false],
    ['2a02:5180::1', true],
    ['2a02:5181::1', false],
    ['127.0.0.1', false],
    ['', false],
  ])('YooKassa from %s: %s', async (address, isTaken) => {
    const verdict = await verdictOf(yookassa, { ...posted(body), address });
    expect(verdict).toEqual(isTaken ? { genuine: true, by: 'unproven' } : rejected('wrong-address'));
  });

  it('asks YooKassa and PayPal about every movement of money', () => {
    const event = providers.yookassa.parse(posted(body), yookassa);
    expect(event).toMatchObject({ effect: 'income', amountMinor: 199_000 });
    expect(providers.yookassa.mustReread(event, yookassa)).toBe(true);
  });

  it('sends an IPN of another receiver away, and reads its charset', async () => {
    const ipn = connectionOf('paypal-ipn', { receiverId: 'S8XGHLYDW9T3S' });
    const form =
      'mc_gross=-49.90&mc_currency=EUR&payment_status=Refunded&txn_id=R1&parent_txn_id=P1&receiver_id=S8XGHLYDW9T3S&item_name1=caf%E9&charset=windows-1252';
    expect(await verdictOf(ipn, posted(form))).toEqual({ genuine: true, by: 'unproven' });
    expect(await verdictOf(ipn, posted(form.replace('S8X', 'S9X')))).toEqual(rejected('wrong-account'));
    const event = providers['paypal-ipn'].parse(posted(form), ipn);
    expect(event).toMatchObject({ effect: 'return', paymentId: 'P1', refundId: 'R1', amountMinor: 4990 });
    expect(providers['paypal-ipn'].mustReread(event, ipn)).toBe(true);
  });
});
