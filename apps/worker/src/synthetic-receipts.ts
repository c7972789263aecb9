import { createHmac } from 'node:crypto';
import { type Clock, type Ids, type Log, sleep } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

export const syntheticLogin = 'synthetic';
/** Group whose registers are set apart for test receipts. */
export const syntheticGroup = 'test-receipts';

/** Password of the login, known only to processes with the secret key. */
export const syntheticPassword = (secretKey: Buffer): string =>
  createHmac('sha256', secretKey).update('synthetic receipts v1').digest('base64url');

export interface SyntheticOptions {
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  secretKey: Buffer;
  /** Address of the receipt API, as shops reach it. */
  apiUrl: string;
}

interface GroupRow {
  code: string;
  inn: string;
  protocol: number;
  payment_address: string;
}

const answerTimeoutMs = 10_000;
const registerWithinMs = 60_000;
const pollEveryMs = 100;
const lockNumber = 540_079;

/** Sends a test receipt through the shops' own door and follows it to its report; what it took is stored. */
export class SyntheticReceipts {
  private token: string | undefined;

  constructor(private readonly options: SyntheticOptions) {}

  /** One receipt, by one of several workers, when the last is old enough and a group is set apart. */
  async turn(everyS: number): Promise<void> {
    const { database, ids, log } = this.options;
    const group = await database.transaction(async (sql) => {
      const [lock] = await sql.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
        lockNumber,
      ]);
      if (!lock?.got) return undefined;
      const [row] = await sql.query<GroupRow>(
        `select g.code, g.inn, g.protocol, g.payment_address from register_groups g
         where g.code = $1 and exists (select 1 from registers k where k.group_id = g.id and k.state = 'ready')
           and not exists (select 1 from synthetic_receipts s where s.started_at > farm_now() - make_interval(secs => $2))`,
        [syntheticGroup, everyS - 1],
      );
      return row;
    });
    if (!group) return;
    const id = ids.uuid();
    const result = await this.send(id, group).catch((error: Error) => ({ error: error.message }));
    const isOk = !('error' in result);
    await database.query(
      'insert into synthetic_receipts (id, group_code, accept_ms, register_ms, outcome, error) values ($1, $2, $3, $4, $5, $6)',
      isOk
        ? [id, group.code, result.acceptMs, result.registerMs, 'ok', null]
        : [id, group.code, null, null, 'failed', result.error.slice(0, 500)],
    );
    if (isOk) log.debug({ ...result }, 'test receipt passed');
    else log.warn({ error: result.error }, 'test receipt failed');
    await database.query(`delete from synthetic_receipts where started_at < farm_now() - interval '95 days'`);
  }

  private async send(id: string, group: GroupRow): Promise<{ acceptMs: number; registerMs: number }> {
    const { clock } = this.options;
    this.token ??= await this.login();
    const root = `${this.options.apiUrl}/possystem/v${group.protocol}/${group.code}`;
    const sinceMs = clock.monotonicMs();
    const accepted = await this.call('POST', `${root}/sell`, receiptOf(id, group, clock.nowMs()));
    const acceptMs = clock.monotonicMs() - sinceMs;
    const { uuid, error } = accepted as { uuid?: string; error?: { code: number; text: string } | null };
    if (!uuid || error) {
      // A token may have run out: the next receipt takes a new one.
      this.token = undefined;
      throw new Error(`accept: ${error?.code ?? '?'} ${error?.text ?? 'no uuid'}`);
    }
    while (clock.monotonicMs() - sinceMs < registerWithinMs) {
      await sleep(clock, pollEveryMs);
      const report = (await this.call('GET', `${root}/report/${uuid}`)) as {
        status?: string;
        error?: { code: number; text: string } | null;
      };
      if (report.status === 'done')
        return {
          acceptMs: Math.round(acceptMs),
          registerMs: Math.round(clock.monotonicMs() - sinceMs - acceptMs),
        };
      if (report.status === 'fail')
        throw new Error(`register: ${report.error?.code ?? '?'} ${report.error?.text ?? ''}`);
    }
    throw new Error(`register: no result within ${registerWithinMs / 1_000} s`);
  }

  private async login(): Promise<string> {
    const answer = (await this.call('POST', `${this.options.apiUrl}/possystem/v4/getToken`, {
      login: syntheticLogin,
      pass: syntheticPassword(this.options.secretKey),
    })) as { token?: string; error?: { text: string } | null };
    if (!answer.token) throw new Error(`login: ${answer.error?.text ?? 'no token'}`);
    return answer.token;
  }

  private async call(method: string, url: string, body?: object): Promise<unknown> {
    const answer = await fetch(url, {
      method,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(this.token === undefined ? {} : { token: this.token }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return answer.json();
  }
}

function receiptOf(id: string, group: GroupRow, nowMs: number): object {
  const at = new Date(nowMs + 3 * 3_600_000).toISOString();
  return {
    timestamp: `${at.slice(8, 10)}.${at.slice(5, 7)}.${at.slice(0, 4)} ${at.slice(11, 19)}`,
    external_id: `synthetic-${id}`,
    receipt: {
      client: { email: 'test@farm.example' },
      company: {
        email: 'test@farm.example',
        sno: 'osn',
        inn: group.inn,
        payment_address: group.payment_address,
      },
      items: [{ name: 'Тестовый чек', price: 1.0, quantity: 1, sum: 1.0, vat: { type: 'none' } }],
      payments: [{ type: 1, sum: 1.0 }],
      total: 1.0,
    },
  };
}
