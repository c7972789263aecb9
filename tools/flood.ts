import { randomUUID } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { median, quantile } from './bench/row';

/**
 * What a flood of one client does to another: client B's accepts are measured alone, beside client A at its limit, and
 * beside a flood of A, turn about. `npm run flood -- --url http://127.0.0.1:8080 --a KEY --b KEY --a-group G --b-group G
 * [--seconds 10] [--per-second 50] [--limit 100] [--times 20] [--senders 64] [--rounds 3]`. Keys are of two clients
 * (`fk_live_…`). The flood is `times` the limit, by as many connections as `senders`, none of which pauses when it is
 * late. It has a thread of its own with the least priority: an attacker's processor is not the farm's. Ends with 1 when
 * the flood moves B's p99 by over 10 % against A at its limit, which A may do in any case.
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
  /** Requests a second that A may make. */
  limit: number;
  /** The flood, in limits. */
  times: number;
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
    limit: number('limit', 100),
    times: number('times', 20),
    senders: number('senders', 64),
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

const timesOf = (answers: readonly Answered[]): number[] => answers.map(({ tookMs }) => tookMs);

function told(answers: readonly Answered[]): string {
  const times = timesOf(answers);
  const at = (share: number): string => quantile(times, share).toFixed(1);
  const statuses = new Map<number, number>();
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${counts})`;
}

/** One client at an even pace, each request at its time whether the last one was answered or not. */
async function steady(
  options: Pick<Options, 'url'>,
  { key, group, perS }: { key: string; group: string; perS: number },
  isOver: () => boolean,
): Promise<Answered[]> {
  const asked: Promise<Answered>[] = [];
  const begunMs = performance.now();
  for (let index = 0; !isOver(); index += 1) {
    await pause(Math.max(0, begunMs + (index * 1_000) / perS - performance.now()));
    asked.push(send(options.url, key, group));
  }
  return Promise.all(asked);
}

const forSeconds = (seconds: number): (() => boolean) => {
  const endMs = performance.now() + seconds * 1_000;
  return () => performance.now() >= endMs;
};

/** Client A, in a thread of its own, until it is told to stop; then it tells what it was answered. */
async function neighbour({ options, isFlood }: { options: Options; isFlood: boolean }): Promise<void> {
  setPriority(constants.priority.PRIORITY_LOW);
  let isOver = false;
  parentPort?.once('message', () => (isOver = true));
  const { url, a: key, 'a-group': group, limit, times, senders } = options;
  if (!isFlood) {
    parentPort?.postMessage(await steady(options, { key, group, perS: limit }, () => isOver));
    return;
  }
  const answers: Answered[] = [];
  const perSenderMs = (1_000 * senders) / (limit * times);
  await Promise.all(
    Array.from({ length: senders }, async (_, index) => {
      let nextMs = performance.now() + (index * perSenderMs) / senders;
      while (!isOver) {
        await pause(Math.max(0, nextMs - performance.now()));
        nextMs += perSenderMs;
        // A refusal may come with the end of its connection.
        answers.push(await send(url, key, group).catch(() => ({ status: 0, tookMs: 0 })));
      }
    }),
  );
  parentPort?.postMessage(answers);
}

async function beside(options: Options, isFlood: boolean): Promise<{ b: Answered[]; a: Answered[] }> {
  const worker = new Worker(__filename, { workerData: { options, isFlood } });
  const ended = new Promise<Answered[]>((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
  });
  // A flood that fails at once must not go unnoticed until it is asked for.
  ended.catch(() => undefined);
  await pause(warmUpS * 1_000);
  const b = await alone(options, options.seconds);
  worker.postMessage('stop');
  return { b, a: await ended };
}

const alone = (options: Options, seconds: number): Promise<Answered[]> =>
  steady(
    options,
    { key: options.b, group: options['b-group'], perS: options['per-second'] },
    forSeconds(seconds),
  );

async function main(): Promise<void> {
  const options = read(process.argv.slice(2));
  const warm = await alone(options, warmUpS);
  const refused = warm.find(({ status }) => status !== 202);
  if (refused) throw new Error(`client B is answered ${refused.status}: is its key or its group right?`);
  const p99 = { alone: [] as number[], within: [] as number[], flood: [] as number[] };
  for (let round = 1; round <= options.rounds; round += 1) {
    const quiet = await alone(options, options.seconds);
    const within = await beside(options, false);
    const flood = await beside(options, true);
    p99.alone.push(quantile(timesOf(quiet), 0.99));
    p99.within.push(quantile(timesOf(within.b), 0.99));
    p99.flood.push(quantile(timesOf(flood.b), 0.99));
    console.log(`${round}. client B alone:               ${told(quiet)}`);
    console.log(`${round}. client B beside A's limit:    ${told(within.b)}`);
    console.log(`${round}. client B beside A's flood:    ${told(flood.b)}`);
    console.log(`${round}. client A's flood:             ${told(flood.a)}`);
  }
  const [quiet, within, flood] = [median(p99.alone), median(p99.within), median(p99.flood)];
  const change = flood / within - 1;
  console.log(
    `flood p99_alone_ms=${quiet.toFixed(1)} p99_within_ms=${within.toFixed(1)} p99_beside_ms=${flood.toFixed(1)} change_percent=${(100 * change).toFixed(1)}`,
  );
  process.exitCode = change <= allowedChange ? 0 : 1;
}

(isMainThread ? main() : neighbour(workerData as { options: Options; isFlood: boolean })).catch(
  (error: unknown) => {
    if (!isMainThread) throw error;
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
