import { parseArgs } from 'node:util';
import { systemIds } from '@kkt/contracts';
import type { DispatchPorts } from '@kkt/dispatch';
import { openDatabase, ReadingStore, type RegisterReadings } from '@kkt/storage';
import { startEngine } from './engine-world';
import { median } from './row';
import { wait } from './servers';

/** What monitoring costs, by blocks of load measured side by side. */
export interface MonitoringCost {
  /** Receipts per second of each block. */
  without: number[];
  with: number[];
  /** Loss of throughput by medians; negative when noise won. */
  costPercent: number;
}

/**
 * Runs blocks of load in the order without, with, with, without…, so that a machine that warms up or gets busy favours
 * neither. `block` runs the load for its time and answers receipts per second.
 */
export async function sideBySide(
  block: (monitoring: boolean) => Promise<number>,
  rounds: number,
): Promise<MonitoringCost> {
  const result: MonitoringCost = { without: [], with: [], costPercent: 0 };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [false, true] : [true, false];
    for (const monitoring of order) (monitoring ? result.with : result.without).push(await block(monitoring));
  }
  const base = median(result.without);
  result.costPercent = base === 0 ? 0 : Math.round((1 - median(result.with) / base) * 1_000) / 10;
  return result;
}

interface CostOptions {
  registers: number;
  blockS: number;
  rounds: number;
  databaseUrl?: string;
}

/** The engine over instant modules with and without readings: what monitoring takes of the driver's throughput. */
export async function measure(options: CostOptions): Promise<MonitoringCost & { readings: number }> {
  const database = options.databaseUrl
    ? openDatabase({ url: options.databaseUrl, applicationName: 'bench', maxConnections: 2 })
    : undefined;
  const real = database && new ReadingStore(database);
  let stored = 0;
  const readings: NonNullable<DispatchPorts['readings']> = {
    save: async (batch: readonly RegisterReadings[]) => {
      stored += batch.length;
      if (real) await real.save(batch);
      else JSON.stringify(batch);
    },
  };
  const engine = await startEngine({ registers: options.registers, pace: 'instant', readings });
  try {
    const block = async (monitoring: boolean): Promise<number> => {
      engine.watch(monitoring);
      await wait(500);
      const perS = await engine.perS(options.blockS);
      process.stderr.write(
        `  ${monitoring ? 'with   ' : 'without'} monitoring: ${perS.toFixed(1)} receipts/s\n`,
      );
      return perS;
    };
    const cost = await sideBySide(block, options.rounds);
    return { ...cost, readings: stored };
  } finally {
    await engine.stop();
    await database?.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      registers: { type: 'string', default: '576' },
      'block-s': { type: 'string', default: '30' },
      rounds: { type: 'string', default: '4' },
      database: { type: 'string' },
    },
  });
  const result = await measure({
    registers: Number(values.registers),
    blockS: Number(values['block-s']),
    rounds: Number(values.rounds),
    databaseUrl: values.database,
  });
  process.stdout.write(
    `${JSON.stringify({ run: systemIds.uuid(), registers: Number(values.registers), ...result })}\n`,
  );
  process.exit(result.costPercent < 5 ? 0 : 1);
}

if (require.main === module) void main();
