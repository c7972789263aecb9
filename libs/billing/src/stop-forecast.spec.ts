import { stopForecast } from './index';

const rental = (registerId: number, lastDay: string, renewsItself = true) => ({
  registerId,
  lastDay,
  termDays: 30,
  renewsItself,
  nextPriceKop: 100_000,
});

describe('stopForecast', () => {
  it('renews in order of the ends while the balance lasts', () => {
    const rentals = [rental(1, '2026-12-10'), rental(2, '2026-12-01')];
    // Register 2 is renewed on 1 December, register 1 on the 10th, then 2 again lacks half of its price.
    expect(stopForecast(rentals, 250_000, '2027-12-31')).toEqual({
      day: '2026-12-31',
      registerIds: [2],
      because: 'balance',
      missingKop: 50_000,
    });
  });

  it('ends with the first rental that nobody renews, however much money there is', () => {
    expect(
      stopForecast([rental(1, '2026-12-10'), rental(2, '2026-12-05', false)], 9e9, '2027-12-31'),
    ).toEqual({ day: '2026-12-05', registerIds: [2], because: 'not_renewed', missingKop: 0 });
  });

  it('sees no stop up to the horizon, nor without rentals', () => {
    expect(stopForecast([rental(1, '2026-12-10')], 300_000, '2027-01-31')).toBeUndefined();
    expect(stopForecast([], 0, '2030-01-01')).toBeUndefined();
  });
});
