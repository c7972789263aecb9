import type { Clock, Log, Timer } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

/** A request that was refused and of which nothing is stored. */
export interface DoorRefusal {
  /** Null when it named no group of the client's: then `clientId` says whose it is. */
  groupId: number | null;
  clientId: string | null;
  /** Code of the answer: 32 of the compatible doors, 422 of our own. */
  code: number;
  /** The first wrong field, as the answer names it; empty: none. */
  field: string;
  text: string;
}

interface Entry extends DoorRefusal {
  receipts: number;
}

const flushEveryMs = 2_000;
const maxKinds = 2_000;
/** Of one group and code between two writes; the rest is counted without a field. */
const maxFields = 20;
const maxText = 500;
const maxField = 200;

/**
 * Refusals at the door, counted by group, code and field: the shop's programmer sees what to mend, and support hears of
 * a client whose receipts are all wrong, though nothing of them is stored. Losing a few seconds of it harms nobody.
 */
export class RefusalBook {
  private entries = new Map<string, Entry>();
  private fields = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  note(refusal: DoorRefusal): void {
    const kind = `${refusal.groupId ?? refusal.clientId}:${refusal.code}`;
    const wanted = refusal.field.slice(0, maxField);
    const isKnown = this.entries.has(`${kind}:${wanted}`);
    const known = this.fields.get(kind) ?? 0;
    const field = isKnown || known < maxFields ? wanted : '';
    const key = `${kind}:${field}`;
    const text = refusal.text.slice(0, maxText);
    const entry = this.entries.get(key);
    if (entry) {
      entry.receipts += 1;
      entry.text = text;
    } else if (this.entries.size < maxKinds) {
      this.entries.set(key, { ...refusal, field, text, receipts: 1 });
      this.fields.set(kind, known + 1);
    }
    this.timer ??= this.clock.setTimer(flushEveryMs, () => void this.flush());
  }

  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.entries.size === 0) return;
    const batch = [...this.entries.values()];
    this.entries = new Map();
    this.fields = new Map();
    await this.database
      .query(
        `insert into intake_refusals as r (group_id, client_id, minute, code, field, receipts, text)
         select "groupId", case when "groupId" is null then "clientId" end, date_trunc('minute', farm_now()), code, field,
                receipts, text
         from json_to_recordset($1::json) as x("groupId" integer, "clientId" uuid, code integer, field text,
                                               receipts integer, text text)
         on conflict (coalesce(group_id, 0), coalesce(client_id, '00000000-0000-0000-0000-000000000000'), minute, code, field)
         do update set receipts = r.receipts + excluded.receipts, text = excluded.text`,
        [JSON.stringify(batch)],
        'intake_refusals',
      )
      .catch((error: unknown) => this.log.warn({ err: error }, 'refusals at the door were not counted'));
  }
}
