import {
  Forecaster,
  HistoryError,
  isoOf,
  readHistoryCsv,
  reasonInWords,
  dayOf,
  dayKind,
  DayKind,
} from './index';

const day = (text: string) => dayOf(text) as number;
const flat = (days: number, perDay: number) => new Float64Array(days).fill(perDay);
const forecaster = new Forecaster();

describe('forecast of one FN', () => {
  it('foretells the day on which an even load fills the FN, and warns 60 days before', () => {
    const { fill, end, warnOn, usedDocuments } = forecaster.forecast({
      history: { firstDay: day('2026-01-12'), documents: flat(100, 1000) },
      capacityDocuments: 200_500,
      validUntil: day('2027-03-01'),
    });
    expect(usedDocuments).toBe(100_000);
    // The 201st day of the life is the one on which 200 500 are reached.
    expect(isoOf(fill.p50 as number)).toBe(isoOf(day('2026-01-12') + 200));
    expect(end).toEqual({ day: fill.p50, cause: 'capacity' });
    expect(warnOn).toBe((end.day as number) - 60);
  });

  it('lets the term win when it ends earlier', () => {
    const { end, fill } = forecaster.forecast({
      history: { firstDay: day('2026-01-12'), documents: flat(100, 10) },
      capacityDocuments: 250_000,
      validUntil: day('2027-02-12'),
    });
    expect(end).toEqual({ day: day('2027-02-12'), cause: 'validity' });
    expect(fill.p50).toBeNull();
  });

  it('knows a shop that rests at weekends although its silent days are not in the file', () => {
    const firstDay = day('2026-02-02');
    const documents = Float64Array.from({ length: 84 }, (_, at) => (at % 7 < 5 ? 100 : NaN));
    const { usedDocuments, findings } = forecaster.forecast({
      history: { firstDay, documents },
      capacityDocuments: 100_000,
    });
    expect(usedDocuments).toBe(6000);
    expect(findings.quietWeekdays).toEqual([5, 6]);
  });

  it('places a sale that comes every four weeks, and blames no holiday for one that fell on it', () => {
    const firstDay = day('2026-02-04');
    // Three days of a sale every 28 days; one of them runs over 1 May.
    const isSale = (at: number) => (at + 2) % 28 < 3;
    const documents = Float64Array.from(
      { length: 140 },
      (_, at) => (isSale(at) ? 1900 : 1000) + (at % 7) * 3,
    );
    const load = forecaster.read(firstDay, documents);
    if (!load) throw new Error('no load');
    const ahead = Array.from({ length: 56 }, (_, at) => load.documents(at));
    const ofSales = ahead.filter((_, at) => isSale(140 + at));
    expect(Math.min(...ofSales)).toBeGreaterThan(1750);
    expect(Math.max(...ofSales)).toBeLessThan(2050);
    const holidays = ahead.filter((_, at) => dayKind(firstDay + 140 + at) !== DayKind.ordinary);
    for (const documentsOfDay of holidays) expect(documentsOfDay).toBeLessThan(1100);
  });

  it('takes the silence of some days, at the end or within, for an outage and not for the load', () => {
    const documents = Float64Array.from({ length: 150 }, (_, at) =>
      at >= 142 || (at >= 60 && at < 70) ? 0 : 900 + (at % 7) * 20,
    );
    const { findings, fill } = forecaster.forecast({
      history: { firstDay: day('2026-02-02'), documents },
      capacityDocuments: 250_000,
    });
    expect(findings.perDay).toBeGreaterThan(900);
    expect(findings.perDay).toBeLessThan(1020);
    expect(fill.p50).not.toBeNull();
  });

  it('sees that a rise has ended', () => {
    const documents = Float64Array.from(
      { length: 180 },
      (_, at) => 1000 * (0.3 + 0.7 * Math.min(1, at / 110)) * (1 + 0.02 * Math.sin(at * 5)),
    );
    const { findings } = forecaster.forecast({
      history: { firstDay: day('2026-02-02'), documents },
      capacityDocuments: 250_000,
    });
    expect(Math.abs(findings.growthPer30Days)).toBeLessThan(0.015);
    expect(findings.perDay).toBeGreaterThan(980);
    expect(findings.perDay).toBeLessThan(1025);
  });

  it('takes a load that doubled two weeks ago for the load to come', () => {
    const documents = Float64Array.from(
      { length: 150 },
      (_, at) => (at < 136 ? 500 : 1000) * (1 + 0.02 * Math.sin(at * 7)),
    );
    const { findings } = forecaster.forecast({
      history: { firstDay: day('2026-02-02'), documents },
      capacityDocuments: 250_000,
    });
    expect(findings.perDay).toBeGreaterThan(950);
    expect(findings.perDay).toBeLessThan(1050);
    expect(findings.steps.at(-1)?.factor).toBeGreaterThan(1.8);
  });

  it('foretells an FN that one day fills', () => {
    const { end, today } = forecaster.forecast({
      history: { firstDay: day('2026-01-01'), documents: [170_000] },
      capacityDocuments: 250_000,
      validUntil: day('2027-02-01'),
    });
    expect(end).toEqual({ day: today, cause: 'capacity' });
  });

  it('names the day on which a full FN became full', () => {
    const { fill } = forecaster.forecast({
      history: { firstDay: day('2026-01-12'), documents: flat(100, 1000) },
      capacityDocuments: 50_000,
    });
    expect(isoOf(fill.p50 as number)).toBe(isoOf(day('2026-01-12') + 49));
  });

  it('leans a new client on what it announced', () => {
    const ask = (announcedPerDay?: number) =>
      forecaster.forecast({
        history: { firstDay: day('2026-03-02'), documents: [20, 25] },
        capacityDocuments: 250_000,
        announcedPerDay,
      }).findings.perDay;
    expect(ask(1000)).toBeGreaterThan(5 * ask());
    expect(
      forecaster.forecast({
        history: { firstDay: day('2026-03-02'), documents: [] },
        capacityDocuments: 100_000,
        announcedPerDay: 1000,
      }).fill.p50,
    ).toBe(day('2026-03-02') + 99);
  });

  it('has no fill day without a load, and no end without a term', () => {
    const { fill, end, warnOn } = forecaster.forecast({
      history: { firstDay: day('2026-03-02'), documents: flat(40, 0) },
      capacityDocuments: 250_000,
    });
    expect([fill.p10, fill.p50, fill.p90, end.day, warnOn]).toEqual([null, null, null, null, null]);
    expect(end.cause).toBe('none');
  });

  it('says of a term in the past that it has ended', () => {
    const asked = {
      history: { firstDay: day('2026-01-12'), documents: flat(100, 100) },
      capacityDocuments: 200_000,
      validUntil: day('2026-03-01'),
    };
    const forecast = forecaster.forecast(asked);
    expect(forecast.end).toEqual({ day: asked.validUntil, cause: 'validity' });
    expect(reasonInWords(forecast, asked, 'ru')).toContain('Срок действия ФН истёк 2026-03-01');
    expect(reasonInWords(forecast, asked, 'en')).toContain('term ended on 2026-03-01');
  });

  it('says why, in two languages', () => {
    const asked = {
      history: {
        firstDay: day('2026-01-12'),
        documents: Float64Array.from({ length: 120 }, (_, at) => (at % 7 < 5 ? 1000 : 300)),
      },
      capacityDocuments: 200_000,
      validUntil: day('2027-03-01'),
    };
    const forecast = forecaster.forecast(asked);
    expect(reasonInWords(forecast, asked, 'ru')).toMatch(
      /ФН заполнится 2026-.*тихие дни недели: сб, вс.*Предупредить 2026-/,
    );
    expect(reasonInWords(forecast, asked, 'en')).toMatch(
      /The FN fills on 2026-.*quiet weekdays: Sat, Sun.*Warn on 2026-/,
    );
  });
});

