import type { RegisterReadings } from '@kkt/storage';
import { groupSize, startEngine } from '../engine-world';
import { sideBySide } from '../monitoring-cost';
import { type Figure, median, row } from '../row';
import { cores, wait } from '../servers';

/** Time of one small receipt, the emulator's own figure. */
const receiptMs = 350;
const rack = 576;
const goodRatio = 0.95;

/** How many modules one driver process keeps busy. */
export const modules: Figure = {
  name: 'modules',
  quickS: 26,
  about: 'most modules at realistic pace with ratio ≥ 0.95, driver in one process',
  async run({ quick, repeats, say }) {
    const blockS = quick ? 0.4 : 5;
    const ratioOf = async (groups: number): Promise<number> => {
      // An engine of its own for each number: registers without work would read the texts they owe.
      const engine = await startEngine({ registers: groups * groupSize, pace: 'realistic' });
      try {
        engine.work(groups);
        await wait(1_000);
        const runs: number[] = [];
        for (let turn = 0; turn < repeats; turn += 1) runs.push(await engine.perS(blockS));
        const limit = (groups * groupSize * 1_000) / receiptMs;
        const ratio = median(runs) / limit;
        say(
          `${groups * groupSize} modules: ${median(runs).toFixed(0)}/s of ${limit.toFixed(0)}/s, ${ratio.toFixed(3)}`,
        );
        return ratio;
      } finally {
        await engine.stop();
      }
    };
    let good = 0;
    let bad = rack / groupSize + 1;
    let ratio = 0;
    let lastBad = NaN;
    // The whole rack first: when it holds, nothing else is to be tried.
    for (let next = rack / groupSize; bad - good > 1; next = Math.floor((good + bad) / 2)) {
      const found = await ratioOf(next);
      if (found >= goodRatio) [good, ratio] = [next, found];
      else [bad, lastBad] = [next, found];
    }
    const value = good * groupSize;
    return [
      row({
        what: 'most modules at realistic pace (350 ms) with ratio ≥ 0.95, driver in one process',
        value,
        unit: 'modules',
        beside: rack,
        besideWhat: 'a rack',
        goal: rack,
        goalOf: 'value',
        note: `ratio ${ratio.toFixed(3)} at ${value}${Number.isNaN(lastBad) ? '' : `, ${lastBad.toFixed(3)} at ${bad * groupSize}`}; the engine with results in memory, texts of documents owed as under load; the emulator, a process of its own, shares the ${cores} cores and needs about as much as the driver`,
      }),
    ];
  },
};

/** What readings of a rack take of the driver's throughput. */
export const monitoring: Figure = {
  name: 'monitoring',
  quickS: 15,
  about: 'monitoring overhead of a rack of modules that take no time',
  async run({ quick, repeats, say }) {
    const registers = quick ? rack / 6 : rack;
    let stored = 0;
    const readings = {
      save: (batch: readonly RegisterReadings[]): Promise<void> => {
        stored += batch.length;
        JSON.stringify(batch);
        return Promise.resolve();
      },
    };
    const engine = await startEngine({ registers, pace: 'instant', readings });
    try {
      const block = async (isOn: boolean): Promise<number> => {
        engine.watch(isOn);
        await wait(quick ? 200 : 1_000);
        return engine.perS(quick ? 0.8 : 10);
      };
      const cost = await sideBySide(block, repeats);
      say(`without ${cost.without.map(Math.round).join(' ')}, with ${cost.with.map(Math.round).join(' ')}`);
      return [
        row({
          what: `receipts/s of one driver process with monitoring, ${registers} modules that take no time`,
          value: median(cost.with),
          unit: '/s',
          beside: median(cost.without),
          besideWhat: 'without monitoring',
          goal: 0.95,
          note: `cost ${cost.costPercent} %; ${stored} readings of registers taken meanwhile; blocks in the order without, with, with, without`,
        }),
      ];
    } finally {
      await engine.stop();
    }
  },
};
