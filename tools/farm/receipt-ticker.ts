import { Client } from 'pg';
import { dim, green, red, say, yellow } from './screen';

const pollMs = 500;
const mostLinesAPoll = 20;
/** A receipt may become visible this much after the moment it carries: its transaction took that long. */
const lateSeconds = 10;

/** A finished receipt as the ticker shows it. */
export interface FinishedReceipt {
  readonly id: string;
  readonly external_id: string;
  readonly group_code: string;
  readonly state: string;
  /** bigint, as text. */
  readonly total_kop: string;
  readonly fn_number: string | null;
  readonly fd_number: number | null;
  readonly error_text: string | null;
  readonly clock: string;
}

const roubles = (totalKop: string): string => {
  const digits = totalKop.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)} ₽`;
};

/** One receipt, one line. */
export function receiptLine(receipt: FinishedReceipt): string {
  const { clock, external_id, group_code, state, total_kop, fn_number, fd_number, error_text } = receipt;
  const mark = state === 'done' ? green('✓') : state === 'failed' ? red('✗') : yellow('?');
  const outcome = state === 'done' ? `FN ${fn_number ?? '?'} FD ${fd_number ?? '?'}` : (error_text ?? state);
  return `${dim(clock)} ${mark} ${group_code}  ${external_id}  ${roubles(total_kop)}  ${outcome}`;
}

const query = `
  select r.id, r.external_id, g.code as group_code, r.state, r.total_kop::text as total_kop, r.fn_number, r.fd_number,
    r.error_text, to_char(r.finished_at at time zone $2, 'HH24:MI:SS') as clock
  from receipts r join register_groups g on g.id = r.group_id
  where r.finished_at > $1::timestamptz - make_interval(secs => ${lateSeconds})
  order by r.finished_at desc
  limit 2000`;

/**
 * Shows each receipt as it finishes. It only reads, and holds one connection; when the database goes away it
 * waits for it in silence, since the processes say enough about that.
 */
export class ReceiptTicker {
  private timer: NodeJS.Timeout | undefined;
  private client: Client | undefined;
  private isStopped = false;
  private seen = new Set<string>();
  private since: Date | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly show: (line: string) => void = say,
  ) {}

  /** Receipts finished before this call are not shown. */
  async start(): Promise<void> {
    await this.poll(false);
    this.schedule();
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.poll(true).finally(() => this.schedule()), pollMs);
  }

  private async connection(): Promise<Client> {
    if (this.client) return this.client;
    const client = new Client({ connectionString: this.databaseUrl, application_name: 'kkt-farm-ticker' });
    client.on('error', () => (this.client = undefined));
    await client.connect();
    this.client = client;
    return client;
  }

  /** Looks for receipts not yet seen. Public for tests. */
  async poll(isShown: boolean): Promise<void> {
    try {
      const client = await this.connection();
      const { rows: moments } = await client.query<{ now: Date }>('select now()');
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const { rows } = await client.query<FinishedReceipt>(query, [this.since ?? moments[0]?.now, zone]);
      const fresh = rows.filter(({ id }) => !this.seen.has(id)).reverse();
      this.seen = new Set(rows.map(({ id }) => id));
      this.since = moments[0]?.now;
      if (!isShown) return;
      for (const receipt of fresh.slice(0, mostLinesAPoll)) this.show(receiptLine(receipt));
      if (fresh.length > mostLinesAPoll) this.show(dim(`… and ${fresh.length - mostLinesAPoll} more`));
    } catch {
      this.client?.end().catch(() => undefined);
      this.client = undefined;
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }
}
