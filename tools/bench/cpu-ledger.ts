import { readdirSync, readFileSync } from 'node:fs';

const ticksPerS = 100;

interface ProcessTime {
  parent: number;
  cpuMs: number;
}

/** Of one process: its parent and the CPU time of itself and of the children it has buried. Undefined when it is gone. */
function timeOf(pid: number): ProcessTime | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { parent: Number(fields[1]), cpuMs: (ticks * 1000) / ticksPerS };
  } catch {
    return undefined;
  }
}

/** What a process of the farm is called: `postgres`, `redis`, or the app that it runs. */
export function nameOfCommand(command: string): string {
  if (/postgres/.test(command)) return 'postgres';
  if (/redis|valkey/.test(command)) return 'redis';
  return /apps\/([a-z-]+)\//.exec(command)?.[1] ?? /(emulator)/.exec(command)?.[1] ?? 'others';
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** CPU time, milliseconds, that everything started by this process has used so far, by name; this process as `load`. */
export function cpuLedger(): Map<string, number> {
  const processes = new Map<number, ProcessTime>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const time = pid > 0 ? timeOf(pid) : undefined;
    if (time) processes.set(pid, time);
  }
  const isOurs = (pid: number): boolean => {
    for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) if (at === process.pid) return true;
    return false;
  };
  const ledger = new Map<string, number>();
  for (const [pid, { cpuMs }] of processes) {
    if (!isOurs(pid)) continue;
    const name = pid === process.pid ? 'load' : nameOfCommand(commandOf(pid));
    ledger.set(name, (ledger.get(name) ?? 0) + cpuMs);
  }
  return ledger;
}

/** What was used between two looks, a receipt's share of each, the largest first. */
export function cpuShares(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  receipts: number,
): { name: string; ms: number }[] {
  return [...after]
    .map(([name, ms]) => ({ name, ms: (ms - (before.get(name) ?? 0)) / Math.max(1, receipts) }))
    .filter(({ ms }) => ms >= 0.01)
    .sort((a, b) => b.ms - a.ms);
}
