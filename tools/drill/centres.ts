import { checkFarm, type FarmProcess, Shop, TestFarm, type Verdict } from '@kkt/testing';

/**
 * `npm run drill:centres -- [--seconds 8] [--per-second 12]`: two centres over one PostgreSQL, simulated. Each has a
 * driver and half of the registers of every group; shops sell without a pause. Then one centre is cut off: its modules
 * leave the network in the middle of receipts, its driver is killed. Sales must go on in the other; receipts that were
 * with the lost centre must wait for their own FN, and be decided by its word when the centre is back. Ends with 1 when
 * a receipt was lost, made twice or ended elsewhere.
 */
const modules = 12;
/** Slow enough that some receipts are under way at any moment. */
const receiptMs = '120';
const groups = ['demo-v4', 'demo-v5'] as const;

interface Options {
  seconds: number;
  perSecond: number;
}

function read(args: readonly string[]): Options {
  const numberAfter = (name: string, usual: number): number => {
    const at = args.indexOf(`--${name}`);
    const value = at < 0 ? usual : Number(args[at + 1]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above zero`);
    return value;
  };
  return { seconds: numberAfter('seconds', 8), perSecond: numberAfter('per-second', 12) };
}

const wait = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

interface Doubtful {
  id: string;
  registerId: number;
  intentId: string;
}

class Drill {
  private sold = 0;
  private refused = 0;
  private isSelling = false;

  constructor(
    private readonly farm: TestFarm,
    private readonly shop: Shop,
    private readonly options: Options,
    /** The driver of the centre that will be cut off. */
    private readonly lostDriver: FarmProcess,
    private readonly lostId: string,
  ) {}

  async run(): Promise<boolean> {
    const selling = this.sell();
    await wait(this.options.seconds * 1_000);
    const before = await this.countDone();
    const serials = await this.cut();
    const cutAt = await this.databaseTime();
    say(
      `centre B is cut off: ${serials.length} modules and its driver are gone, ${before} receipts were done`,
    );
    const held = await this.heldBy();
    await wait(this.options.seconds * 1_000);
    this.isSelling = false;
    await selling;
    await this.farm.until('all that is not in doubt is done by centre A', 60_000, async () => {
      const [row] = await this.farm.database.query<{ n: number }>(
        `select count(*)::int as n from receipts r where r.state in ('queued', 'working')
           and not exists (select 1 from intents i where i.receipt_id = r.id and i.state in ('open', 'stuck'))`,
      );
      return row?.n === 0;
    });
    const meanwhile = await this.doneSince(cutAt);
    const elsewhere = await this.endedElsewhere(held);
    say(`while it was away: ${meanwhile.here} receipts done by centre A, ${meanwhile.lost} by centre B`);
    say(`with centre B when it was cut off: ${held.length} receipts, of these ended elsewhere: ${elsewhere}`);
    await this.comeBack(serials);
    const word = await this.wordOfFns(held);
    say(
      `centre B is back: of ${held.length} receipts in doubt its FNs had ${word.made}, had not ${word.absent}`,
    );
    const verdict = await checkFarm(this.farm);
    return this.tell(verdict, meanwhile, elsewhere);
  }

  private async sell(): Promise<void> {
    this.isSelling = true;
    const sales: Promise<void>[] = [];
    const everyMs = 1_000 / this.options.perSecond;
    const sinceMs = performance.now();
    for (let n = 0; this.isSelling; n += 1) {
      await wait(Math.max(0, sinceMs + n * everyMs - performance.now()));
      sales.push(
        this.shop.sell({ externalId: `drill-${n}`, group: groups[n % groups.length] }).then(({ status }) => {
          if (status === 200) this.sold += 1;
          else this.refused += 1;
        }),
      );
    }
    await Promise.all(sales);
  }

  /** The centre is gone at once, as far as anybody can see: its modules first, in the middle of what they do. */
  private async cut(): Promise<string[]> {
    const rows = await this.farm.database.query<{ serial: string }>(
      `select serial from registers where driver_id = $1 and state = 'ready'`,
      [this.lostId],
    );
    const serials = rows.map(({ serial }) => serial);
    await Promise.all(
      serials.map((serial) =>
        this.farm.emulator(`/modules/${serial}/unplug`, { method: 'POST', body: '{}' }),
      ),
    );
    await this.lostDriver.kill('SIGKILL');
    return serials;
  }

  private async comeBack(serials: readonly string[]): Promise<void> {
    await Promise.all(
      serials.map((serial) =>
        this.farm.emulator(`/modules/${serial}/replug`, { method: 'POST', body: '{}' }),
      ),
    );
    await this.lostDriver.start();
    await this.farm.until('every receipt is ended', 120_000, async () => {
      const [row] = await this.farm.database.query<{ n: number }>(
        `select count(*)::int as n from receipts where state not in ('done', 'failed')`,
      );
      return row?.n === 0;
    });
  }

  /** Receipts with an intent of the lost centre's registers that nobody has resolved. */
  private heldBy(): Promise<Doubtful[]> {
    return this.farm.database.query<Doubtful>(
      `select i.receipt_id as id, i.register_id as "registerId", i.id::text as "intentId"
       from intents i join registers k on k.id = i.register_id
       where k.driver_id = $1 and i.state in ('open', 'stuck') and i.receipt_id is not null`,
      [this.lostId],
    );
  }

  /** Of these, how many are not where they were: ended, or given to another register. */
  private async endedElsewhere(held: readonly Doubtful[]): Promise<number> {
    const [row] = await this.farm.database.query<{ n: number }>(
      `select count(*)::int as n from unnest($1::uuid[], $2::integer[]) as h(id, register_id)
       join receipts r on r.id = h.id
       where r.state not in ('working', 'in_doubt') or r.register_id is distinct from h.register_id`,
      [held.map(({ id }) => id), held.map(({ registerId }) => registerId)],
    );
    return row?.n ?? 0;
  }

  /** What became of the intents that were open when the centre was cut off. */
  private async wordOfFns(held: readonly Doubtful[]): Promise<{ made: number; absent: number }> {
    const rows = await this.farm.database.query<{ state: string; n: number }>(
      `select state, count(*)::int as n from intents where id = any($1::bigint[]) group by state`,
      [held.map(({ intentId }) => intentId)],
    );
    const of = (state: string): number => rows.find((row) => row.state === state)?.n ?? 0;
    return { made: of('done'), absent: of('void') };
  }

  private async doneSince(at: string): Promise<{ here: number; lost: number }> {
    const [row] = await this.farm.database.query<{ here: number; lost: number }>(
      `select count(*) filter (where k.driver_id <> $1)::int as here, count(*) filter (where k.driver_id = $1)::int as lost
       from receipts r join registers k on k.id = r.register_id
       where r.state = 'done' and r.finished_at > $2::timestamptz`,
      [this.lostId, at],
    );
    return row ?? { here: 0, lost: 0 };
  }

  private async countDone(): Promise<number> {
    const [row] = await this.farm.database.query<{ n: number }>(
      `select count(*)::int as n from receipts where state = 'done'`,
    );
    return row?.n ?? 0;
  }

  private async databaseTime(): Promise<string> {
    const [row] = await this.farm.database.query<{ at: string }>(`select clock_timestamp()::text as at`);
    return row?.at ?? '';
  }

  private tell(verdict: Verdict, meanwhile: { here: number; lost: number }, elsewhere: number): boolean {
    const doubled = Math.max(0, verdict.fnReceipts - verdict.done);
    const lost = this.sold - verdict.done - verdict.failed;
    for (const fault of verdict.faults) say(`FAULT ${fault}`);
    console.log(
      `drill:centres accepted=${this.sold} refused=${this.refused} documents=${verdict.fnReceipts} failed=${verdict.failed} lost=${lost} doubled=${doubled}`,
    );
    const isSellingOn = meanwhile.here > 0 && meanwhile.lost === 0;
    if (!isSellingOn) say('FAULT sales did not go on in centre A alone');
    if (elsewhere > 0) say('FAULT a receipt in doubt did not wait for its own FN');
    return verdict.faults.length === 0 && lost === 0 && doubled === 0 && elsewhere === 0 && isSellingOn;
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Every second register of each group belongs to the other centre. */
async function share(farm: TestFarm, lostId: string): Promise<void> {
  await farm.database.query(
    `update registers set driver_id = $1 where id in (
       select id from (select id, row_number() over (partition by group_id order by id) as n from registers
                       where group_id is not null) numbered where n % 2 = 0)`,
    [lostId],
  );
}

async function main(): Promise<number> {
  const options = read(process.argv.slice(2));
  const farm = await TestFarm.start({
    modules,
    pace: receiptMs,
    ownServers: true,
    parts: ['emulator', 'ofd', 'receipt-api', 'ofd-relay', 'worker'],
    env: { LOG_LEVEL: 'warn', SYNTHETIC_EVERY_S: '0' },
  });
  const lostId = `${farm.env['DRIVER_ID'] ?? ''}-b`;
  const lostDriver = await farm.twin('hardware-driver', 'DRIVER_PORT', 'driver-b', { DRIVER_ID: lostId });
  try {
    await share(farm, lostId);
    await Promise.all([farm.part('hardware-driver').start(), lostDriver.start()]);
    await farm.until('registers ready', 60_000, async () => {
      const [left] = await farm.database.query<{ n: number }>(
        `select count(*)::int as n from registers where state = 'registering'`,
      );
      return left?.n === 0;
    });
    const isGood = await new Drill(farm, await Shop.open(farm), options, lostDriver, lostId).run();
    return isGood ? 0 : 1;
  } finally {
    await lostDriver.kill();
    await farm.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(2);
  },
);
