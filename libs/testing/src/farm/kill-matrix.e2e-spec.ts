import { writeFileSync } from 'node:fs';
import { failSteps } from '@kkt/contracts';
import {
  caseName,
  KillBench,
  type KillCase,
  type KillResult,
  killSteps,
  processOf,
  sample,
  type Victim,
  victims,
} from '../index';

/** The full matrix takes a quarter of an hour on an idle machine. */
const limitMs = 10_800_000;

/** `full`: every step × every process × every hit; else a sample in which each process dies. */
const isFull = process.env.KKT_KILL_MATRIX === 'full';
/** Texts, any of which the name of a case must have. */
const only = (process.env.KKT_KILL_ONLY ?? '').split(',').filter((text) => text !== '');
const resultFile = process.env.KKT_KILL_RESULTS;

const others = (Object.keys(victims) as Victim[]).filter((victim) => victim !== 'itself');

const fewOfThem = (): KillCase[] =>
  killSteps.flatMap((step) =>
    sample
      .filter(([at]) => at === step.step)
      .map(([, victim]): KillCase => ({ ...step, victim, hit: step.hits?.[0] ?? 1 })),
  );

const everything = (): KillCase[] =>
  killSteps.flatMap((step) => [
    ...(step.hits ?? [1]).map((hit): KillCase => ({ ...step, hit, victim: 'itself' })),
    ...others
      .filter((victim) => victim !== processOf(step.step))
      .map((victim): KillCase => ({ ...step, hit: step.hits?.[0] ?? 1, victim })),
  ]);

const cases = (isFull ? everything() : fewOfThem()).filter(
  (one) => only.length === 0 || only.some((text) => caseName(one).includes(text)),
);

const titled = cases.map((one) => {
  const faults = [...new Set([...one.faults, ...victims[one.victim]])]
    .map((number) => `#${number}`)
    .join(' ');
  return [`${faults} ${one.step}${one.hit > 1 ? ` (pass ${one.hit})` : ''} × ${one.victim}`, one] as const;
});

describe('Kill matrix', () => {
  const broken = new Map<string, string>();
  const tookMs = new Map<string, number>();
  let results = new Map<string, KillResult>();
  let faults: string[] = [];

  beforeAll(async () => {
    const bench = await KillBench.open({ modules: 12, pace: '20' });
    try {
      for (const one of cases) {
        const since = Date.now();
        await bench.run(one).catch((error: Error) => broken.set(caseName(one), error.message));
        tookMs.set(caseName(one), Date.now() - since);
        const end = broken.get(caseName(one)) ?? `${((Date.now() - since) / 1_000).toFixed(1)} s`;
        if (isFull) process.stderr.write(`${tookMs.size}/${cases.length} ${caseName(one)}: ${end}\n`);
      }
      ({ byCase: results, faults } = await bench.verdicts(cases));
      if (resultFile)
        writeFileSync(
          resultFile,
          JSON.stringify(
            cases.map((one) => ({
              step: one.step,
              hit: one.hit,
              victim: one.victim,
              broken: broken.get(caseName(one)),
              tookMs: tookMs.get(caseName(one)),
              ...results.get(caseName(one)),
            })),
          ),
        );
    } finally {
      await bench.close();
    }
  }, limitMs);

  it.each(titled)('%s: none lost, none doubled, every shop told', (_title, one) => {
    expect(broken.get(caseName(one))).toBeUndefined();
    const result = results.get(caseName(one));
    expect(result).toMatchObject({ lost: [], doubled: [], untold: [] });
    expect(result?.receipts).toBeGreaterThan(0);
  });

  it('has a row for every step, and every process dies', () => {
    expect(new Set(killSteps.map(({ step }) => step))).toEqual(new Set(Object.keys(failSteps)));
    if (only.length === 0)
      expect(new Set(cases.map(({ victim }) => victim))).toEqual(new Set(Object.keys(victims)));
  });

  it('FNs, database and operator agree after all', () => {
    expect(faults).toEqual([]);
  });
});
