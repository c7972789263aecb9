import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import type { Database } from '@kkt/storage';
import { Dice } from './dice';
import { Drain } from './drain';
import { goodSample } from './good-body';
import { damaged, mutated } from './mutate';
import { Poster } from './post';
import type { FuzzWorld } from './world';

export interface FuzzOptions {
  bodies: number;
  seed: number;
  /** Requests under way at once. */
  parallel: number;
  say?: (line: string) => void;
}

export interface FuzzResult {
  seed: number;
  sent: number;
  accepted: number;
  refused: number;
  /** Accepted receipts that became documents of an emulated FN. */
  registered: number;
  slowestMs: number;
  findings: string[];
  tookS: number;
}

/** The longest an answer may take. */
const hangMs = 1_000;
/** An answer that took longer is asked for again, alone: a busy machine is no finding, a slow body is slow each time. */
const retries = 5;
const mostFindings = 50;
/** The protocol's error of a receipt that passed every rule and could not be kept. */
const notStored = 1;
/** The door limits how often one token may ask; that is no finding, and the body is sent again. */
const limitPauseMs = 250;

interface Shot {
  path: string;
  body: Buffer;
  headers: Record<string, string>;
}

const contentTypes = [
  'application/json; charset=utf-8',
  'application/json',
  'application/json; charset=windows-1251',
  'text/plain',
  'application/x-www-form-urlencoded',
];

/** How a body is treated: most stay near the rules, so that acceptance is tried as much as refusal. */
function shotOf(dice: Dice, token: string): Shot {
  const { version, group, operation, body } = goodSample(dice);
  const kind = dice.next();
  const changes = kind < 0.35 ? 0 : kind < 0.7 ? 1 : dice.int(2, 6);
  const text = JSON.stringify(mutated(body, changes, dice));
  return {
    path: `/possystem/v${version}/${group}/${operation}`,
    body: kind > 0.95 ? damaged(text, dice) : Buffer.from(text),
    headers: { token, 'content-type': dice.chance(0.97) ? 'application/json' : dice.pick(contentTypes) },
  };
}

/** What is wrong with an answer, whatever the body was. */
function faultOf(status: number, text: string): string | undefined {
  if (status >= 500) return `HTTP ${status}`;
  if (![200, 400, 413, 415].includes(status)) return `HTTP ${status}`;
  try {
    const { uuid, error } = JSON.parse(text) as { uuid?: unknown; error?: { code?: unknown } | null };
    if (error?.code === notStored) return 'a receipt that the database does not take';
    const isRight =
      status === 200 ? typeof uuid === 'string' && error === null : typeof error?.code === 'number';
    return isRight ? undefined : 'an answer of another shape';
  } catch {
    return 'an answer that is no JSON';
  }
}

/** Posts bodies at a running receipt API, then registers what it accepted on emulated modules. */
export async function fuzz(world: FuzzWorld, options: FuzzOptions): Promise<FuzzResult> {
  const startedMs = performance.now();
  const dice = new Dice(options.seed);
  const poster = new Poster(world.port, options.parallel);
  const result: FuzzResult = {
    seed: options.seed,
    sent: 0,
    accepted: 0,
    refused: 0,
    registered: 0,
    slowestMs: 0,
    findings: [],
    tookS: 0,
  };
  const find = (what: string, shot: { path: string; body: Buffer }): void => {
    if (result.findings.length < mostFindings)
      result.findings.push(`${what} | ${shot.path} | ${shot.body.toString().slice(0, 3000)}`);
  };

  const send = async (shot: Shot): Promise<void> => {
    try {
      let answer = await poster.post(shot.path, shot.body, shot.headers);
      while (answer.status === 429) {
        await new Promise((go) => setTimeout(go, limitPauseMs));
        answer = await poster.post(shot.path, shot.body, shot.headers);
      }
      let { tookMs } = answer;
      for (let left = retries; tookMs > hangMs && left > 0; left--)
        tookMs = Math.min(tookMs, (await poster.post(shot.path, shot.body, shot.headers)).tookMs);
      result.slowestMs = Math.max(result.slowestMs, tookMs);
      if (tookMs > hangMs) find(`an answer in ${Math.round(tookMs)} ms`, shot);
      if (answer.status === 200) result.accepted++;
      else result.refused++;
      const fault = faultOf(answer.status, answer.body);
      if (fault !== undefined) find(`${fault}: ${answer.body.slice(0, 300)}`, shot);
    } catch (error) {
      find(`no answer: ${(error as Error).message}`, shot);
    }
  };

  const worker = async (): Promise<void> => {
    while (result.sent < options.bodies && world.isRunning()) {
      result.sent++;
      if (result.sent % 10_000 === 0) options.say?.(`${result.sent} sent, ${result.accepted} accepted`);
      await send(shotOf(dice, world.token));
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  poster.close();
  if (!world.isRunning()) result.findings.push('the receipt API died');
  await drainAll(world.database, result, options);
  result.tookS = Math.round((performance.now() - startedMs) / 100) / 10;
  return result;
}

interface AcceptedRow {
  no: string;
  ffd: FfdVersion;
  content: ReceiptContent;
}

const rowsAtOnce = 500;

async function drainAll(database: Database, result: FuzzResult, { say }: FuzzOptions): Promise<void> {
  const drain = new Drain();
  let last = '0';
  let seen = 0;
  for (;;) {
    const rows = await database.query<AcceptedRow>(
      `select r.queue_no::text as no, g.ffd, r.content from receipts r join register_groups g on g.id = r.group_id
       where r.state = 'queued' and r.queue_no > $1::bigint order by r.queue_no limit $2`,
      [last, rowsAtOnce],
    );
    if (rows.length === 0) break;
    for (const { no, ffd, content } of rows) {
      last = no;
      const fault = await drain.sell(content, ffd);
      if (fault === undefined) result.registered++;
      else if (result.findings.length < mostFindings)
        result.findings.push(
          `accepted, but not registered: ${fault} | ${JSON.stringify(content).slice(0, 3000)}`,
        );
      if (++seen % 5_000 === 0) say?.(`${seen} taken to the FN`);
    }
  }
  await drain.close();
}
