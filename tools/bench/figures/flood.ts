import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newApiKey } from '@kkt/security';
import { ApiKeyStore } from '@kkt/storage';
import { startWorld } from '../../fuzz/world';
import { type Figure, row } from '../row';
import { cores, root } from '../servers';

/** What the program that floods prints at its end. */
interface Told {
  aloneMs: number;
  withinMs: number;
  besideMs: number;
}

/** The program ends with 1 when the goal is missed: that is no failure of the measure. */
async function runFlood(args: readonly string[]): Promise<Told> {
  const program = join(root, 'dist', 'tools', 'flood.js');
  const output = await promisify(execFile)(process.execPath, [program, ...args]).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string }) => {
      if (!error.stdout?.includes('flood p99')) throw new Error(error.stderr || 'the flood did not end');
      return error.stdout;
    },
  );
  const found = /p99_alone_ms=([\d.]+) p99_within_ms=([\d.]+) p99_beside_ms=([\d.]+)/.exec(output);
  if (!found) throw new Error(`the flood told nothing: ${output.slice(-200)}`);
  return { aloneMs: Number(found[1]), withinMs: Number(found[2]), besideMs: Number(found[3]) };
}

/** What another client feels of a client that sends as fast as it is answered, at the own API. */
export const flood: Figure = {
  name: 'flood',
  quickS: 34,
  about: 'another client’s accepts beside a flood of one',
  async run({ quick, say }) {
    const world = await startWorld({ isDurable: true, shops: 2 });
    try {
      const keys: string[] = [];
      for (const n of [1, 2]) {
        const key = newApiKey();
        keys.push(key.text);
        await new ApiKeyStore(world.database).add({
          id: key.id,
          keyHash: key.hash,
          clientId: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
          name: 'flood',
          scopes: ['receipt:write'],
          groupCode: null,
        });
      }
      const [a = '', b = ''] = keys;
      const { aloneMs, withinMs, besideMs } = await runFlood([
        ...['--url', `http://127.0.0.1:${world.port}`, '--a', a, '--b', b],
        ...['--a-group', world.shops[0]?.v5 ?? '', '--b-group', world.shops[1]?.v5 ?? ''],
        ...['--seconds', quick ? '2' : '10', '--rounds', quick ? '3' : '5'],
      ]);
      say(
        `p99 alone ${aloneMs} ms, beside the other at its limit ${withinMs} ms, beside its flood ${besideMs} ms`,
      );
      return [
        row({
          what: 'another client’s accepts (50/s) beside a client that sends 20 times its limit, p99',
          value: besideMs,
          unit: 'ms',
          beside: withinMs,
          besideWhat: 'beside the same client at its limit, evenly',
          goal: 1.1,
          goalIs: 'most',
          note: `${aloneMs.toFixed(1)} ms without that client at all: the 100 receipts/s that are within its limit are work on the same ${cores} cores; one receipt API, no registers`,
        }),
      ];
    } finally {
      await world.stop();
    }
  },
};
