import {
  checkCallbackUrl,
  deskCallbackPolicy,
  hashPassword,
  isPublicAddress,
  isSameSecret,
  isSignatureRight,
  isTokenShaped,
  Limiter,
  maskContact,
  needsRehash,
  newToken,
  signBody,
  publicCallbackPolicy,
  tokenHash,
  verifyPassword,
} from './index';

describe('passwords', () => {
  it('verifies only the right password, in argon2id with the agreed parameters', async () => {
    const encoded = await hashPassword('верный пароль');
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    expect(needsRehash(encoded)).toBe(false);
    expect(needsRehash('$argon2id$v=19$m=4096,t=1,p=1$c2FsdA$aGFzaA')).toBe(true);
    await expect(verifyPassword(encoded, 'верный пароль')).resolves.toBe(true);
    await expect(verifyPassword(encoded, 'неверный')).resolves.toBe(false);
    await expect(verifyPassword(undefined, 'верный пароль')).resolves.toBe(false);
    await expect(verifyPassword('not a hash', 'x')).resolves.toBe(false);
  });

  it('lets few runs go at once and refuses past its queue', async () => {
    const limiter = new Limiter(2, 1);
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => limiter.run(work)));
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(most).toBe(2);
    await expect(limiter.run(async () => 'free again')).resolves.toBe('free again');
  });
});

describe('tokens', () => {
  it('are 128 URL-safe characters, each time others, stored by SHA-256', () => {
    const token = newToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{128}$/);
    expect(encodeURIComponent(token)).toBe(token);
    expect(newToken()).not.toBe(token);
    expect(isTokenShaped(token)).toBe(true);
    expect(isTokenShaped(`${token}a`)).toBe(false);
    expect(tokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('compares secrets of any length', () => {
    expect(isSameSecret('one', 'one')).toBe(true);
    expect(isSameSecret('one', 'two')).toBe(false);
    expect(isSameSecret('one', 'one longer')).toBe(false);
  });

  it('signs raw bytes with a time and a key id', () => {
    const key = { id: 'k1', secret: 's3cret' };
    const header = signBody('{"a":1}', key, 1_700_000_000_000);
    const keys = [{ id: 'k0', secret: 'old' }, key];
    expect(isSignatureRight(header, '{"a":1}', keys, 1_700_000_100_000)).toBe(true);
    expect(isSignatureRight(header, '{"a":2}', keys, 1_700_000_100_000)).toBe(false);
    expect(isSignatureRight(header, '{"a":1}', keys, 1_700_000_400_000)).toBe(false);
    expect(isSignatureRight(header, '{"a":1}', [{ id: 'k1', secret: 'other' }], 1_700_000_100_000)).toBe(
      false,
    );
    expect(isSignatureRight('rubbish', '{"a":1}', keys, 1_700_000_100_000)).toBe(false);
  });
});

describe('contacts', () => {
  it('masks contacts', () => {
    expect(maskContact('ivan@mail.ru')).toBe('i***@mail.ru');
    expect(maskContact('+79261234567')).toBe('+7***67');
    expect(maskContact('12')).toBe('***');
  });
});

describe('addresses that may be called', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2a02:6b8::2:242'])('public %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.1',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '192.88.99.1',
    '240.0.0.1',
    '::7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b:1::a00:1',
    '100::1',
    '2001::1',
    '3fff::1',
    '5f00::1',
    'fec0::1',
    'fd00:ec2::254',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fe80::1',
    'ff02::1',
    'fe80::1%lo',
    'localhost',
    '',
  ])('not public %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    'https://shop.example.ru/cb',
    'http://shop.example.ru/cb',
    'https://shop.example.ru:443/cb?x=1',
    'https://8.8.8.8/cb',
    'https://магазин.рф/чек',
    'https://[2a02:6b8::2:242]/cb',
  ])('calls %s', (url) => {
    expect(checkCallbackUrl(url, publicCallbackPolicy).ok).toBe(true);
  });

  it.each([
    'http://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://017700000001/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://[::1%25lo]/',
    'https://localhost./',
    'https://localhost/',
    'https://foo.localhost/',
    'https://user@shop.example.ru/',
    'https://ok.example@127.0.0.1/',
    'https://shop.example.ru:22/',
    'https://shop.example.ru:25/',
    'https://shop.example.ru:5432/',
    'https://shop.example.ru:6379/',
    'gopher://shop.example.ru/',
    'file:///etc/passwd',
    'ftp://shop.example.ru/',
    '//shop.example.ru/',
    'shop.example.ru',
    '',
    'https://',
    'https://shop.example.ru/#a',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest',
    'https://metadata.google.internal/',
    'https://192.168.0.1:443/',
    'https://8.8.2056/',
    `https://shop.example.ru/${'a'.repeat(260)}`,
    'javascript:alert(1)',
    'https://printer.local/',
    'https://intranet/',
    'https:// /',
    'https://0/',
    'https://[fe80::1]/',
    'https://①②⑦.0.0.1/',
  ])('does not call %s', (url) => {
    expect(checkCallbackUrl(url, publicCallbackPolicy).ok).toBe(false);
  });

  it('opens by policy', () => {
    const desk = deskCallbackPolicy;
    expect(checkCallbackUrl('http://127.0.0.1:9999/cb', desk).ok).toBe(true);
    expect(checkCallbackUrl('http://user:p@127.0.0.1:9999/cb', desk).ok).toBe(false);
    expect(
      checkCallbackUrl('http://shop.example.ru:8080/', {
        ...publicCallbackPolicy,
        allowHttp: true,
        extraPorts: [8080],
      }).ok,
    ).toBe(true);
  });
});
