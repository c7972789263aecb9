import type { Sql } from '../sql';

/** A term that ends soon or has ended, as its client said it. */
export interface EndingTerm {
  clientId: string;
  /** A rented register by its number, one of the client's own by its id. */
  subject: string;
  name: string;
  operatorName: string;
  paidUntil: string;
}

/** Until when operators are paid for registers. */
export class OperatorTermStore {
  constructor(private readonly sql: Sql) {}

  /** What the client says of the operator the register is with now. */
  async say(term: {
    registerId: number;
    clientId: string;
    paidUntil: string;
    contract: string;
    saidBy: string;
  }): Promise<void> {
    await this.sql.query(
      `insert into operator_terms (register_id, client_id, operator_inn, paid_until, contract, said_by)
       select $1, $2, inn, $3, $4, $5 from register_operators where register_id = $1
       on conflict (register_id, client_id) do update set operator_inn = excluded.operator_inn,
         paid_until = excluded.paid_until, contract = excluded.contract, said_by = excluded.said_by, said_at = farm_now()`,
      [term.registerId, term.clientId, term.paidUntil, term.contract, term.saidBy],
    );
  }

  async forget(registerId: number, clientId: string): Promise<void> {
    await this.sql.query('delete from operator_terms where register_id = $1 and client_id = $2', [
      registerId,
      clientId,
    ]);
  }

  /**
   * Terms that end within so many days or ended in the last week: of rented registers whose rent does not include the
   * operator, and of clients' own.
   */
  async ending(today: string, withinDays: number): Promise<EndingTerm[]> {
    return this.sql.query<EndingTerm>(
      `select t.client_id as "clientId", k.id::text as subject, k.serial as name, o.name as "operatorName",
              t.paid_until::text as "paidUntil"
       from operator_terms t join registers k on k.id = t.register_id and k.client_id = t.client_id
       join register_operators o on o.register_id = k.id and o.inn = t.operator_inn
       where t.paid_until between $1::date - 7 and $1::date + $2::integer and k.state not in ('stock', 'closed')
       union all
       select e.client_id, e.id::text, e.name, coalesce(nullif(e.operator_name, ''), 'ОФД'), e.operator_paid_until::text
       from external_registers e
       where e.archived_at is null and e.operator_paid_until between $1::date - 7 and $1::date + $2::integer
       order by 1, 2`,
      [today, withinDays],
    );
  }
}
