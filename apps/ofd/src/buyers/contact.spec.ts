import { contactHash, readContact } from './contact';

describe('a buyer’s contact', () => {
  it.each([
    [' Buyer@Example.COM ', { kind: 'email', text: 'buyer@example.com' }],
    ['+7 (916) 123-45-67', { kind: 'phone', text: '+79161234567' }],
    ['89161234567', { kind: 'phone', text: '+79161234567' }],
    ['79161234567', { kind: 'phone', text: '+79161234567' }],
  ])('%p is read', (given, contact) => {
    expect(readContact(given)).toEqual(contact);
  });

  it.each(['', 'nobody', '12345', 'a@b@c', 'a b@example.com', 'x@y\nBcc: z@y', '+7916123456789012'])(
    '%p is none',
    (given) => {
      expect(readContact(given)).toBeUndefined();
    },
  );

  it('is the same however a receipt writes it', () => {
    expect(contactHash('+7 916 123-45-67')).toEqual(contactHash('+79161234567'));
    expect(contactHash('Buyer@Example.com')).toEqual(contactHash('buyer@example.com'));
    expect(contactHash('+79161234567')).not.toEqual(contactHash('+79161234568'));
  });
});
