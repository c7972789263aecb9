import { randomUUID } from 'node:crypto';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * What a flood of one client does to another: client B's accepts are measured alone, then while client A sends as fast
 * as it can, turn about, and the p99 of both compared. `npm run flood -- --url http://127.0.0.1:8080 --a KEY --b KEY
 * --a-group G --b-group G [--seconds 10] [--per-second 50] [--senders 16] [--rounds 3]`. Keys are of two clients
 * (`fk_live_…`). The flood has a thread of its own, so that B's figures are the farm's and not this program's queue.
 */
interface Options {
  url: string;
  a: string;
  b: string;
  'a-group': string;
  'b-group': string;
  /** Of each measurement. */
  seconds: number;
  'per-second': number;
  senders: number;
  rounds: number;
}

interface Answered {
  status: number;
  tookMs: number;
}

/** What must hold: the others' p99 moves by no more. */
const allowedChange = 0.1;
const warmUpS = 2;

function read(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2)
    given.set((args[index] ?? '').replace(/^--/, ''), args[index + 1] ?? '');
  const text = (name: string): string => {
    const value = given.get(name);
    if (!value) throw new Error(`--${name} is missing`);
    return value;
  };
  const number = (name: string, usual: number): number => {
    const value = Number(given.get(name) ?? usual);
    if (!(value > 0)) throw new Error(`--${name} must be a number above zero`);
    return value;
  };
  return {
    url: given.get('url') ?? 'http://127.0.0.1:8080',
    a: text('a'),
    b: text('b'),
    'a-group': text('a-group'),
    'b-group': text('b-group'),
    seconds: number('seconds', 10),
    'per-second': number('per-second', 50),
    senders: number('senders', 16),
    rounds: number('rounds', 3),
  };
}

const receipt = (group: string): object => ({
  group,
  operation: 'sell',
  client: { email: 'buyer@example.com' },
  company: { sno: 'osn' },
  items: [
    {
      name: 'Кофе',
      price: '10.00',
      quantity: '1',
      payment_method: 'full_payment',
      payment_object: 'commodity',
      vat: { type: 'none' },
    },
  ],
  payments: [{ type: 'electronic' }],
});

async function send(url: string, key: string, group: string): Promise<Answered> {
  const since = performance.now();
  const answer = await fetch(`${url}/v1/receipts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': `flood-${randomUUID()}`,
    },
    body: JSON.stringify(receipt(group)),
  });
  await answer.arrayBuffer();
  return { status: answer.status, tookMs: performance.now() - since };
}

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

function quantile(answers: readonly Answered[], part: number): number {
  const times = answers.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
}

function told(answers: readonly Answered[]): string {
  const at = (part: number): string => quantile(answers, part).toFixed(1);
  const statuses = new Map<number, number>();
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${counts})`;
}

/** Client B at an even pace, each request at its time whether the last one was answered or not. */
async function steady(options: Options, seconds: number): Promise<Answered[]> {
  const asked: Promise<Answered>[] = [];
  const begunMs = performance.now();
  const everyMs = 1_000 / options['per-second'];
  for (let index = 0; index < seconds * options['per-second']; index += 1) {
    await pause(Math.max(0, begunMs + index * everyMs - performance.now()));
    asked.push(send(options.url, options.b, options['b-group']));
  }
  return Promise.all(asked);
}

/** Client A, in a thread of its own, until it is told to stop; then it tells what it was answered. */
async function flood({ url, a, senders, ...groups }: Options): Promise<void> {
  let isOver = false;
  parentPort?.once('message', () => (isOver = true));
  const answers: Answered[] = [];
  await Promise.all(
    Array.from({ length: senders }, async () => {
      while (!isOver) answers.push(await send(url, a, groups['a-group']));
    }),
  );
  parentPort?.postMessage(answers);
}

async function besideFlood(options: Options): Promise<{ b: Answered[]; a: Answered[] }> {
  const worker = new Worker(__filename, { workerData: options });
  const ended = new Promise<Answered[]>((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
  });
  // A flood that fails at once must not go unnoticed until it is asked for.
  ended.catch(() => undefined);
  await pause(warmUpS * 1_000);
  const b = await steady(options, options.seconds);
  worker.postMessage('stop');
  return { b, a: await ended };
}

const middle = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

async function main(): Promise<void> {
  const options = read(process.argv.slice(2));
  const warm = await steady(options, warmUpS);
  const refused = warm.find(({ status }) => status !== 202);
  if (refused) throw new Error(`client B is answered ${refused.status}: is its key or its group right?`);
  const p99: { alone: number[]; beside: number[] } = { alone: [], beside: [] };
  for (let round = 1; round <= options.rounds; round += 1) {
    const alone = await steady(options, options.seconds);
    const { a, b } = await besideFlood(options);
    p99.alone.push(quantile(alone, 0.99));
    p99.beside.push(quantile(b, 0.99));
    console.log(`${round}. client B alone:          ${told(alone)}`);
    console.log(`${round}. client B beside a flood: ${told(b)}`);
    console.log(`${round}. client A's flood:        ${told(a)}`);
  }
  const [alone, beside] = [middle(p99.alone), middle(p99.beside)];
  const change = beside / alone - 1;
  console.log(
    `flood p99_alone_ms=${alone.toFixed(1)} p99_beside_ms=${beside.toFixed(1)} change_percent=${(100 * change).toFixed(1)}`,
  );
  process.exitCode = change <= allowedChange ? 0 : 1;
}

(isMainThread ? main() : flood(workerData as Options)).catch((error: unknown) => {
  if (!isMainThread) throw error;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
