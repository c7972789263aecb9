import type { SimFarm } from './farm';

const pauseMs = 60_000;

/** The person on duty: looks how the farm is, repairs what faults left, and waits until all work is done. */
export class Engineer {
  constructor(private readonly farm: SimFarm) {}

  async areRegistersReady(): Promise<boolean> {
    const [row] = await this.farm.database.run<{ left: string }>(
      `select count(*) as left from registers where state = 'registering'`,
    );
    return row?.left === '0';
  }

  /** Lets the farm work until `holds`; throws when it does not come to that in time. */
  async until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<void> {
    const { clock } = this.farm;
    const endMs = clock.monotonicMs() + limitMs;
    for (let stepMs = 500; !(await holds()); stepMs = Math.min(10_000, stepMs * 1.3)) {
      if (clock.monotonicMs() >= endMs) throw new Error(`Not reached: ${what}`);
      await clock.advance(stepMs);
    }
  }

  /** Faults are over: every process runs, every module is plugged. Returns what is still waiting after hours. */
  async bringToRest(): Promise<string[]> {
    const { farm } = this;
    for (const module of farm.world.modules) {
      module.heal();
      module.replug();
      module.powerOn();
    }
    for (const { process } of [...farm.running]) process.resume();
    for (const kind of ['api', 'driver', 'relay', 'worker'] as const)
      if (farm.of(kind).length === 0) farm.start(kind);
    await this.returnToWork();
    try {
      await this.until('rest', 2 * 3_600_000, async () => {
        await this.pressSendAgain();
        return (await this.waiting()).length === 0;
      });
      return [];
    } catch {
      return (await this.waiting()).map((what) => `at the end there are still ${what}`);
    }
  }

  /**
   * Registers that left work after a refusal whose cause their FNs do not tell by themselves (an expiry that is a fault
   * and ends) are paused and resumed, as on their page of the console.
   */
  private async returnToWork(): Promise<void> {
    const { database, clock } = this.farm;
    const paused = await database.run<{ id: number }>(
      `update registers k set state = 'paused' from register_status s
       where s.register_id = k.id and k.state = 'ready' and s.problem like 'DEVICE-%' returning k.id`,
    );
    if (paused.length === 0) return;
    // Drivers see a change of the inventory when they prolong their leases.
    await clock.advance(pauseMs);
    const ids = paused.map(({ id }) => id);
    await database.run(
      `update registers set state = 'ready' where id = any($1::integer[]) and state = 'paused'`,
      [ids],
    );
  }

  /** What a person would not wait for either: repeats that are due in hours. */
  private async pressSendAgain(): Promise<void> {
    await this.farm.database.run(
      `with a as (update callbacks set next_at = farm_now() where state = 'pending' and next_at > farm_now() + interval '60 seconds')
       update ofd_messages set next_at = farm_now() where state = 'ready' and next_at > farm_now() + interval '60 seconds'`,
    );
  }

  private async waiting(): Promise<string[]> {
    const [row] = await this.farm.database.run<Record<string, string>>(
      `select (select count(*) from receipts where state in ('queued', 'working', 'in_doubt')) as receipts,
              (select count(*) from intents where state in ('open', 'stuck')) as intents,
              (select count(*) from ofd_messages where state <> 'confirmed') as messages,
              (select count(*) from callbacks where state = 'pending') as callbacks,
              (select count(*) from documents where length(tlv) = 0 and receipt_id is not null) as texts`,
    );
    const unsent = [...this.farm.drives.values()].reduce((sum, drive) => sum + drive.state.unsent.length, 0);
    const counts: Record<string, number> = { orders: this.farm.shops.waiting, unsent };
    for (const [what, count] of Object.entries(row ?? {})) counts[what] = Number(count);
    return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  }
}
