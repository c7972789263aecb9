import type { Kop } from '@kkt/contracts';
import type { Sql } from '../sql';

/** A card that the bank remembers for a client: what may be shown of it. */
export interface SavedCard {
  id: string;
  clientId: string;
  /** The bank's name of it; never shown. */
  binding: string;
  /** `220000**1234`. */
  mask: string;
  system: string;
  /** The last day it is valid, `YYYY-MM-DD`; null when the bank did not tell. */
  expiresOn: string | null;
  consentBy: string;
  consentAt: Date;
}

/** What a client wants the farm to do by itself when his balance is low. */
export interface AutoTopUp {
  clientId: string;
  cardId: string;
  belowKop: Kop;
  amountKop: Kop;
  /** In a calendar month of Moscow, top-ups made by itself together. */
  monthLimitKop: Kop;
  receiptEmail: string;
  enabled: boolean;
  consent: string;
  consentBy: string;
  consentAt: Date;
  failures: number;
  lastFailure: string | null;
}

/** A client whose balance is below his threshold, locked. */
export interface DueTopUp extends AutoTopUp {
  binding: string;
  mask: string;
  balanceKop: Kop;
  /** Paid or under way by itself this month. */
  monthKop: Kop;
  month: string;
}

const cardColumns = `id, client_id as "clientId", binding, mask, system, expires_on::text as "expiresOn",
  consent_by as "consentBy", consent_at as "consentAt"`;
const autoColumns = `a.client_id as "clientId", a.card_id as "cardId", a.below_kop::float8 as "belowKop",
  a.amount_kop::float8 as "amountKop", a.month_limit_kop::float8 as "monthLimitKop", a.receipt_email as "receiptEmail",
  a.enabled, a.consent, a.consent_by as "consentBy", a.consent_at as "consentAt", a.failures,
  a.last_failure as "lastFailure"`;

/** Saved cards and the top-ups that the farm asks for by itself. */
export class SavedCardStore {
  constructor(private readonly sql: Sql) {}

  async list(clientId: string): Promise<SavedCard[]> {
    return this.sql.query<SavedCard>(
      `select ${cardColumns} from saved_cards where client_id = $1 and removed_at is null order by created_at, id`,
      [clientId],
    );
  }

  async read(clientId: string, id: string): Promise<SavedCard | undefined> {
    const rows = await this.sql.query<SavedCard>(
      `select ${cardColumns} from saved_cards where client_id = $1 and id = $2 and removed_at is null`,
      [clientId, id],
    );
    return rows[0];
  }

  /** The bank told of a card it remembers; one it told of before is brought up to date. */
  async remember(card: Omit<SavedCard, 'consentAt'> & { consent: string }): Promise<void> {
    await this.sql.query(
      `insert into saved_cards (id, client_id, binding, mask, system, expires_on, consent, consent_by, consent_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, farm_now())
       on conflict on constraint saved_cards_binding do update set mask = excluded.mask, system = excluded.system,
         expires_on = excluded.expires_on, consent = excluded.consent, consent_by = excluded.consent_by,
         consent_at = excluded.consent_at, removed_at = null, forgotten_at = null`,
      [
        card.id,
        card.clientId,
        card.binding,
        card.mask,
        card.system,
        card.expiresOn,
        card.consent,
        card.consentBy,
      ],
    );
  }

