import { addWorkingDays, dayOf, isWorkingDay, workingDeadlineMs } from './working-days';

describe('the Russian working calendar', () => {
  it('knows weekends, holidays and moved days', () => {
    expect(isWorkingDay('2026-11-27')).toBe(true);
    expect(isWorkingDay('2026-11-28')).toBe(false);
    expect(isWorkingDay('2026-11-04')).toBe(false);
    expect(isWorkingDay('2026-01-09')).toBe(false);
    expect(isWorkingDay('2026-12-31')).toBe(false);
    expect(isWorkingDay('2025-11-01')).toBe(true);
  });

  it('counts 247 working days of 2026, as the published calendar does', () => {
    let count = 0;
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 86_400_000)
      if (isWorkingDay(new Date(at).toISOString().slice(0, 10))) count += 1;
    expect(count).toBe(247);
  });

  it('goes over weekends and the new year', () => {
    expect(addWorkingDays('2026-11-27', 1)).toBe('2026-11-30');
    expect(addWorkingDays('2026-12-30', 1)).toBe('2027-01-11');
    expect(addWorkingDays('2026-04-30', 5)).toBe('2026-05-08');
  });

  it('ends a deadline with the Moscow day', () => {
    const fridayEvening = Date.parse('2026-11-27T20:59:00Z');
    expect(dayOf(fridayEvening)).toBe('2026-11-27');
    expect(new Date(workingDeadlineMs(fridayEvening, 1)).toISOString()).toBe('2026-11-30T20:59:59.999Z');
    expect(dayOf(Date.parse('2026-11-27T21:00:00Z'))).toBe('2026-11-28');
  });
});
