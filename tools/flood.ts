import { randomUUID } from 'node:crypto';

/**
 * What a flood of one client does to another: measures accepts of client B alone, then while client A sends as fast as
 * it can, and prints both. `npm run flood -- --url http://127.0.0.1:8080 --a KEY --b KEY --a-group G --b-group G
 * [--seconds 10] [--per-second 10] [--senders 16]`. Keys are of two clients (`fk_live_…`).
 */
interface Options {
  url: string;
  a: string;
  b: string;
  'a-group': string;
  'b-group': string;
  seconds: number;
  'per-second': number;
  senders: number;
}

function read(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2)
    given.set((args[index] ?? '').replace(/^--/, ''), args[index + 1] ?? '');
  const text = (name: string): string => {
    const value = given.get(name);
    if (!value) throw new Error(`--${name} is missing`);
    return value;
  };
  const number = (name: string, usual: number): number => Number(given.get(name) ?? usual);
  return {
    url: given.get('url') ?? 'http://127.0.0.1:8080',
    a: text('a'),
    b: text('b'),
    'a-group': text('a-group'),
    'b-group': text('b-group'),
    seconds: number('seconds', 10),
    'per-second': number('per-second', 10),
    senders: number('senders', 16),
  };
}

const receipt = (group: string): object => ({
  group,
  operation: 'sell',
  client: { email: 'buyer@example.com' },
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

async function send(url: string, key: string, group: string): Promise<{ status: number; tookMs: number }> {
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

function told(answers: readonly { status: number; tookMs: number }[]): string {
  const times = answers.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const at = (part: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN).toFixed(1);
  const statuses = new Map<number, number>();
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${counts})`;
}

/** Client B at an even pace, each request at its time whether the last one was answered or not. */
async function steady(options: Options): Promise<{ status: number; tookMs: number }[]> {
  const asked: Promise<{ status: number; tookMs: number }>[] = [];
  for (let index = 0; index < options.seconds * options['per-second']; index += 1) {
    asked.push(send(options.url, options.b, options['b-group']));
    await pause(1_000 / options['per-second']);
  }
  return Promise.all(asked);
}

async function main(): Promise<void> {
  const options = read(process.argv.slice(2));
  const alone = await steady(options);
  console.log(`client B alone:          ${told(alone)}`);
  let isOver = false;
  const flood: { status: number; tookMs: number }[] = [];
  const senders = Array.from({ length: options.senders }, async () => {
    while (!isOver) flood.push(await send(options.url, options.a, options['a-group']));
  });
  await pause(2_000);
  const during = await steady(options);
  isOver = true;
  await Promise.all(senders);
  console.log(`client B beside a flood: ${told(during)}`);
  console.log(`client A's flood:        ${told(flood)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