describe('forecast of a group', () => {
  it('takes a load that moved to another register for moved, not for gone', () => {
    const firstDay = day('2026-01-12');
    const wave = (at: number) => 1000 * (1 + 0.2 * Math.sin(at));
    const from = Float64Array.from({ length: 120 }, (_, at) => wave(at) * (at < 113 ? 0.8 : 0.2));
    const to = Float64Array.from({ length: 120 }, (_, at) => wave(at) * (at < 113 ? 0.2 : 0.8));
    const [first, second] = forecaster.forecastGroup(
      [from, to].map((documents) => ({ history: { firstDay, documents }, capacityDocuments: 250_000 })),
    );
    expect(first?.findings.groupMembers).toBe(2);
    expect((first?.findings.perDay ?? 0) / (second?.findings.perDay ?? 1)).toBeCloseTo(0.25, 2);
  });
});

describe('calendar', () => {
  it('gives a holiday that falls on a weekend back on the next working day', () => {
    // 8 March 2026 is a Sunday.
    expect(dayKind(day('2026-03-09'))).toBe(DayKind.holiday);
    expect(dayKind(day('2026-03-10'))).toBe(DayKind.ordinary);
    expect(dayKind(day('2026-01-05'))).toBe(DayKind.newYear);
  });
});

describe('history file', () => {
  it('takes header, BOM, CRLF, semicolons, blank lines, any order and missing days', () => {
    const { firstDay, documents } = readHistoryCsv(
      '\uFEFFdate;documents\r\n2026-01-03;7\r\n\r\n"2026-01-01";5\r\n',
    );
    expect(isoOf(firstDay)).toBe('2026-01-01');
    expect([...Array.from(documents)]).toEqual([5, NaN, 7]);
  });

  it('takes a header with a digit in a column name', () => {
    expect([...Array.from(readHistoryCsv('date,documents1\n2026-01-01,5').documents)]).toEqual([5]);
  });

  it.each([
    ['2026-01-01,5\n2026-01-32,5', /line 2: date must be a day YYYY-MM-DD, is "2026-01-32"/],
    ['total,5\n2026-01-02,5', /line 1: date must be a day/],
    ['2026-01-01,-5', /line 1: documents must be a whole number from 0/],
    ['2026-01-01,5.5', /line 1: documents must be a whole number/],
    ['2026-01-01', /line 1: must have two columns/],
    ['date,documents\n2026-01-01,5\n2026-01-01,6', /line 3: date 2026-01-01 repeats line 2/],
    ['1999-01-01,1\n2026-01-01,6', /line 1: the days span more than/],
    ['', /the file is empty/],
  ])('refuses %j', (text, message) => {
    expect(() => readHistoryCsv(text)).toThrow(HistoryError);
    expect(() => readHistoryCsv(text)).toThrow(message);
  });
});
