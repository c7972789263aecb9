import { Gauge, type Registry } from 'prom-client';
import type { Database } from '@kkt/storage';

interface FarmRow {
  waiting: number;
  oldest: number | null;
  working: number;
  in_doubt: number;
  callback_oldest: number | null;
  ledger: number;
  epoch: number;
  synthetic_ok: number | null;
  synthetic_s: number | null;
  registers: number;
  online: number;
}

interface Measure {
  name: string;
  help: string;
  of: (row: FarmRow) => number | null;
}

/** Read once for all of a scrape, and for scrapes that come close together. */
const keptMs = 2_000;

const measures: readonly Measure[] = [
  { name: 'receipts_waiting', help: 'Receipts in the queue', of: (row) => row.waiting },
  {
    name: 'receipts_oldest_waiting_timestamp_seconds',
    help: 'When the oldest waiting receipt was accepted',
    of: (row) => row.oldest,
  },
  { name: 'receipts_working', help: 'Receipts in the hands of registers', of: (row) => row.working },
  { name: 'receipts_in_doubt', help: 'Receipts whose FN has not been asked yet', of: (row) => row.in_doubt },
  {
    name: 'callback_oldest_pending_timestamp_seconds',
    help: 'When the oldest undelivered callback was written',
    of: (row) => row.callback_oldest,
  },
  {
    name: 'ledger_mismatch_documents',
    help: 'Open findings of the reconciliation with the FNs',
    of: (row) => row.ledger,
  },
  { name: 'driver_lease_epoch', help: 'The greatest fence of all leases', of: (row) => row.epoch },
  {
    name: 'synthetic_receipt_last_success_timestamp_seconds',
    help: 'When the last test receipt passed',
    of: (row) => row.synthetic_ok,
  },
  {
    name: 'synthetic_receipt_duration_seconds',
    help: 'From sending to the report, of the last test receipt that passed',
    of: (row) => row.synthetic_s,
  },
  { name: 'kkt_registers_in_use', help: 'Registers that serve clients', of: (row) => row.registers },
  { name: 'kkt_registers_online', help: 'Of those, on line', of: (row) => row.online },
];

/** Figures of the whole farm from the database: the same in every worker, so take `max` over instances, never `sum`. */
export function farmMetrics(registry: Registry, database: Database, nowMs: () => number): void {
  let kept: { atMs: number; row: Promise<FarmRow | undefined> } | undefined;
  const read = (): Promise<FarmRow | undefined> => {
    if (!kept || nowMs() - kept.atMs > keptMs)
      kept = { atMs: nowMs(), row: readRow(database).catch(() => undefined) };
    return kept.row;
  };
  for (const { name, help, of } of measures)
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const row = await read();
        const value = row && of(row);
        // Unknown is not zero: the series is absent until there is a value.
        if (value === null || value === undefined) this.remove();
        else this.set(value);
      },
    });
  new Gauge({
    name: 'kkt_alerts_open',
    help: 'Open alerts by priority',
    labelNames: ['priority'],
    registers: [registry],
    async collect() {
      const rows = await database
        .query<{ severity: number; n: number }>(
          'select severity, count(*)::integer as n from alerts where closed_at is null and not silenced group by 1',
        )
        .catch(() => undefined);
      this.reset();
      if (!rows) return;
      for (const priority of [1, 2, 3, 4])
        this.set({ priority: `P${priority}` }, rows.find(({ severity }) => severity === priority)?.n ?? 0);
    },
  });
}

async function readRow(database: Database): Promise<FarmRow | undefined> {
  const [row] = await database.query<FarmRow>(
    `with busy as (
       select count(*) filter (where state = 'queued')::integer as waiting,
              extract(epoch from min(accepted_at) filter (where state = 'queued'))::float8 as oldest,
              count(*) filter (where state = 'working')::integer as working,
              count(*) filter (where state = 'in_doubt')::integer as in_doubt
       from receipts where state in ('queued', 'working', 'in_doubt')
     ), synthetic as (
       select extract(epoch from started_at)::float8 as at, (coalesce(accept_ms, 0) + coalesce(register_ms, 0)) / 1000.0 as took
       from synthetic_receipts where outcome = 'ok' order by started_at desc limit 1
     )
     select busy.*, (select extract(epoch from min(created_at))::float8 from callbacks where state = 'pending') as callback_oldest,
            (select count(*)::integer from findings where state = 'open') as ledger,
            (select coalesce(max(fence), 0)::float8 from leases) as epoch,
            (select at from synthetic) as synthetic_ok, (select took::float8 from synthetic) as synthetic_s,
            (select count(*)::integer from registers where state in ('registering', 'ready', 'paused', 'stopped')) as registers,
            (select count(*)::integer from register_status s join leases l using (register_id) join registers k on k.id = s.register_id
             where s.online and l.expires_at > farm_now() and k.state in ('registering', 'ready', 'paused', 'stopped')) as online
     from busy`,
    [],
    'farm_metrics',
  );
  return row;
}
