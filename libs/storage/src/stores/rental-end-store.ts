import type { Day, KeptRental } from '@kkt/billing';
import type { Sql } from '../sql';
import { rentalColumns } from './billing-store';

/** A register whose paid days are over. */
export interface UnpaidRegister {
  registerId: number;
  serial: string;
  clientId: string;
  lastDay: Day;
  isTrial: boolean;
}

/** The last rental of each register that is still with the client of it. */
const lastRentals = `select distinct on (r.register_id) r.register_id as "registerId", k.serial, r.client_id as "clientId",
    r.last_day::text as "lastDay", r.is_trial as "isTrial"
  from rentals r join registers k on k.id = r.register_id and k.client_id = r.client_id`;
const latestFirst = 'order by r.register_id, r.last_day desc';

/** Registers between the end of their rent and the stock. */
export class RentalEndStore {
  constructor(private readonly sql: Sql) {}

  /** Registers that take receipts though the last paid day is over. */
  async unpaid(today: Day): Promise<UnpaidRegister[]> {
    return this.sql.query<UnpaidRegister>(
      `select * from (${lastRentals} where k.state = 'ready' ${latestFirst}) one where "lastDay"::date < $1::date`,
      [today],
    );
  }

  /** Registers that stand for this reason though they are paid for again. */
  async paidAgain(today: Day, reason: string): Promise<UnpaidRegister[]> {
    return this.sql.query<UnpaidRegister>(
      `select * from (${lastRentals} where k.state = 'paused' and k.state_reason = $2 and r.first_day <= $1::date
                      ${latestFirst}) one where "lastDay"::date >= $1::date`,
      [today, reason],
    );
  }

  /** Registers that have stood for this reason longer than the days of grace, and that nobody works on. */
  async overdue(today: Day, reason: string, trialDays: number, paidDays: number): Promise<UnpaidRegister[]> {
    return this.sql.query<UnpaidRegister>(
      `select * from (${lastRentals} where k.state = 'paused' and k.state_reason = $2
         and not exists (select 1 from fn_workflows w where w.register_id = k.id and w.finished_at is null)
         ${latestFirst}) one
       where "lastDay"::date + (case when "isTrial" then $3 else $4 end)::integer < $1::date`,
      [today, reason, trialDays, paidDays],
    );
  }

  /** The rent of a register that leaves does not renew itself; a client who stops the leaving turns it on again. */
  async stopRenewals(registerId: number): Promise<void> {
    await this.sql.query(
      'update rentals set renews_itself = false where register_id = $1 and ended_on is null and renews_itself',
      [registerId],
    );
  }

  /** Rentals of a register with a day after `today`, locked. */
  async unended(registerId: number, clientId: string, today: Day): Promise<KeptRental[]> {
    return this.sql.query<KeptRental>(
      `select ${rentalColumns} from rentals
       where register_id = $1 and client_id = $2 and ended_on is null and last_day > $3::date order by first_day, id for update`,
      [registerId, clientId, today],
    );
  }

  async serials(registerIds: readonly number[]): Promise<string[]> {
    const rows = await this.sql.query<{ serial: string }>(
      'select serial from registers where id = any ($1::integer[]) order by serial',
      [registerIds],
    );
    return rows.map(({ serial }) => serial);
  }
}
