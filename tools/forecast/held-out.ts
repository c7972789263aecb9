import { dayKind, DayKind, dayOf, dayOfMonth, weekday } from '@kkt/forecast';
import { begin, type Family } from './families';
import { make, normal } from './history';

/**
 * Shapes that the method was not built on and is not to be fitted to: they tell what it is worth on strangers' data.
 * Whoever changes the method looks at families.ts, and reads these numbers last.
 */

const retailWeek = [0.9, 0.9, 0.95, 1, 1.15, 1.2, 0.9];
const yearDay = (day: number) => (((day - (dayOf('2024-01-01') as number)) % 365.25) / 365.25) * 2 * Math.PI;
const month = (day: number) => new Date(day * 86_400_000).getUTCMonth() + 1;

function blackFriday(day: number): number {
  const isLate = month(day) === 11 && dayOfMonth(day) >= 23 && dayOfMonth(day) <= 29;
  if (isLate && weekday(day) === 4) return 4;
  return isLate ? 1.8 : month(day) === 12 && dayOfMonth(day) > 14 ? 1.4 : 1;
}

export const heldOutFamilies: readonly Family[] = [
  {
    name: 'yearly sinus',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('yearly sinus', seed, noise);
      const size = 0.15 + 0.25 * rest.dice.next();
      const phase = rest.dice.next() * 6.28;
      return make({
        ...rest,
        level: (at) => base * (1 + size * Math.sin(yearDay(rest.firstDay + at) + phase)),
      });
    },
  },
  {
    name: 'growth with a week',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('growth with a week', seed, noise);
      const perDay = 0.001 + 0.003 * rest.dice.next();
      return make({ ...rest, week: retailWeek, level: (at) => base * (1 + perDay) ** at });
    },
  },
  {
    name: 'school holidays',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('school holidays', seed, noise);
      const lull = (day: number) => (month(day) >= 6 && month(day) <= 8 ? 0.7 : month(day) === 1 ? 0.85 : 1);
      return make({ ...rest, week: retailWeek, calendar: lull, level: () => base });
    },
  },
  {
    name: 'black friday',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('black friday', seed, noise);
      return make({ ...rest, week: retailWeek, calendar: blackFriday, level: () => base });
    },
  },
  {
    name: 'step before warning',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('step before warning', seed, noise);
      const at0 = rest.endAt - 60 - rest.dice.int(15, 45);
      const factor = [0.6, 1.4, 2][seed % 3] as number;
      return make({ ...rest, level: (at) => (at < at0 ? base : base * factor) });
    },
  },
  {
    name: 'step after warning',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('step after warning', seed, noise);
      const at0 = rest.endAt - 30;
      const factor = [0.7, 1.3, 2][seed % 3] as number;
      return make({ ...rest, level: (at) => (at < at0 ? base : base * factor) });
    },
  },
  {
    name: 'outages',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('outages', seed, noise);
      const { dice } = rest;
      const out = new Set<number>();
      for (let n = 0; n < 3; n++) {
        const from = dice.int(10, 320);
        for (let day = 0; day < dice.int(1, 9); day++) out.add(from + day);
      }
      return make({
        ...rest,
        week: retailWeek,
        calendar: (_day, at) => (out.has(at) ? 0 : 1),
        level: () => base,
      });
    },
  },
  {
    name: 'weekdays only',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('weekdays only', seed, noise);
      return make({
        ...rest,
        week: [1, 1, 1, 1, 1, 0, 0],
        calendar: (day) => (dayKind(day) === DayKind.ordinary ? 1 : 0),
        level: () => base,
      });
    },
  },
  {
    name: 'lost readings',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('lost readings', seed, noise);
      const { dice } = rest;
      const lost = new Set<number>();
      for (let n = 0; n < 25; n++) lost.add(dice.int(0, 380));
      return make({
        ...rest,
        week: retailWeek,
        level: (at) => base * Math.exp(0.001 * at),
        reading: (value, at) => (lost.has(at) ? NaN : value),
      });
    },
  },
  {
    name: 'wandering',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('wandering', seed, noise);
      const path: number[] = [];
      for (let at = 0, log = 0; at < 460; at++) path.push((log += 0.008 * normal(rest.dice)));
      return make({ ...rest, week: retailWeek, level: (at) => base * Math.exp(path[at] as number) });
    },
  },
  {
    name: 'noise with a memory',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('noise with a memory', seed, noise);
      const path: number[] = [];
      for (let at = 0, log = 0; at < 460; at++)
        path.push((log = 0.6 * log + 0.8 * noise * normal(rest.dice)));
      return make({
        ...rest,
        noise: 0.01,
        week: retailWeek,
        level: (at) => base * Math.exp(path[at] as number),
      });
    },
  },
];
