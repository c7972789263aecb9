import fc from 'fast-check';
import { readReceiptCode, receiptCode, receiptLink } from './receipt-link';

const key = Buffer.alloc(32, 7);
const documents = fc.record({
  fnNumber: fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }).map((n) => n.toString().padStart(16, '0')),
  fdNumber: fc.integer({ min: 0, max: 0xffffff }),
});

describe('a buyer’s link', () => {
  it('names one document in 24 characters', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const code = receiptCode(key, document);
        expect(code).toMatch(/^[\w-]{24}$/);
        expect(readReceiptCode(key, code)).toEqual(document);
      }),
    );
  });

  it('cannot be changed or made by somebody else', () => {
    const code = receiptCode(key, { fnNumber: '9999078900005488', fdNumber: 35 });
    for (let at = 0; at < code.length; at++) {
      const other = code[at] === 'A' ? 'B' : 'A';
      expect(readReceiptCode(key, code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined();
    }
    expect(readReceiptCode(Buffer.alloc(32, 8), code)).toBeUndefined();
    for (const text of ['', 'x', `${code}A`, `${code.slice(1)}=`])
      expect(readReceiptCode(key, text)).toBeUndefined();
  });

  it('stands behind the public address', () => {
    expect(receiptLink('https://kkt.example/', key, { fnNumber: '1', fdNumber: 1 })).toMatch(
      /^https:\/\/kkt\.example\/r\/[\w-]{24}$/,
    );
  });
});
