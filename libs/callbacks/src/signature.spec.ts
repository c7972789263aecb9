import {
  clientCallbackSecret,
  isCallbackGenuine,
  secretsInUse,
  showCallbackSecret,
  signCallback,
} from './signature';

/** The example published with the Standard Webhooks specification and its libraries. */
const published = {
  secret: Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'),
  message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', nowMs: 1_614_265_330_000 },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('the signature of a callback', () => {
  it('is that of Standard Webhooks', () => {
    expect(signCallback(published.message, [published.secret])).toEqual({
      'webhook-id': published.message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': published.signature,
    });
  });

  it('is left out without a secret', () => {
    expect(signCallback(published.message, [])).not.toHaveProperty('webhook-signature');
  });

  const secret = clientCallbackSecret(Buffer.alloc(32, 7), 'client-a');
  const message = { id: 'receipt_1', body: '{"uuid":"1"}', nowMs: 1_800_000_000_000 };
  const headers = { ...signCallback(message, [secret]) };
  const check = (
    changed: { headers?: object; body?: string; secret?: Buffer; nowMs?: number } = {},
  ): boolean =>
    isCallbackGenuine(
      { ...headers, ...changed.headers },
      changed.body ?? message.body,
      changed.secret ?? secret,
      changed.nowMs ?? message.nowMs,
    );

  it('is accepted whole and refused with anything changed', () => {
    expect(check()).toBe(true);
    expect(check({ body: '{"uuid":"2"}' })).toBe(false);
    expect(check({ headers: { 'webhook-id': 'receipt_2' } })).toBe(false);
    expect(check({ headers: { 'webhook-timestamp': '1800000001' } })).toBe(false);
    expect(check({ headers: { 'webhook-timestamp': 'NaN' } })).toBe(false);
    expect(check({ headers: { 'webhook-signature': undefined } })).toBe(false);
    expect(check({ headers: { 'webhook-signature': 'v1,' } })).toBe(false);
    expect(check({ secret: clientCallbackSecret(Buffer.alloc(32, 7), 'client-b') })).toBe(false);
    expect(check({ nowMs: message.nowMs + 301_000 })).toBe(false);
    expect(check({ nowMs: message.nowMs - 301_000 })).toBe(false);
  });

  it('may stand beside another while the secret is changed', () => {
    const old = signCallback(message, [Buffer.alloc(32, 1)])['webhook-signature'] ?? '';
    expect(check({ headers: { 'webhook-signature': `${old} ${headers['webhook-signature'] ?? ''}` } })).toBe(
      true,
    );
  });

  it('is made by two secrets while one follows the other, and by one afterwards', () => {
    const key = Buffer.alloc(32, 7);
    const [now, before, none] = secretsInUse(key, 'client-a', { current: 2, previousUntil: new Date() });
    expect(before).toEqual(secret);
    expect(now).not.toEqual(secret);
    expect(none).toBeUndefined();
    const both = signCallback(message, [now!, before!]);
    for (const one of [now!, before!])
      expect(isCallbackGenuine({ ...both }, message.body, one, message.nowMs)).toBe(true);
    expect(secretsInUse(key, 'client-a', { current: 2, previousUntil: null })).toEqual([now]);
    expect(secretsInUse(key, 'client-a', { current: 1, previousUntil: new Date() })).toEqual([secret]);
  });

  it('differs per client and is shown in the usual form', () => {
    expect(clientCallbackSecret(Buffer.alloc(32, 7), 'client-a')).toEqual(secret);
    expect(clientCallbackSecret(Buffer.alloc(32, 8), 'client-a')).not.toEqual(secret);
    expect(showCallbackSecret(secret)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
