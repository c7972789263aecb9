import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Money between the farm and its clients. What must hold whatever the code does: a transaction adds up to zero, is
 * booked once by its key and is never changed; a register is not rented twice in the same days; numbers of papers
 * have no gaps.
 */
export class Billing1795759500000 implements MigrationInterface {
  readonly name = 'Billing1795759500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger_transactions (
        id bigint generated always as identity primary key,
        key text not null constraint ledger_transactions_key unique,
        kind text not null check (kind in ('top_up', 'rent_paid', 'rent_day', 'rent_returned', 'drive_sold',
                                           'paid_out', 'partner_bonus', 'reversal')),
        day date not null,
        text text not null,
        booked_at timestamptz not null default farm_now()
      );
      create table ledger_postings (
        transaction_id bigint not null references ledger_transactions,
        account text not null
          check (account ~ '^(bank|card|revenue|vat|partner-cost|(client|deferred|partner):[0-9a-f-]{36})$'),
        amount_kop bigint not null check (amount_kop <> 0),
        primary key (transaction_id, account)
      );
      create index ledger_postings_account on ledger_postings (account, transaction_id);

      -- Sums of the postings, kept beside them: the row is also what a payment locks.
      create table ledger_balances (
        account text primary key,
        balance_kop bigint not null default 0,
        constraint ledger_balances_paid check (account !~ '^(client|deferred|partner):' or balance_kop >= 0)
      );

      create function ledger_adds_up() returns trigger language plpgsql as $$
      begin
        if (select coalesce(sum(amount_kop), 0) <> 0 or count(*) < 2
              from ledger_postings where transaction_id = new.id) then
          raise exception 'ledger transaction % does not add up to zero', new.key using constraint = 'ledger_adds_up';
        end if;
        return null;
      end $$;
      create constraint trigger ledger_adds_up after insert on ledger_transactions
        deferrable initially deferred for each row execute function ledger_adds_up();

      create function ledger_is_written_once() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is never changed: book a reversal' using constraint = 'ledger_is_written_once';
      end $$;
      create trigger ledger_is_written_once before update or delete on ledger_transactions
        for each row execute function ledger_is_written_once();
      create trigger ledger_is_written_once before update or delete on ledger_postings
        for each row execute function ledger_is_written_once();

      create table promo_codes (
        code text primary key check (code = upper(code) and code <> ''),
        discount_bp integer not null check (discount_bp between 1 and 10000),
        valid_from date not null,
        valid_to date not null,
        least_term_days integer not null default 1,
        uses_left integer check (uses_left >= 0)
      );

      create table rentals (
        id uuid primary key,
        client_id uuid not null references clients,
        register_id integer not null references registers,
        tariff_id text not null,
        first_day date not null,
        term_days integer not null check (term_days between 1 and 1096),
        price_kop bigint not null check (price_kop >= 0),
        promo_bp integer not null default 0,
        renews_itself boolean not null default false,
        is_trial boolean not null default false,
        earned_to date,
        ended_on date,
        last_day date not null,
        created_at timestamptz not null default farm_now(),
        check (last_day = coalesce(ended_on, first_day + term_days - 1)),
        -- A rental that ended before its first day has no days at all.
        constraint rentals_once exclude using gist
          (int4range(register_id, register_id, '[]') with &&, daterange(first_day, greatest(last_day + 1, first_day)) with &&)
      );
      create index rentals_client on rentals (client_id, first_day desc);
      create index rentals_unearned on rentals (first_day) where earned_to is null or earned_to < last_day;
      create index rentals_last_day on rentals (last_day);

      create table paper_numbers (
        series text not null check (series in ('invoice', 'act', 'reconciliation')),
        year integer not null,
        last integer not null,
        primary key (series, year)
      );
      create table papers (
        number text primary key,
        series text not null check (series in ('invoice', 'act', 'reconciliation')),
        client_id uuid not null references clients,
        day date not null,
        period_from date not null,
        period_to date not null,
        lines jsonb not null,
        total_kop bigint not null,
        vat_kop bigint not null,
        created_at timestamptz not null default farm_now()
      );
      create index papers_client on papers (client_id, day desc);

      create table parked_payments (
        reference text primary key,
        day date not null,
        amount_kop bigint not null,
        payer_inn text not null,
        payer_name text not null,
        purpose text not null,
        reason text not null check (reason in ('unknown_payer', 'several_clients')),
        settled_by text references ledger_transactions (key),
        created_at timestamptz not null default farm_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table parked_payments, papers, paper_numbers, rentals, promo_codes, ledger_balances, ledger_postings,
        ledger_transactions;
      drop function ledger_adds_up, ledger_is_written_once;
    `);
  }
}
