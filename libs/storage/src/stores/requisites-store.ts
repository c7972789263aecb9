import { oneRow, type Sql } from '../sql';

/** The farm's own requisites, as printed on its papers. */
export interface FarmRequisites {
  name: string;
  inn: string;
  kpp: string;
  ogrn: string;
  address: string;
  bankName: string;
  bik: string;
  account: string;
  correspondentAccount: string;
  headPost: string;
  headName: string;
  /** Group of registers that fiscalizes what clients pay by card. */
  receiptsGroup: string | null;
}

/** A client's requisites, as they go into a contract. */
export interface ClientRequisites {
  fullName: string;
  kpp: string | null;
  ogrn: string | null;
  address: string;
  bankName: string | null;
  bik: string | null;
  account: string | null;
  headPost: string;
  headName: string;
  /** What the head acts on. */
  actsOn: string;
}

export interface MoneySettings {
  warnBelowKop: number | null;
  receiptEmail: string | null;
}

/** Requisites of both sides and a client's wishes about money. */
export class RequisitesStore {
  constructor(private readonly sql: Sql) {}

  async farm(): Promise<FarmRequisites | undefined> {
    const rows = await this.sql.query<FarmRequisites>(
      `select name, inn, kpp, ogrn, address, bank_name as "bankName", bik, account,
              correspondent_account as "correspondentAccount", head_post as "headPost", head_name as "headName",
              receipts_group as "receiptsGroup" from farm_requisites`,
    );
    return rows[0];
  }

  async setFarm(own: FarmRequisites): Promise<void> {
    await this.sql.query(
      `insert into farm_requisites (name, inn, kpp, ogrn, address, bank_name, bik, account, correspondent_account,
         head_post, head_name, receipts_group)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (one) do nothing`,
      [
        own.name,
        own.inn,
        own.kpp,
        own.ogrn,
        own.address,
        own.bankName,
        own.bik,
        own.account,
        own.correspondentAccount,
        own.headPost,
        own.headName,
        own.receiptsGroup,
      ],
    );
  }

  async client(clientId: string): Promise<ClientRequisites | undefined> {
    const rows = await this.sql.query<ClientRequisites>(
      `select full_name as "fullName", kpp, ogrn, address, bank_name as "bankName", bik, account,
              head_post as "headPost", head_name as "headName", acts_on as "actsOn"
       from client_requisites where client_id = $1`,
      [clientId],
    );
    return rows[0];
  }

  async setClient(clientId: string, own: ClientRequisites): Promise<void> {
    await this.sql.query(
      `insert into client_requisites (client_id, full_name, kpp, ogrn, address, bank_name, bik, account, head_post,
         head_name, acts_on)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (client_id) do update set full_name = $2, kpp = $3, ogrn = $4, address = $5, bank_name = $6,
         bik = $7, account = $8, head_post = $9, head_name = $10, acts_on = $11, updated_at = farm_now()`,
      [
        clientId,
        own.fullName,
        own.kpp,
        own.ogrn,
        own.address,
        own.bankName,
        own.bik,
        own.account,
        own.headPost,
        own.headName,
        own.actsOn,
      ],
    );
  }

  /** Name and INN of a client. */
  async clientName(clientId: string): Promise<{ name: string; inn: string }> {
    const rows = await this.sql.query<{ name: string; inn: string }>(
      'select name, inn from clients where id = $1',
      [clientId],
    );
    return oneRow(rows, 'a client');
  }

  async settings(clientId: string): Promise<MoneySettings> {
    const rows = await this.sql.query<MoneySettings>(
      `select warn_below_kop::float8 as "warnBelowKop", receipt_email as "receiptEmail"
       from money_settings where client_id = $1`,
      [clientId],
    );
    return rows[0] ?? { warnBelowKop: null, receiptEmail: null };
  }

  async setSettings(clientId: string, { warnBelowKop, receiptEmail }: MoneySettings): Promise<void> {
    await this.sql.query(
      `insert into money_settings (client_id, warn_below_kop, receipt_email) values ($1, $2, $3)
       on conflict (client_id) do update set warn_below_kop = $2, receipt_email = $3`,
      [clientId, warnBelowKop, receiptEmail],
    );
  }
}
