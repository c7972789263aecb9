import { oneRow, type Sql } from '../sql';
import type { SessionRecord } from './account-store';

export interface StaffFactor {
  sealed: Buffer | null;
  pending: Buffer | null;
  /** The last time step whose code was taken: a code works once. */
  lastStep: number;
}

/** A live session of the console with whose it is. */
export interface StaffSessionRecord extends SessionRecord {
  staffId: string;
  staffName: string;
  role: string;
}

const maxTries = 5;

/** Second factor and sessions of the farm's own staff. */
export class StaffAccountStore {
  constructor(private readonly sql: Sql) {}

  async factor(staffId: string): Promise<StaffFactor | undefined> {
    const rows = await this.sql.query<StaffFactor>(
      `select totp_sealed as sealed, totp_pending as pending, totp_last_step::float8 as "lastStep"
       from staff where id = $1 for update`,
      [staffId],
    );
    return rows[0];
  }

  async hasFactor(staffId: string): Promise<boolean> {
    const rows = await this.sql.query('select 1 from staff where id = $1 and totp_sealed is not null', [
      staffId,
    ]);
    return rows.length > 0;
  }

  async setPending(staffId: string, sealed: Buffer): Promise<void> {
    await this.sql.query('update staff set totp_pending = $2 where id = $1', [staffId, sealed]);
  }

  async enable(staffId: string, sealed: Buffer, step: number, recovery: readonly Buffer[]): Promise<void> {
    await this.sql.query(
      'update staff set totp_sealed = $2, totp_pending = null, totp_last_step = $3 where id = $1',
      [staffId, sealed, step],
    );
    await this.sql.query('delete from staff_recovery_codes where staff_id = $1', [staffId]);
    for (const hash of recovery)
      await this.sql.query('insert into staff_recovery_codes (staff_id, code_hash) values ($1, $2)', [
        staffId,
        hash,
      ]);
  }

  async disable(staffId: string): Promise<void> {
    await this.sql.query(
      'update staff set totp_sealed = null, totp_pending = null, totp_last_step = 0 where id = $1',
      [staffId],
    );
    await this.sql.query('delete from staff_recovery_codes where staff_id = $1', [staffId]);
  }

  async useStep(staffId: string, step: number): Promise<void> {
    await this.sql.query('update staff set totp_last_step = $2 where id = $1', [staffId, step]);
  }

  async useRecoveryCode(staffId: string, hash: Buffer): Promise<boolean> {
    const rows = await this.sql.query(
      `update staff_recovery_codes set used_at = farm_now() where staff_id = $1 and code_hash = $2 and used_at is null
       returning staff_id`,
      [staffId, hash],
    );
    return rows.length === 1;
  }

  /** Five wrong codes in a quarter of an hour are enough. */
  async tooManyTries(staffId: string): Promise<boolean> {
    const rows = await this.sql.query<{ count: number }>(
      `select count(*)::integer as count from staff_factor_tries where staff_id = $1 and at > farm_now() - interval '15 minutes'`,
      [staffId],
    );
    return oneRow(rows, 'a count').count >= maxTries;
  }

  async wrongCode(staffId: string): Promise<void> {
    await this.sql.query('insert into staff_factor_tries (staff_id) values ($1)', [staffId]);
  }

  /** Live sessions of one member of the staff, or of all. */
  async sessions(own: Buffer, staffId?: string): Promise<StaffSessionRecord[]> {
    return this.sql.query<StaffSessionRecord>(
      `select encode(substring(w.id_hash from 1 for 6), 'hex') as name, w.address, w.agent, w.created_at as "createdAt",
              w.seen_at as "seenAt", w.expires_at as "expiresAt", w.id_hash = $1 as "isOwn", s.id as "staffId",
              s.name as "staffName", s.role
       from web_sessions w join staff s on s.id = w.staff_id
       where w.realm = 'console' and w.expires_at > farm_now() and ($2::uuid is null or w.staff_id = $2)
       order by w.seen_at desc limit 200`,
      [own, staffId ?? null],
    );
  }

  /** @returns whose it was, or undefined when there is no such session (of this member, when one is given) */
  async endSession(name: string, staffId?: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ staffId: string }>(
      `delete from web_sessions where realm = 'console' and encode(substring(id_hash from 1 for 6), 'hex') = $1
         and ($2::uuid is null or staff_id = $2) returning staff_id as "staffId"`,
      [name, staffId ?? null],
    );
    return rows[0]?.staffId;
  }
}
