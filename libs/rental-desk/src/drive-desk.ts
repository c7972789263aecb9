import { drivePriceOn, sellDrive } from '@kkt/billing';
import { FarmError } from '@kkt/contracts';
import { BillingStore, type Sql } from '@kkt/storage';
import { todayOf } from './billing';
import type { RentalPorts } from './ports';

/** A fiscal drive that a client owns and that is in no register. */
export interface OwnDrive {
  fnNumber: string;
  model: string;
  state: string;
  cell: string | null;
  responsible: string | null;
  keepUntil: string | null;
  returnAct: string | null;
}

/** Fiscal drives that clients buy and keep. */
export class DriveDesk {
  constructor(private readonly ports: RentalPorts) {}

  /**
   * Needs a transaction. Sells a tested drive of the stock; from then on it is the client's for ever (54-FZ art. 4.1).
   * @throws FarmError CLIENT-NO-STOCK, CLIENT-BALANCE with `missingKop`, CLIENT-ORDER for a model that is not sold
   */
  async buy(sql: Sql, clientId: string, model: string): Promise<{ fnNumber: string; priceKop: number }> {
    const today = todayOf(this.ports);
    const price = drivePriceOn(model, today);
    if (!price) throw new FarmError('CLIENT-ORDER', `ФН модели ${model} не продаётся`, { field: 'model' });
    const books = new BillingStore(sql);
    const haveKop = await books.lockedBalanceKop(`client:${clientId}`);
    if (haveKop < price.priceKop)
      throw new FarmError('CLIENT-BALANCE', 'На балансе не хватает денег', {
        field: 'model',
        missingKop: price.priceKop - haveKop,
      });
    const fnNumber = await this.take(sql, clientId, model);
    if (!fnNumber) throw new FarmError('CLIENT-NO-STOCK', 'Проверенных ФН этой модели на складе нет');
    await books.book(sellDrive(clientId, fnNumber, model, price.priceKop, today));
    return { fnNumber, priceKop: price.priceKop };
  }

  /** Drives of a client outside of registers: for swaps, kept in the safe, handed over. */
  drives(clientId: string): Promise<OwnDrive[]> {
    return this.ports.database.query<OwnDrive>(
      `select f.fn_number as "fnNumber", f.model, f.state, f.cell, f.responsible,
              f.keep_until::text as "keepUntil", f.return_act as "returnAct"
       from fiscal_drives f
       where f.client_id = $1 and f.state <> 'installed'
         and not exists (select 1 from registers k where k.fn_number = f.fn_number)
       order by f.state, f.fn_number`,
      [clientId],
    );
  }

  private async take(sql: Sql, clientId: string, model: string): Promise<string | undefined> {
    const rows = await sql.query<{ fnNumber: string }>(
      `update fiscal_drives set client_id = $1 where fn_number = (
         select f.fn_number from fiscal_drives f
         where f.client_id is null and f.state = 'tested' and f.model = $2
           and not exists (select 1 from registers k where k.fn_number = f.fn_number)
         order by f.fn_number limit 1 for update skip locked)
       returning fn_number as "fnNumber"`,
      [clientId, model],
    );
    return rows[0]?.fnNumber;
  }
}
