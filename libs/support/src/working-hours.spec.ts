import { afterWorkingHours, isOpen } from './working-hours';

const at = (text: string): number => Date.parse(`${text}:00+03:00`);
const due = (text: string, hours = 4): string =>
  new Date(afterWorkingHours(at(text), hours) + 3 * 3_600_000).toISOString().slice(0, 16);

describe('working hours', () => {
  it('are weekdays from nine to nine', () => {
    expect(
      ['2026-11-27T08:59', '2026-11-27T09:00', '2026-11-27T20:59', '2026-11-27T21:00'].map((text) =>
        isOpen(at(text)),
      ),
    ).toEqual([false, true, true, false]);
    expect(isOpen(at('2026-11-28T12:00'))).toBe(false);
  });

  it.each([
    ['2026-11-27T10:00', '2026-11-27T14:00'],
    ['2026-11-27T17:00', '2026-11-27T21:00'],
    ['2026-11-27T20:00', '2026-11-30T12:00'],
    ['2026-11-28T15:00', '2026-11-30T13:00'],
    ['2026-11-26T23:30', '2026-11-27T13:00'],
    ['2026-11-27T03:00', '2026-11-27T13:00'],
  ])('a question of %s is answered by %s', (asked, answered) => {
    expect(due(asked)).toBe(answered);
  });

  it('count over several days', () => {
    expect(due('2026-11-26T10:00', 30)).toBe('2026-11-30T16:00');
  });
});
