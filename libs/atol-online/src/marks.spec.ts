import { encodeTlv, TAG } from '@kkt/ffd';
import type { ReceiptReport } from '@kkt/storage';
import { marksOf } from './index';

const code = '010460043993125621JgXJ5.T\u001d8005112000\u001d930001';

const item = (name: string, result?: number) => ({
  tag: TAG.item,
  value: [
    { tag: TAG.itemName, value: name },
    ...(result === undefined ? [] : [{ tag: TAG.goodsCheckResult, value: result }]),
  ],
});

const report = (tlv: Buffer | undefined, api: 'v4' | 'v5' = 'v5'): ReceiptReport =>
  ({
    api,
    content: {
      form: 'receipt',
      items: [{}, { mark: { kind: 'gs1m', code } }, { mark: { kind: 'ean13', code: '4600439931256' } }],
    },
    proof: { tlv },
  }) as unknown as ReceiptReport;

describe('checked marks', () => {
  const tlv = encodeTlv([item('plain'), item('marked', 15), item('coded')]);

  it('are read from the document, by position, the code as it was sent', () => {
    expect(marksOf(report(tlv))).toEqual([
      { position: 1, mark_code: Buffer.from(code, 'latin1').toString('base64'), result: 15 },
    ]);
  });

  it('are left out when there is nothing to tell', () => {
    expect(marksOf(report(encodeTlv([item('plain'), item('marked'), item('coded')])))).toBeUndefined();
    expect(marksOf(report(undefined))).toBeUndefined();
    expect(marksOf(report(tlv, 'v4'))).toBeUndefined();
  });
});
