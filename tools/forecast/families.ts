import { dayOf, dayOfMonth } from '@kkt/forecast';
import { Dice } from '../sim/dice';
import { holidayLull, make, type MadeHistory, type Making, paydays } from './history';

export interface Family {
  name: string;
  /** The straight line has something to miss here: season or growth. */
  hasSeasonOrGrowth: boolean;
  make: (seed: number, noise: number) => MadeHistory;
}

export const noises = [0.02, 0.04, 0.08];

const shopWeek = [1.05, 1, 1, 1.05, 1.2, 1, 0.7];

/** Every family has dice of its own: a seed is a draw of each, not the same draw of all. */
export function begin(
  family: string,
  seed: number,
  noise: number,
): Pick<Making, 'dice' | 'firstDay' | 'noise' | 'endAt'> & { base: number } {
  let salt = 17;
  for (const char of `${family} ${noise}`) salt = (salt * 31 + (char.codePointAt(0) as number)) % 1_000_003;
  const dice = new Dice(seed * 7919 + salt);
  return {
    dice,
    firstDay: (dayOf('2024-01-15') as number) + dice.int(0, 700),
    noise,
    endAt: dice.int(200, 385),
    base: dice.int(300, 2500),
  };
}

/** The families the method was built on; the others, in held-out.ts, it has never been fitted to. */
export const families: readonly Family[] = [
  {
    name: 'flat',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('flat', seed, noise);
      return make({ ...rest, level: () => base });
    },
  },
  {
    name: 'growing',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('growing', seed, noise);
      const perMonth = 0.03 + 0.07 * rest.dice.next();
      const isLinear = seed % 3 === 0;
      return make({
        ...rest,
        week: seed % 2 ? shopWeek : undefined,
        level: (at) => base * (isLinear ? 1 + (2 * perMonth * at) / 30 : Math.exp((perMonth * at) / 30)),
      });
    },
  },
  {
    name: 'weekly',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('weekly', seed, noise);
      const lift = 1.2 + 0.6 * rest.dice.next();
      const weekend = [0.05, 0.3, 1.6][seed % 3] as number;
      const lull = holidayLull(seed % 3 === 2 ? 1 : weekend);
      const wages = paydays(seed % 2 ? lift : 1);
      return make({
        ...rest,
        week: [1.1, 1, 1, 1, 1.2, weekend, weekend * 0.8],
        calendar: (day) => lull(day) * wages(day),
        level: () => base,
      });
    },
  },
  {
    name: 'promo peaks',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('promo peaks', seed, noise);
      const { dice } = rest;
      const lifts = new Map<number, number>();
      // Every four weeks, on the same days of the month, or whenever.
      const kind = seed % 3;
      for (let at = dice.int(5, 30); at < 460; at += kind === 0 ? 28 : kind === 1 ? 1 : dice.int(20, 45)) {
        if (kind === 1 && dayOfMonth(rest.firstDay + at) !== 15) continue;
        const lift = kind === 2 ? 1.3 + 0.7 * dice.next() : 1.7 + 0.4 * dice.next();
        for (let day = 0; day < (kind === 2 ? dice.int(1, 3) : 3); day++) lifts.set(at + day, lift);
      }
      return make({ ...rest, week: shopWeek, calendar: (_day, at) => lifts.get(at) ?? 1, level: () => base });
    },
  },
  {
    name: 'launch',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('launch', seed, noise);
      const days = 20 + 60 * rest.dice.next();
      return make({
        ...rest,
        week: shopWeek,
        level: (at) => 2 * base * (1.03 - Math.exp(-at / days)),
      });
    },
  },
  {
    name: 'dying',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('dying', seed, noise);
      const perMonth = 0.02 + 0.07 * rest.dice.next();
      return make({ ...rest, week: shopWeek, level: (at) => 2 * base * Math.exp((-perMonth * at) / 30) });
    },
  },
  {
    name: 'moved load',
    hasSeasonOrGrowth: false,
    make: (seed, noise) => {
      const { base, ...rest } = begin('moved load', seed, noise);
      const factor = [0.5, 0.67, 1.5, 2, 3][seed % 5] as number;
      // Early enough that the first warning is due after it, by the old load too.
      const movedAt = rest.dice.int(40, rest.endAt - Math.ceil(70 / Math.min(1, factor)));
      return make({ ...rest, week: shopWeek, level: (at) => (at < movedAt ? base : base * factor) });
    },
  },
  {
    name: 'settling rise',
    hasSeasonOrGrowth: true,
    make: (seed, noise) => {
      const { base, ...rest } = begin('settling rise', seed, noise);
      const until = rest.dice.int(60, 150);
      return make({ ...rest, week: shopWeek, level: (at) => base * (0.3 + 1.2 * Math.min(1, at / until)) });
    },
  },
];
