import type { Database } from '@kkt/storage';

/**
 * Measures the last whole minutes of service: finished receipts, time to register, time to call back. Safe to repeat and
 * to run from several workers: a minute's row is the same whoever writes it.
 */
export async function measureService(database: Database): Promise<void> {
  await database.query(
    `insert into service_minutes as m (minute, done, failed, register_p50_ms, register_p95_ms, callback_p95_ms, accept_ms)
     select t.minute, coalesce(r.done, 0), coalesce(r.failed, 0), r.p50, r.p95,
            (select percentile_cont(0.95) within group (order by extract(epoch from c.finished_at - c.created_at) * 1000)::integer
             from callbacks c where c.state = 'delivered' and c.finished_at >= t.minute and c.finished_at < t.minute + interval '1 minute'
               and c.created_at > t.minute - interval '10 minutes'),
            (select avg(s.accept_ms)::integer from synthetic_receipts s where s.outcome = 'ok' and s.started_at >= t.minute
               and s.started_at < t.minute + interval '1 minute')
     from generate_series(date_trunc('minute', farm_now()) - interval '3 minutes', date_trunc('minute', farm_now()) - interval '1 minute',
       interval '1 minute') as t(minute)
     left join lateral (
       select count(*) filter (where state = 'done')::integer as done, count(*) filter (where state = 'failed')::integer as failed,
              percentile_cont(0.5) within group (order by extract(epoch from finished_at - accepted_at) * 1000) filter (where state = 'done') as p50,
              percentile_cont(0.95) within group (order by extract(epoch from finished_at - accepted_at) * 1000) filter (where state = 'done') as p95
       from receipts where finished_at >= t.minute and finished_at < t.minute + interval '1 minute'
     ) r on true
     on conflict (minute) do update set done = excluded.done, failed = excluded.failed, register_p50_ms = excluded.register_p50_ms,
       register_p95_ms = excluded.register_p95_ms, callback_p95_ms = excluded.callback_p95_ms, accept_ms = excluded.accept_ms`,
    [],
    'service_minutes',
  );
  await database.query(`delete from service_minutes where minute < farm_now() - interval '95 days'`);
  await database.query(`delete from intake_refusals where minute < farm_now() - interval '7 days'`);
}
