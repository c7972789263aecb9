import { parseArgs } from 'node:util';
import { families, noises } from './families';
import { heldOutFamilies } from './held-out';
import { type FamilyResult, measureFamily } from './measure';

/** Prints how well the forecast foretells made-up lives of FNs whose end is known. */

const usage = `npm run forecast:backtest [-- options]
  --seeds N   lives per family and noise level (24)
  --from N    first seed (1)
  --by-noise  a line for each noise level
`;

const columns = [
  'family',
  'lives',
  'error d',
  'line d',
  'line30 d',
  'vs line',
  'in 10-90',
  'warned 61-59',
  'after 30',
];

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function row(result: FamilyResult): string[] {
  return [
    `${result.name}${result.hasSeasonOrGrowth ? ' *' : ''}`,
    String(result.cases),
    result.error.toFixed(2),
    result.lineError.toFixed(2),
    result.monthLineError.toFixed(2),
    (result.error / result.lineError).toFixed(2),
    percent(result.covered),
    percent(result.warnedInTime),
    percent(result.warnedLate),
  ];
}

function total(name: string, results: readonly FamilyResult[]): FamilyResult {
  const cases = results.reduce((sum, result) => sum + result.cases, 0);
  const mean = (value: (result: FamilyResult) => number) =>
    results.reduce((sum, result) => sum + value(result) * result.cases, 0) / cases;
  return {
    name,
    hasSeasonOrGrowth: false,
    cases,
    error: mean(({ error }) => error),
    lineError: mean(({ lineError }) => lineError),
    monthLineError: mean(({ monthLineError }) => monthLineError),
    covered: mean(({ covered }) => covered),
    warnedInTime: mean(({ warnedInTime }) => warnedInTime),
    warnedLate: mean(({ warnedLate }) => warnedLate),
  };
}

function table(rows: readonly string[][]): string {
  const widths = columns.map((_, at) => Math.max(...rows.map((cells) => (cells[at] as string).length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] as number) : cell.padStart(widths[at] as number),
        )
        .join('  '),
    )
    .join('\n');
}

function main(): number {
  let seedCount: number;
  let from: number;
  let isByNoise: boolean;
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '24' },
        from: { type: 'string', default: '1' },
        'by-noise': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    seedCount = Number(values.seeds);
    from = Number(values.from);
    isByNoise = values['by-noise'];
    if (values.help || !(seedCount >= 1) || !Number.isInteger(from)) throw new Error('');
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    return 64;
  }
  const seeds = Array.from({ length: seedCount }, (_, at) => from + at);
  for (const [title, group] of [
    ['Families in the repository', families],
    ['Held out: shapes the method was not built on', heldOutFamilies],
  ] as const) {
    const results = group.map((family) => measureFamily(family, noises, seeds));
    const lines = isByNoise
      ? group.flatMap((family) =>
          noises.map((noise) => ({
            ...measureFamily(family, [noise], seeds),
            name: `${family.name} ${noise}`,
          })),
        )
      : results;
    process.stdout.write(
      `${title}; noise of a day ${noises.map((noise) => `${noise * 100} %`).join(', ')}\n${table([columns, ...lines.map(row), row(total('all', results))])}\n\n`,
    );
  }
  process.stdout.write(
    [
      'error: mean |forecast − true fill day|, asked 60 days ahead; line: straight line through first and last reading;',
      'line30: straight line with the slope of the last 30 days; * season or growth: error should be at most 0.5 of line.',
      'in 10-90: true day within p10…p90 (75–90 % wanted). warned 61-59: first warning of a day-by-day replay falls',
      '61–59 days before the true end (90 % wanted); after 30: later than 30 days before it (none wanted).',
      '',
    ].join('\n'),
  );
  return 0;
}

process.exitCode = main();
