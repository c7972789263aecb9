import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figures } from './figures';
import { page } from './page';
import { profileAll } from './profile';
import { type Figure, row, toJson, type ToldRow } from './row';
import { textTable } from './table';

const usage = `npm run bench -- [--quick] [--only NAME]… [--json FILE] [--page FILE] [--profile FOLDER] [--list]
Measures the farm beside its limits, prints one table and writes docs/reference/bench.md (a run of some figures writes
no page unless --page says where).
  --quick           shorter runs and fewer rows, under 3 minutes
  --only NAME       one figure; may be repeated
  --json FILE       rows as JSON: what, value, unit, beside, ratio, goal
  --profile FOLDER  CPU and allocation profiles of every process, as .cpuprofile and .heapprofile
  --list            names of the figures
`;

const leastRepeats = 5;
/** A quick run ends by itself within three minutes; a figure that would not fit any more is told as not measured. */
const quickLimitS = 160;
/** A figure that takes no longer takes nobody's place. */
const shortS = 5;

async function measure(figure: Figure, quick: boolean): Promise<ToldRow[]> {
  const sinceMs = performance.now();
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
  process.stderr.write(`${figure.name} …\n`);
  try {
    return await figure.run({ quick, repeats: quick ? leastRepeats : leastRepeats + 2, say });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`  ${error instanceof Error ? (error.stack ?? reason) : reason}\n`);
    return [row({ what: figure.about, value: null, unit: '', note: `not measured: ${reason}` })];
  } finally {
    process.stderr.write(`  ${((performance.now() - sinceMs) / 1000).toFixed(1)} s\n`);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      page: { type: 'string' },
      profile: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (values.list) {
    for (const { name, about } of figures) process.stdout.write(`${name.padEnd(14)} ${about}\n`);
    return 0;
  }
  const { only, quick } = values;
  const unknown = only?.filter((name) => !figures.some((figure) => figure.name === name)) ?? [];
  if (unknown.length > 0) {
    process.stderr.write(`No figure is called ${unknown.join(', ')}; --list names them.\n`);
    return 64;
  }
  const writeProfiles = values.profile && profileAll(resolve(values.profile));
  const at = new Date();
  const sinceMs = performance.now();
  const loadBefore = loadavg()[0] ?? 0;
  const chosen = figures.filter(({ name }) => !only || only.includes(name));
  const found = new Map<Figure, ToldRow[]>();
  // Those of a moment first, then in the order of the table: on a busy machine the last of it fall away, never its head.
  const isShort = ({ quickS }: Figure): boolean => quickS <= shortS;
  const inTurn = [...chosen.filter(isShort), ...chosen.filter((figure) => !isShort(figure))];
  for (const figure of inTurn) {
    const fits = (performance.now() - sinceMs) / 1000 + figure.quickS < quickLimitS;
    const late = 'the three minutes of a quick run were over; a full run or --only measures it';
    found.set(
      figure,
      !quick || fits
        ? await measure(figure, quick)
        : [row({ what: figure.about, value: null, unit: '', note: late })],
    );
  }
  const rows = chosen.flatMap((figure) => found.get(figure) ?? []);
  const tookS = (performance.now() - sinceMs) / 1000;
  if (writeProfiles) writeProfiles();
  process.stdout.write(`${textTable(rows)}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows.map(toJson), null, 2)}\n`);
  const pageFile = values.page ?? (only || values.profile ? undefined : 'docs/reference/bench.md');
  if (pageFile) {
    mkdirSync(dirname(pageFile), { recursive: true });
    writeFileSync(
      pageFile,
      page(rows, { at, quick, repeats: quick ? leastRepeats : leastRepeats + 2, tookS, loadBefore }),
    );
  }
  return rows.some(({ value }) => value === null) ? 1 : 0;
}

main().then(
  // Pools of embedded servers may keep the loop alive; all that matters is written.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
