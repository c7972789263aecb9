import { forecastRevenue } from './forecast';

const daysOf = (count: number, kopOf: (index: number, weekday: number) => number) =>
  Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.UTC(2026, 8, 1) + index * 86_400_000);
    return { day: at.toISOString().slice(0, 10), kop: kopOf(index, at.getUTCDay()) };
  });

describe('forecastRevenue', () => {
  it('says nothing of a shop without two weeks of history', () => {
    expect(
      forecastRevenue(
        daysOf(13, () => 100_000),
        7,
      ),
    ).toEqual([]);
  });

  it('keeps the pattern of the week, and is sure of a shop that is always the same', () => {
    const week = [50_000, 100_000, 100_000, 100_000, 120_000, 200_000, 250_000];
    const found = forecastRevenue(
      daysOf(56, (_, weekday) => week[weekday] ?? 0),
      14,
    );
    expect(found).toHaveLength(14);
    expect(found[0]?.day).toBe('2026-10-27');
    for (const { day, kop, lowKop, highKop } of found) {
      const right = week[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 0;
      expect(Math.abs(kop / right - 1)).toBeLessThan(0.01);
      expect([lowKop, highKop]).toEqual([kop, kop]);
    }
  });

  it('holds about four days of five of an uneven shop within its band', () => {
    let seed = 7;
    const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const noisy = daysOf(120, () => Math.round(100_000 * (0.5 + chance())));
    let inside = 0;
    let all = 0;
    for (let start = 0; start + 56 + 7 <= noisy.length; start += 7) {
      const found = forecastRevenue(noisy.slice(start, start + 56), 7);
      for (const [index, { lowKop, highKop }] of found.entries()) {
        const { kop } = noisy[start + 56 + index] ?? { kop: 0 };
        all += 1;
        if (kop >= lowKop && kop <= highKop) inside += 1;
      }
    }
    expect(inside / all).toBeGreaterThan(0.65);
    expect(inside / all).toBeLessThan(0.95);
  });

  it('follows growth, but not for ever', () => {
    const found = forecastRevenue(
      daysOf(56, (index) => 100_000 * 1.01 ** index),
      14,
    );
    expect(found[13]?.kop ?? 0).toBeGreaterThan(found[0]?.kop ?? 0);
    expect(found[13]?.kop ?? 0).toBeLessThan(250_000);
  });
});
