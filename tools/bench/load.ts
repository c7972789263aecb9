import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

export interface LoadFigures {
  /** Answers 2xx a second. */
  perS: number;
  ok: number;
  /** Answers of another kind, errors and timeouts. */
  bad: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU of the server a good answer, milliseconds. */
  cpuMs: number;
}

const ticksPerS = 100;

/** CPU time a process has used, milliseconds (user and system). */
export async function cpuMsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerS;
}

export interface LoadOptions {
  url: string;
  pid: number;
  connections: number;
  seconds: number;
  /** What the next request is: its own path, headers and body. */
  next: () => { path: string; headers: Record<string, string>; body: string };
}

/** Keeps so many connections busy and counts what came back and what it cost the server. */
export async function load(options: LoadOptions): Promise<LoadFigures> {
  const { url, pid, connections, seconds, next } = options;
  const before = await cpuMsOf(pid);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 30,
    requests: [{ method: 'POST', setupRequest: (request) => ({ ...request, ...next() }) }],
  });
  const cpuMs = (await cpuMsOf(pid)) - before;
  const ok = result['2xx'];
  return {
    perS: ok / result.duration,
    ok,
    bad: result.non2xx + result.errors + result.timeouts,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMs: cpuMs / Math.max(1, ok),
  };
}
