import type { FiscalProof, ReceiptContent } from '@kkt/contracts';
import type { DocumentComparer } from '../ports';
import { decideOutcome } from './outcome';

const content = { totalKop: 100 } as ReceiptContent;
const proof = (fdNumber: number, form = 3): FiscalProof => ({
  fnNumber: 'fn-1',
  fdNumber,
  form,
  fiscalSign: 1,
  at: '2026-11-23T10:00:00',
  tlvHex: '',
});
const agrees: DocumentComparer = { same: () => true, difference: () => [] };
const differs: DocumentComparer = { same: () => false, difference: () => ['1020: 100 ≠ 200'] };

describe('decideOutcome', () => {
  const intent = { kind: 'receipt' as const, fnNumber: 'fn-1', fdBefore: 7, content };

  it.each([
    ['the counter did not move', { fnNumber: 'fn-1', lastFdNumber: 7 }, agrees, 'absent'],
    [
      'one more document, and it is ours',
      { fnNumber: 'fn-1', lastFdNumber: 8, next: proof(8) },
      agrees,
      'made',
    ],
    [
      'one more document, but another receipt',
      { fnNumber: 'fn-1', lastFdNumber: 8, next: proof(8) },
      differs,
      'strange',
    ],
    [
      'one more document of another form',
      { fnNumber: 'fn-1', lastFdNumber: 8, next: proof(8, 2) },
      agrees,
      'strange',
    ],
    ['one more document that cannot be read', { fnNumber: 'fn-1', lastFdNumber: 8 }, agrees, 'strange'],
    ['two more documents', { fnNumber: 'fn-1', lastFdNumber: 9, next: proof(9) }, agrees, 'strange'],
    ['the counter went back', { fnNumber: 'fn-1', lastFdNumber: 6 }, agrees, 'strange'],
    ['another FN', { fnNumber: 'fn-2', lastFdNumber: 7 }, agrees, 'strange'],
  ])('%s', (_name, seen, compare, expected) => {
    expect(decideOutcome(intent, seen, compare).is).toBe(expected);
  });

  it('names what differs', () => {
    const outcome = decideOutcome(intent, { fnNumber: 'fn-1', lastFdNumber: 8, next: proof(8) }, differs);
    expect(outcome).toMatchObject({ is: 'strange', why: expect.stringContaining('1020: 100 ≠ 200') });
  });

  it.each([
    ['open_shift', 2],
    ['close_shift', 5],
    ['registration', 1],
    ['registration', 11],
    ['settlement', 21],
    ['close_fn', 6],
  ] as const)('accepts form of %s: %i', (kind, form) => {
    const report = { kind, fnNumber: 'fn-1', fdBefore: 7, content: null };
    expect(
      decideOutcome(report, { fnNumber: 'fn-1', lastFdNumber: 8, next: proof(8, form) }, differs).is,
    ).toBe('made');
  });
});