  /** Takes a card off, and with it the top-ups that use it. False when there is none. */
  async remove(clientId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update saved_cards set removed_at = farm_now() where client_id = $1 and id = $2 and removed_at is null returning id`,
      [clientId, id],
    );
    await this.sql.query('update auto_top_ups set enabled = false where client_id = $1 and card_id = $2', [
      clientId,
      id,
    ]);
    return rows.length > 0;
  }

  /** Cards that the bank must still be told to forget. */
  async toForget(limit: number): Promise<{ id: string; binding: string }[]> {
    return this.sql.query(
      `select id, binding from saved_cards where removed_at is not null and forgotten_at is null
       order by removed_at limit $1`,
      [limit],
    );
  }

  async forgotten(id: string): Promise<void> {
    await this.sql.query(
      'update saved_cards set forgotten_at = farm_now() where id = $1 and removed_at is not null',
      [id],
    );
  }

  async auto(clientId: string): Promise<AutoTopUp | undefined> {
    const rows = await this.sql.query<AutoTopUp>(
      `select ${autoColumns} from auto_top_ups a where a.client_id = $1`,
      [clientId],
    );
    return rows[0];
  }

  async setAuto(
    wish: Pick<
      AutoTopUp,
      | 'clientId'
      | 'cardId'
      | 'belowKop'
      | 'amountKop'
      | 'monthLimitKop'
      | 'receiptEmail'
      | 'consent'
      | 'consentBy'
    >,
  ): Promise<void> {
    await this.sql.query(
      `insert into auto_top_ups (client_id, card_id, below_kop, amount_kop, month_limit_kop, receipt_email, consent, consent_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (client_id) do update set card_id = excluded.card_id, below_kop = excluded.below_kop,
         amount_kop = excluded.amount_kop, month_limit_kop = excluded.month_limit_kop,
         receipt_email = excluded.receipt_email, consent = excluded.consent, consent_by = excluded.consent_by,
         consent_at = farm_now(), enabled = true, failures = 0, last_failure = null, next_at = farm_now()`,
      [
        wish.clientId,
        wish.cardId,
        wish.belowKop,
        wish.amountKop,
        wish.monthLimitKop,
        wish.receiptEmail,
        wish.consent,
        wish.consentBy,
      ],
    );
  }

  async stopAuto(clientId: string): Promise<void> {
    await this.sql.query('update auto_top_ups set enabled = false where client_id = $1', [clientId]);
  }

  /** The next client who is due, locked; nobody else's top-up of his begins meanwhile. */
  async nextDue(): Promise<DueTopUp | undefined> {
    const rows = await this.sql.query<DueTopUp>(
      `select ${autoColumns}, c.binding, c.mask, coalesce(b.balance_kop, 0)::float8 as "balanceKop",
              spent.kop::float8 as "monthKop", to_char(farm_now() at time zone 'Europe/Moscow', 'YYYY-MM') as month
       from auto_top_ups a join saved_cards c on c.id = a.card_id and c.removed_at is null
       left join ledger_balances b on b.account = 'client:' || a.client_id
       cross join lateral (
         select coalesce(sum(p.amount_kop), 0) as kop from card_payments p
         where p.client_id = a.client_id and p.is_auto and p.state <> 'failed'
           and p.created_at >= date_trunc('month', farm_now() at time zone 'Europe/Moscow') at time zone 'Europe/Moscow'
       ) spent
       where a.enabled and a.next_at <= farm_now() and coalesce(b.balance_kop, 0) < a.below_kop
         and not exists (select 1 from card_payments p where p.client_id = a.client_id and p.is_auto
                          and p.state in ('new', 'pending'))
       order by a.next_at limit 1 for update of a skip locked`,
    );
    return rows[0];
  }

  /** Not before so many seconds again. */
  async putOff(clientId: string, seconds: number): Promise<void> {
    await this.sql.query(
      'update auto_top_ups set next_at = farm_now() + make_interval(secs => $2) where client_id = $1',
      [clientId, seconds],
    );
  }

  /** Counts a failure and puts the next try off; the last one allowed turns it off. Returns how many there were. */
  async failed(clientId: string, note: string, againInS: number, mostFailures: number): Promise<number> {
    const rows = await this.sql.query<{ failures: number }>(
      `update auto_top_ups set failures = failures + 1, last_failure = $2,
         next_at = farm_now() + make_interval(secs => $3), enabled = enabled and failures + 1 < $4
       where client_id = $1 returning failures`,
      [clientId, note, againInS, mostFailures],
    );
    return rows[0]?.failures ?? 0;
  }

  async worked(clientId: string): Promise<void> {
    await this.sql.query('update auto_top_ups set failures = 0, last_failure = null where client_id = $1', [
      clientId,
    ]);
  }
}
