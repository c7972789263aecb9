import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { type Database, onlineNow } from '@kkt/storage';
import type { DoubtEvidence, DoubtView } from '@kkt/web-contract';
import { moment, placeOf } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { RegisterDesk } from '../registers/register-desk';
import type { Caller } from '../session/session.guard';

interface DoubtRow {
  intentId: string;
  kind: string;
  state: 'open' | 'stuck';
  note: string | null;
  createdAt: Date;
  fence: string;
  fnNumber: string;
  fdBefore: number;
  registerId: number;
  serial: string;
  place: Record<string, string | number>;
  registerState: string;
  driverId: string;
  online: boolean;
  fnInSlot: string | null;
  lastFdSeen: number | null;
  seenAt: Date | null;
  lastFdStored: number;
  receiptId: string | null;
  externalId: string | null;
  receiptState: string | null;
  waitReason: string | null;
  totalKop: string | null;
  groupCode: string | null;
  clientName: string | null;
  order: DoubtView['order'];
}

/** An intent younger than this is simply a receipt being registered. */
const youngS = 5;

/** What is not decided yet, with the evidence on both sides, and the question to the FN for many at once. */
@Injectable()
export class DoubtDesk {
  private readonly database: Database;

  constructor(
    @Inject(PARTS) parts: ConsoleParts,
    @Inject(RegisterDesk) private readonly registers: RegisterDesk,
  ) {
    this.database = parts.database;
  }

  /** Intents that a person must decide first, then those that have been open too long, the oldest first. */
  async list(): Promise<DoubtView[]> {
    const rows = await this.database.query<DoubtRow>(
      `select i.id::text as "intentId", i.kind, i.state, i.note, i.created_at as "createdAt", i.fence::text, i.fn_number as "fnNumber",
              i.fd_before as "fdBefore", k.id as "registerId", k.serial, k.place, k.state as "registerState", k.driver_id as "driverId",
              ${onlineNow} as online, s.fn_number as "fnInSlot", s.last_fd as "lastFdSeen", s.updated_at as "seenAt",
              (select coalesce(max(d.fd_number), 0) from documents d where d.fn_number = i.fn_number) as "lastFdStored",
              r.id as "receiptId", r.external_id as "externalId", r.state as "receiptState", r.wait_reason as "waitReason",
              r.total_kop as "totalKop", g.code as "groupCode", c.name as "clientName",
              (select json_build_object('state', case when o.state = 'waiting' and o.expires_at <= farm_now() then 'expired' else o.state end,
                        'outcome', o.result->>'outcome', 'why', coalesce(o.result->>'why', o.reason), 'askedBy', o.asked_by)
                 from register_commands o where o.register_id = k.id and o.kind = 'reconcile' and o.created_at >= i.created_at
                order by o.id desc limit 1) as "order"
       from intents i join registers k on k.id = i.register_id left join register_status s on s.register_id = k.id
       left join leases l on l.register_id = k.id left join receipts r on r.id = i.receipt_id
       left join register_groups g on g.id = k.group_id left join clients c on c.id = k.client_id
       where i.state = 'stuck' or i.state = 'open' and (r.state = 'in_doubt' or i.created_at < farm_now() - make_interval(secs => $1))
       order by i.state desc, i.created_at limit 500`,
      [youngS],
      'console_doubt',
    );
    return rows.map(({ totalKop, place, ...row }) => ({
      ...row,
      place: placeOf(place),
      createdAt: moment(row.createdAt),
      seenAt: row.seenAt ? moment(row.seenAt) : null,
      totalKop: totalKop === null ? null : Number(totalKop),
      evidence: evidenceOf(row),
    }));
  }

  /** Has the FNs of these registers asked again; tells which orders were not taken and why. */
  async reconcile(
    caller: Caller,
    registerIds: readonly number[],
    reason: string,
  ): Promise<{ ordered: number[]; refused: { registerId: number; code: string }[] }> {
    const ordered: number[] = [];
    const refused: { registerId: number; code: string }[] = [];
    for (const registerId of new Set(registerIds)) {
      try {
        await this.registers.order(caller, { registerId, kind: 'reconcile', reason });
        ordered.push(registerId);
      } catch (error) {
        if (!(error instanceof FarmError) || !error.code.startsWith('CLIENT-')) throw error;
        refused.push({ registerId, code: error.code });
      }
    }
    return { ordered, refused };
  }
}

/** What the numbers on both sides say; only the FN's own document decides. */
export function evidenceOf(
  row: Pick<DoubtRow, 'online' | 'fnInSlot' | 'fnNumber' | 'lastFdSeen' | 'fdBefore'>,
): DoubtEvidence {
  if (!row.online) return 'offline';
  if (row.fnInSlot !== null && row.fnInSlot !== row.fnNumber) return 'fn_away';
  if (row.lastFdSeen === null) return 'unknown';
  const made = row.lastFdSeen - row.fdBefore;
  if (made === 0) return 'nothing_made';
  return made === 1 ? 'one_made' : made > 1 ? 'many_made' : 'fn_behind';
}
