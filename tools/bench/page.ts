import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { ToldRow } from './row';
import { isMet } from './row';
import { markdownTable } from './table';

/** What the figures were measured on. */
export interface Surroundings {
  at: Date;
  quick: boolean;
  repeats: number;
  tookS: number;
  loadBefore: number;
}

function commit(): string {
  try {
    const run = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
    const changed = run('status', '--porcelain', '--', ':!docs/reference/bench.md');
    return `${run('rev-parse', '--short', 'HEAD')}${changed ? ' with local changes' : ''}`;
  } catch {
    return 'unknown (not a git checkout)';
  }
}

/** `docs/reference/bench.md`. */
export function page(rows: readonly ToldRow[], around: Surroundings): string {
  const judged = rows.map(isMet).filter((met) => met !== undefined);
  const met = judged.filter(Boolean).length;
  const processors = cpus();
  return `# Bench

Written by \`npm run bench${around.quick ? ' -- --quick' : ''}\`; do not edit. Every figure stands beside its limit, measured in the same run; medians of ${around.repeats} repeats. Everything (load, farm, PostgreSQL with \`synchronous_commit = on\`, emulated modules) shares one machine.

- Machine: ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node.js ${process.versions.node}
- Load average before the run: ${around.loadBefore.toFixed(1)} (a busy machine makes every figure worse, those of one process less than those of several)
- Date: ${around.at.toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit()}, ${around.quick ? 'quick run' : 'full run'} in ${Math.round(around.tookS)} s
- Goals met: ${met} of ${judged.length} that were measured

${markdownTable(rows)}

One figure alone: \`npm run bench -- --only NAME\`; \`--list\` names them; \`--json FILE\` writes the rows; \`--profile FOLDER\` takes CPU and allocation profiles of every process of the run ([how to read them](../operating/speed.md)).
`;
}
