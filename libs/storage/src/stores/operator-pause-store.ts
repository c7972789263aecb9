import type { Sql } from '../sql';

/** The address that operators are told apart by: where their messages go. */
export interface OperatorAddress {
  host: string;
  port: number;
}

/** Whether messages are carried to an operator; the relay reads it with every claim. */
export class OperatorPauseStore {
  constructor(private readonly sql: Sql) {}

  /** Nothing new is sent to it; what is on the wire ends. False when it is paused already. */
  async pause({ host, port }: OperatorAddress, by: string, why: string): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into operator_pauses (host, port, paused_by, paused_why) values ($1, $2, $3, $4)
       on conflict do nothing returning host`,
      [host, port, by, why],
    );
    return rows.length > 0;
  }

  /** False when it is not paused. */
  async resume({ host, port }: OperatorAddress): Promise<boolean> {
    const rows = await this.sql.query(
      'delete from operator_pauses where host = $1 and port = $2 returning host',
      [host, port],
    );
    return rows.length > 0;
  }

  /** INNs of the operators whose registers send to this address. */
  async innsAt({ host, port }: OperatorAddress): Promise<string[]> {
    const rows = await this.sql.query<{ inn: string }>(
      'select distinct inn from register_operators where host = $1 and port = $2',
      [host, port],
    );
    return rows.map(({ inn }) => inn);
  }
}
