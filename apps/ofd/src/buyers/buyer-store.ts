import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { FarmError, type Clock } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import type { Database } from '@kkt/storage';
import { type Contact, contactHash } from './contact';

const CODE_LIVES_MIN = 10;
const MAX_ATTEMPTS = 5;
/** Codes to one contact within the life of the first. */
const MAX_SENT = 3;
const SESSION_DAYS = 30;
export const BUYER_PAGE = 100;

export interface BuyerSession {
  contactHash: Buffer;
  /** Masked, to be shown. */
  contactShown: string;
}

export interface BuyerReceipt {
  fnNumber: string;
  fdNumber: number;
  fiscalSign: number;
  form: number;
  settlementSign: number | null;
  at: string;
  totalKop: number | null;
  enterprise: string;
  place: string;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Buyers who prove a contact by a code and see the receipts that were sent to it. */
export class BuyerStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a code to the contact; the same answer whether it has receipts or not, so that nobody learns who buys where.
   * `CLIENT-CODE-OFTEN`: too many codes were sent to it. `CLIENT-CODE-OFF`: no outbox in this installation.
   */
  async sendCode(contact: Contact, operatorName: string, language: 'ru' | 'en'): Promise<void> {
    const hash = contactHash(contact.text);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const now = new Date(this.clock.nowMs());
    await this.database.transaction(async (sql) => {
      const [outbox] = await sql.query<{ there: boolean }>(
        `select to_regclass('public.notifications') is not null as there`,
      );
      if (!outbox?.there) throw new FarmError('CLIENT-CODE-OFF', 'This installation sends no codes');
      const [row] = await sql.query<{ sent: number; firstSentAt: Date }>(
        `insert into ofd.buyer_codes as b (contact_hash, code_hash, first_sent_at, expires_at)
         values ($1, $2, $3, $3::timestamptz + make_interval(mins => $4))
         on conflict (contact_hash) do update set code_hash = excluded.code_hash, attempts = 0,
           sent = case when b.expires_at < $3 then 1 else b.sent + 1 end,
           first_sent_at = case when b.expires_at < $3 then $3 else b.first_sent_at end, expires_at = excluded.expires_at
         returning sent, first_sent_at as "firstSentAt"`,
        [hash, sha256(code), now, CODE_LIVES_MIN],
      );
      if (!row || row.sent > MAX_SENT) throw new FarmError('CLIENT-CODE-OFTEN', 'Too many codes');
      await notify(sql, {
        kind: 'buyer_code',
        params: { code, minutes: CODE_LIVES_MIN, operator: operatorName },
        to: { kind: 'address', id: contact.text },
        channel: contact.kind === 'email' ? 'email' : 'sms',
        event: `buyer-code-${hash.toString('hex').slice(0, 16)}-${now.getTime()}`,
        language,
        expiresInS: CODE_LIVES_MIN * 60,
      });
    });
  }

  /** A new session's secret, or undefined when the code is wrong, old, or was guessed at too often. */
  async enter(contact: Contact, code: string, shown: string): Promise<string | undefined> {
    const hash = contactHash(contact.text);
    const now = new Date(this.clock.nowMs());
    // Counted before it is compared: guesses side by side count too.
    const [row] = await this.database.query<{ codeHash: Buffer; attempts: number }>(
      `update ofd.buyer_codes set attempts = attempts + 1 where contact_hash = $1 and expires_at > $2
       returning code_hash as "codeHash", attempts`,
      [hash, now],
    );
    if (!row || row.attempts > MAX_ATTEMPTS || !timingSafeEqual(row.codeHash, sha256(code.trim())))
      return undefined;
    const secret = randomBytes(32).toString('base64url');
    await this.database.query('delete from ofd.buyer_codes where contact_hash = $1', [hash]);
    await this.database.query('delete from ofd.buyer_sessions where expires_at < $1', [now]);
    await this.database.query(
      `insert into ofd.buyer_sessions (id_hash, contact_hash, contact_shown, expires_at)
       values ($1, $2, $3, $4::timestamptz + make_interval(days => $5))`,
      [sha256(secret), hash, shown, now, SESSION_DAYS],
    );
    return secret;
  }

  async session(secret: string | undefined): Promise<BuyerSession | undefined> {
    if (!secret) return undefined;
    const [row] = await this.database.query<BuyerSession>(
      `select contact_hash as "contactHash", contact_shown as "contactShown" from ofd.buyer_sessions
       where id_hash = $1 and expires_at > $2`,
      [sha256(secret), new Date(this.clock.nowMs())],
    );
    return row;
  }

  async leave(secret: string): Promise<void> {
    await this.database.query('delete from ofd.buyer_sessions where id_hash = $1', [sha256(secret)]);
  }

  /** Receipts of the contact, newest first, a hundred at most; `before` is the last one of the page before. */
  receipts(
    session: BuyerSession,
    before?: Pick<BuyerReceipt, 'at' | 'fnNumber' | 'fdNumber'>,
  ): Promise<BuyerReceipt[]> {
    return this.database.query<BuyerReceipt>(
      `select d.fn_number as "fnNumber", d.fd_number as "fdNumber", d.fiscal_sign::float8 as "fiscalSign", d.form,
              d.settlement_sign as "settlementSign", to_char(d.document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at,
              d.total_kop::float8 as "totalKop", e.name as enterprise, o.name as place
       from ofd.buyer_receipts b join ofd.documents d using (fn_number, fd_number)
       join ofd.enterprises e on e.inn = d.inn join ofd.outlets o on o.id = d.outlet_id
       where b.contact_hash = $1 and ($2::timestamp is null
         or (b.document_at, b.fn_number, b.fd_number) < ($2::timestamp, $3::text, $4::int))
       order by b.document_at desc, b.fn_number desc, b.fd_number desc limit ${BUYER_PAGE}`,
      [session.contactHash, before?.at, before?.fnNumber, before?.fdNumber],
      'ofd-buyer-receipts',
    );
  }
}
