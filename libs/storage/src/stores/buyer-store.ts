import type { Sql } from '../sql';

/** What a buyer's page shows of one document. */
export interface BuyerDocument {
  form: number;
  tlv: Buffer;
  fiscalSign: number;
  recordedAt: Date;
  confirmedAt: Date | null;
  operatorInn: string | null;
  operatorName: string | null;
  /** Page of a receipt at the operator, with places `{fn}`, `{fd}`, `{fpd}`. */
  operatorUrl: string | null;
}

/** A registered receipt whose buyer has not been written to. */
export interface UnsentLetter {
  receiptId: string;
  clientId: string;
  email: string | null;
  phone: string | null;
  seller: string;
  totalKop: number;
  fnNumber: string;
  fdNumber: number;
  fiscalSign: number;
  /** Wall clock of the settlement place. */
  at: string;
}

/** Documents as buyers see them, and letters to buyers. */
export class BuyerStore {
  constructor(private readonly sql: Sql) {}

  /** Receipts and corrections only: reports are nobody's receipt. */
  async document(fnNumber: string, fdNumber: number): Promise<BuyerDocument | undefined> {
    const rows = await this.sql.query<BuyerDocument>(
      `select d.form, d.tlv, d.fiscal_sign::float8 as "fiscalSign", d.recorded_at as "recordedAt",
              d.confirmed_at as "confirmedAt", coalesce(moved.inn, g.ofd_inn) as "operatorInn",
              coalesce(moved.name, g.ofd_name) as "operatorName",
              case when moved.inn is null then g.ofd_receipt_url else moved.receipt_url end as "operatorUrl"
       from documents d join registers k on k.id = d.register_id
       left join receipts r on r.id = d.receipt_id
       left join register_groups g on g.id = coalesce(r.group_id, k.group_id)
       left join lateral (
         select n.inn, n.name, n.receipt_url from operator_changes c join operators n on n.id = c.to_operator_id
         where c.register_id = d.register_id and c.fn_number = d.fn_number and c.fd_before < d.fd_number
           and c.state in ('registering', 'done')
         order by c.id desc limit 1
       ) moved on true
       where d.fn_number = $1 and d.fd_number = $2 and d.form in (3, 4, 31, 41)`,
      [fnNumber, fdNumber],
      'buyers_document',
    );
    return rows[0];
  }

  /** Takes receipts of groups that write to their buyers, oldest first; each is taken once. */
  async takeUnsent(limit: number): Promise<UnsentLetter[]> {
    const rows = await this.sql.query<UnsentLetter>(
      `with due as (
         select r.id from register_groups g join receipts r on r.group_id = g.id
         where g.buyer_letters and r.state = 'done' and r.finished_at > farm_now() - interval '1 day'
           and not exists (select 1 from buyer_letters b where b.receipt_id = r.id)
         order by r.finished_at limit $1 for update of r skip locked
       ), taken as (
         insert into buyer_letters (receipt_id) select id from due on conflict do nothing returning receipt_id
       )
       select r.id as "receiptId", r.client_id as "clientId", r.content #>> '{client,email}' as email,
              r.content #>> '{client,phone}' as phone, g.user_name as seller, r.total_kop::float8 as "totalKop",
              d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.fiscal_sign::float8 as "fiscalSign",
              to_char(d.document_at, 'DD.MM.YYYY HH24:MI') as at
       from taken join receipts r on r.id = taken.receipt_id join register_groups g on g.id = r.group_id
       join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number`,
      [limit],
      'buyers_take_unsent',
    );
    return rows;
  }

  /** One receipt of a client, to be written about on request; undefined when it is not registered or not theirs. */
  async letterOf(clientId: string, receiptId: string): Promise<UnsentLetter | undefined> {
    const rows = await this.sql.query<UnsentLetter>(
      `select r.id as "receiptId", r.client_id as "clientId", r.content #>> '{client,email}' as email,
              r.content #>> '{client,phone}' as phone, g.user_name as seller, r.total_kop::float8 as "totalKop",
              d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.fiscal_sign::float8 as "fiscalSign",
              to_char(d.document_at, 'DD.MM.YYYY HH24:MI') as at
       from receipts r join register_groups g on g.id = r.group_id
       join documents d on d.fn_number = r.fn_number and d.fd_number = r.fd_number
       where r.id = $2 and r.client_id = $1 and r.state = 'done'`,
      [clientId, receiptId],
    );
    return rows[0];
  }

  /**
   * Takes the right to write about a receipt on request, so that nobody is flooded through us. Call it in the
   * transaction that writes the letter. Undefined when it may go out (and is counted), else the seconds to wait.
   */
  async takeResend(
    resend: { id: string; clientId: string; receiptId: string; channel: string; askedBy: string },
    limits: { pauseS: number; perReceiptADay: number; perClientAnHour: number },
  ): Promise<number | undefined> {
    // Requests of one client are counted one after another.
    await this.sql.query('select pg_advisory_xact_lock(540061, hashtext($1))', [resend.clientId]);
    const rows = await this.sql.query<{ waitS: number | null }>(
      `select ceil(greatest(
         (select extract(epoch from max(asked_at) - farm_now()) + $3 from receipt_resends where receipt_id = $1),
         (select extract(epoch from asked_at - farm_now()) + 86400 from receipt_resends
          where receipt_id = $1 order by asked_at desc offset $4 - 1 limit 1),
         (select extract(epoch from asked_at - farm_now()) + 3600 from receipt_resends
          where client_id = $2 order by asked_at desc offset $5 - 1 limit 1)
       ))::integer as "waitS"`,
      [resend.receiptId, resend.clientId, limits.pauseS, limits.perReceiptADay, limits.perClientAnHour],
      'buyers_resend_wait',
    );
    const waitS = rows[0]?.waitS ?? 0;
    if (waitS > 0) return waitS;
    await this.sql.query(
      `insert into receipt_resends (id, client_id, receipt_id, channel, asked_by) values ($1, $2, $3, $4, $5)`,
      [resend.id, resend.clientId, resend.receiptId, resend.channel, resend.askedBy],
      'buyers_resend',
    );
    return undefined;
  }
}
