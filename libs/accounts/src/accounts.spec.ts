import {
  checkPassword,
  newRecoveryCodes,
  newTotpSecret,
  normalEmail,
  normalLogin,
  normalPhone,
  normalRecoveryCode,
  totpCode,
  totpStep,
  totpUri,
} from './index';

describe('checkPassword', () => {
  const about = ['anna.petrova@romashka.ru', '+79123456789', 'Петрова', 'ООО «Ромашка»'];
  it.each([
    ['Qx7f!', 'не короче 8'],
    ['x'.repeat(257), 'не длиннее 256'],
    ['password123', 'слишком часто'],
    ['QwertyUiop', 'слишком часто'],
    ['11112222', 'слишком часто'],
    ['абабабабаб', 'мало разных'],
    ['Петрова-77', 'состоять'],
    ['romashka.ru1', 'состоять'],
    ['+79123456789', 'состоять'],
    ['касса2026', 'состоять'],
  ])('refuses %s', (password, why) => {
    expect(() => checkPassword(password, about)).toThrow(why);
  });

  it.each([
    'коза на крыше поёт романсы',
    'mv7#Kp2w-Tz',
    '   четыре слова подряд   ',
    'моя касса работает день и ночь',
  ])('takes %s', (password) => {
    expect(() => checkPassword(password, about)).not.toThrow();
  });
});

describe('contacts', () => {
  it.each([
    ['8 (912) 345-67-89', '+79123456789'],
    ['+7 912 345 67 89', '+79123456789'],
    ['9123456789', '+79123456789'],
    ['+375 29 123-45-67', '+375291234567'],
  ])('reads the phone %s', (typed, phone) => expect(normalPhone(typed)).toBe(phone));

  it.each(['12345', '+7912345678', 'звоните', '+7 912 345 67 89; DROP'])('refuses the phone %s', (typed) =>
    expect(() => normalPhone(typed)).toThrow('Телефон'),
  );

  it('reads e-mails and refuses what is none', () => {
    expect(normalEmail(' Anna@Shop.RU ')).toBe('anna@shop.ru');
    for (const wrong of ['anna', 'anna@shop', 'a b@shop.ru', 'a@b.ru,c@d.ru', 'a@b.ru\r\nBcc: x@y.ru'])
      expect(() => normalEmail(wrong)).toThrow('почты');
  });

  it('leads phone and e-mail to one form of login', () => {
    expect(normalLogin('8 912 345-67-89')).toBe('+79123456789');
    expect(normalLogin('Anna@shop.ru')).toBe('anna@shop.ru');
    expect(normalLogin('demo')).toBe('demo');
  });
});

describe('one-time codes', () => {
  const nowMs = Date.UTC(2026, 10, 27, 9, 0, 10);

  it('takes a code once, with one step of tolerance', () => {
    const secret = newTotpSecret();
    const step = totpStep(secret, totpCode(secret, nowMs), nowMs, 0);
    expect(step).toBe(Math.floor(nowMs / 30_000));
    expect(totpStep(secret, totpCode(secret, nowMs), nowMs, step ?? 0)).toBeUndefined();
    expect(totpStep(secret, totpCode(secret, nowMs - 30_000), nowMs, 0)).toBe((step ?? 0) - 1);
    expect(totpStep(secret, totpCode(secret, nowMs - 90_000), nowMs, 0)).toBeUndefined();
    expect(totpStep(secret, '12345', nowMs, 0)).toBeUndefined();
    expect(totpUri(secret, 'anna@shop.ru')).toMatch(/^otpauth:\/\/totp\/KKT%20Farm:anna%40shop\.ru\?/);
  });

  it('agrees with RFC 6238, appendix B', () => {
    // The seed of the RFC is the text 12345678901234567890; its codes have eight digits, ours the last six of them.
    const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(totpCode(seed, 59_000)).toBe('287082');
    expect(totpCode(seed, 1_111_111_109_000)).toBe('081804');
    expect(totpCode(seed, 20_000_000_000_000)).toBe('353130');
  });

  it('makes recovery codes that people can type', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
    expect(normalRecoveryCode(' abcd-efgh jklm-npqr')).toBe('ABCDEFGHJKLMNPQR');
  });
});
