import { parseArgs } from 'node:util';
import { calculate, CalculatorError, type CalculatorInput } from '@kkt/calculator';

/** How many registers and FNs a load needs. */

const usage = `npm run --silent calculator -- --per-day N --peak-per-minute N --pace-ms N --p99-s N [options]
  --per-day N          receipts a day
  --peak-per-minute N  receipts in the busiest minute
  --pace-ms N          milliseconds a register needs for a receipt
  --p99-s N            seconds from acceptance to document that 99 of 100 receipts of the peak must keep
  --peak-minutes N     how long such a peak lasts (60)
  --items N            items of an ordinary receipt (1), --item-ms N for each after the first (0)
  --variation N        variance ÷ mean² of the time a receipt takes (0: all alike)
  --growth N           growth of the load in a month, percent (0), --plan-months N how far ahead (12)
  --fn-months N        term of an FN (13), --fn-capacity N documents of an FN (250000)
  --lang ru|en         language of the arithmetic (ru)
Prints JSON {minimum,optimal,fnsPerYear,predictedP99S,…,arithmetic}. Ends with 0, or 64 and every broken rule.
`;

const flags: Record<string, keyof CalculatorInput> = {
  'per-day': 'receiptsPerDay',
  'peak-per-minute': 'peakPerMinute',
  'pace-ms': 'paceMs',
  'p99-s': 'p99S',
  'peak-minutes': 'peakMinutes',
  items: 'itemsPerReceipt',
  'item-ms': 'itemMs',
  variation: 'paceVariation',
  growth: 'growthPerMonth',
  'plan-months': 'planMonths',
  'fn-months': 'fnTermMonths',
  'fn-capacity': 'fnCapacityDocuments',
};

const flagOf = (field: keyof CalculatorInput): string =>
  Object.keys(flags).find((flag) => flags[flag] === field) ?? field;

function main(): number {
  let values: Record<string, string | boolean | undefined>;
  const refuse = (faults: readonly string[]): number => {
    process.stderr.write(`${faults.map((fault) => `calculator: ${fault}`).join('\n')}\n\n${usage}`);
    return 64;
  };
  try {
    ({ values } = parseArgs({
      options: {
        ...Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }])),
        lang: { type: 'string', default: 'ru' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return refuse([(error as Error).message]);
  }
  if (values['help']) {
    process.stdout.write(usage);
    return 0;
  }
  const { lang } = values;
  if (lang !== 'ru' && lang !== 'en') return refuse([`--lang must be ru or en, is "${String(lang)}"`]);
  const input: Partial<CalculatorInput> = {};
  for (const [flag, field] of Object.entries(flags)) {
    const text = values[flag];
    if (typeof text !== 'string') continue;
    const value = text.trim() === '' ? NaN : Number(text);
    input[field] = field === 'growthPerMonth' ? value / 100 : value;
  }
  try {
    const { arithmetic, ...result } = calculate(input as CalculatorInput);
    process.stdout.write(
      `${JSON.stringify({ ...result, arithmetic: arithmetic.map((line) => line[lang]) }, null, 2)}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof CalculatorError)) throw error;
    return refuse(error.faults.map(({ field, rule }) => `--${flagOf(field)} ${rule}`));
  }
}

process.exitCode = main();
