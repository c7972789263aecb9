import type { Clock, Log, Timer } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

interface Entry {
  groupId: number;
  code: number;
  receipts: number;
  text: string;
}

const flushEveryMs = 2_000;
const maxKinds = 2_000;

/**
 * Refusals at the door, counted by group and code: support must hear of a client whose receipts are all wrong, though
 * nothing of them is stored. Losing a few seconds of it harms nobody.
 */
export class RefusalBook {
  private entries = new Map<string, Entry>();
  private timer: Timer | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  note(groupId: number, code: number, text: string): void {
    const key = `${groupId}:${code}`;
    const entry = this.entries.get(key);
    if (entry) {
      entry.receipts += 1;
      entry.text = text.slice(0, 500);
    } else if (this.entries.size < maxKinds)
      this.entries.set(key, { groupId, code, receipts: 1, text: text.slice(0, 500) });
    this.timer ??= this.clock.setTimer(flushEveryMs, () => void this.flush());
  }

  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.entries.size === 0) return;
    const batch = [...this.entries.values()];
    this.entries = new Map();
    await this.database
      .query(
        `insert into intake_refusals as r (group_id, minute, code, receipts, text)
         select "groupId", date_trunc('minute', farm_now()), code, receipts, text
         from json_to_recordset($1::json) as x("groupId" integer, code integer, receipts integer, text text)
         on conflict (group_id, minute, code) do update set receipts = r.receipts + excluded.receipts, text = excluded.text`,
        [JSON.stringify(batch)],
        'intake_refusals',
      )
      .catch((error: unknown) => this.log.warn({ err: error }, 'refusals at the door were not counted'));
  }
}
