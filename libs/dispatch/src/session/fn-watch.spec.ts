import type { FnLife, FnPhase, FnState, OfdQueueState } from '@kkt/kkt-driver';
import { defaultDispatchSettings as settings } from '../settings';
import { fnProblem } from './fn-watch';

const day = 86_400_000;
/** 12:00 in Moscow, the registers' clock. */
const now = Date.parse('2026-11-23T09:00:00Z');

const state = (more: Partial<FnState> = {}): FnState => ({
  fnNumber: '9999078900000001',
  phase: 3,
  openDocument: 0,
  shiftOpen: true,
  warnings: 0,
  lastFdNumber: 10,
  ...more,
});
const life = (more: Partial<FnLife> = {}): FnLife => ({
  validUntil: '2027-12-01',
  registrationsDone: 1,
  registrationsLeft: 11,
  ...more,
});
const queue = (unsent: number, firstAt?: string): OfdQueueState => ({
  unsent,
  firstFdNumber: 5,
  firstAt,
  messageWaiting: false,
  answerAwaited: false,
});

describe('An FN that may take no receipts', () => {
  it('has no problem when it is well', () => {
    expect(fnProblem({ state: state(), life: life(), queue: queue(0) }, now, settings)).toBeUndefined();
    expect(fnProblem({ state: state() }, now, settings)).toBeUndefined();
  });

  it.each<[FnPhase, string | undefined]>([
    [0, 'fn_not_registered'],
    [1, 'fn_not_registered'],
    [3, undefined],
    [7, 'fn_closed'],
    [15, 'fn_closed'],
  ])('in phase %i: %s', (phase, problem) => {
    expect(fnProblem({ state: state({ phase }) }, now, settings)).toBe(problem);
  });

  it('is in a critical state by its own warning, and not by a mild one', () => {
    expect(fnProblem({ state: state({ warnings: 0x80 }) }, now, settings)).toBe('fn_critical');
    expect(fnProblem({ state: state({ warnings: 0x0f }) }, now, settings)).toBeUndefined();
  });

  it('is full while room for reports and the closing is left', () => {
    const at = (documentsLeft: number) =>
      fnProblem({ state: state(), life: life({ documentsLeft }) }, now, settings);
    expect(at(settings.fnReserveDocuments + 1)).toBeUndefined();
    expect(at(settings.fnReserveDocuments)).toBe('fn_full');
    expect(at(0)).toBe('fn_full');
  });

  it('is expired an hour before the last day of its term ends, by the registers’ clock', () => {
    const at = (moment: string) =>
      fnProblem({ state: state(), life: life({ validUntil: '2026-11-23' }) }, Date.parse(moment), settings);
    expect(at('2026-11-23T19:59:59Z')).toBeUndefined();
    expect(at('2026-11-23T20:00:00Z')).toBe('fn_expired');
    expect(at('2026-11-25T00:00:00Z')).toBe('fn_expired');
  });

  it('is left a day before the operator’s silence blocks it', () => {
    const since = (ageMs: number) => new Date(now + 3 * 3_600_000 - ageMs).toISOString().slice(0, 19);
    const at = (ageMs: number) => fnProblem({ state: state(), queue: queue(3, since(ageMs)) }, now, settings);
    expect(at(28 * day)).toBeUndefined();
    expect(at(29 * day)).toBe('ofd_silent');
    expect(fnProblem({ state: state(), queue: queue(0, since(40 * day)) }, now, settings)).toBeUndefined();
  });
});
