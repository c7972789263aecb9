import { addDays, daysBetween } from '../calendar/working-days';
import { dueWarning, nextContact, warningThresholds } from './renewal';

/** Every day from the first to the end, what is told. */
function yearOfWarnings(first: string, endOn: (day: string) => string, days = 400) {
  const told: number[] = [];
  const sent: { day: string; threshold: number; left: number }[] = [];
  for (let n = 0; n < days; n += 1) {
    const day = addDays(first, n);
    const left = daysBetween(day, endOn(day));
    if (left < 0) break;
    const due = dueWarning(left, told);
    if (!due) continue;
    told.push(due.threshold, ...due.passed);
    sent.push({ day, threshold: due.threshold, left });
  }
  return sent;
}

describe('warnings before the end of an FN', () => {
  it('come at 60, 30, 14, 7, 3 and 1 days, each once, in a year of daily looks', () => {
    const sent = yearOfWarnings('2026-01-01', () => '2026-12-31');
    expect(sent.map(({ left }) => left)).toEqual([...warningThresholds]);
  });

  it('are not repeated when the forecast swings around a threshold', () => {
    const sent = yearOfWarnings('2026-01-01', (day) =>
      addDays('2026-12-31', Number(day.slice(-2)) % 2 === 0 ? 4 : -3),
    );
    const thresholds = sent.map(({ threshold }) => threshold);
    expect(new Set(thresholds).size).toBe(thresholds.length);
    expect([...thresholds].sort((a, b) => b - a)).toEqual(thresholds);
  });

  it('make one of those that were passed unseen', () => {
    expect(dueWarning(5, [])).toEqual({ threshold: 7, passed: [60, 30, 14] });
    expect(dueWarning(5, [60, 30, 14, 7])).toBeUndefined();
    expect(dueWarning(61, [])).toBeUndefined();
  });

  it('ask the silent client sooner as the end comes nearer', () => {
    expect(nextContact('2026-11-01', '2026-12-31')).toBe('2026-11-11');
    expect(nextContact('2026-12-25', '2026-12-31')).toBe('2026-12-27');
    expect(nextContact('2026-12-30', '2026-12-31')).toBe('2026-12-31');
  });
});
