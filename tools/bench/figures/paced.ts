import { Shop, TestFarm } from '@kkt/testing';
import { type Figure, median, row } from '../row';
import { cores, wait } from '../servers';
import { ratePerS } from '../steps';

/** The demo tenant rents 20 of 48 modules for each of its two groups. */
const delivered = 58;
const receiptMs = 350;

/** Receipts of the whole farm a second when every one of 48 modules has work. */
export const paced: Figure = {
  name: 'paced',
  quickS: 28,
  about: 'completed receipts/s of the whole farm, 48 modules at realistic pace, saturated',
  async run({ quick, repeats, say }) {
    const farm = await TestFarm.start({
      modules: delivered,
      pace: 'realistic',
      ownServers: true,
      env: { LOG_LEVEL: 'warn', SYNTHETIC_EVERY_S: '0' },
    });
    try {
      const { database } = farm;
      const shop = await Shop.open(farm);
      for (const group of ['demo-v4', 'demo-v5'] as const) {
        const { body } = await shop.sell({ externalId: `model-${group}`, group });
        await shop.settled(String(body.uuid), group);
      }
      const [counted] = await database.query<{ registers: number }>(
        `select count(*)::int as registers from registers k join register_groups g on g.id = k.group_id
         where k.state = 'ready' and g.code like 'demo-%'`,
      );
      const registers = counted?.registers ?? 0;
      const limit = (registers * 1_000) / receiptMs;
      const blockS = quick ? 1.4 : 10;
      await database.query(
        `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, deadline_at)
         select gen_random_uuid(), group_id, client_id, external_id || n, api, operation, content, body_hash, total_kop,
                farm_now() + interval '1 hour'
         from receipts, generate_series(1, $1::integer) n where external_id like 'model-%'`,
        [Math.ceil(limit * (repeats * blockS + 20) * 0.75)],
      );
      for (const group of ['demo-v4', 'demo-v5'] as const)
        await shop.sell({ externalId: `wake-${group}`, group });
      const done = async (): Promise<number> => {
        const [found] = await database.query<{ n: number }>(
          `select count(*)::int as n from receipts where state = 'done'`,
        );
        return found?.n ?? 0;
      };
      // Shifts are opened, all are in step.
      await farm.until('every module works', 60_000, async () => (await done()) > registers * 4);
      const perS: number[] = [];
      for (let turn = 0; turn < repeats; turn += 1) {
        const fromMs = Date.now();
        await wait(blockS * 1_000);
        const untilMs = Date.now();
        await wait(2 * receiptMs);
        const ends = await database.query<{ id: number; endsMs: number[] }>(
          `select register_id as id, array_agg(extract(epoch from finished_at)::float8 * 1000 order by finished_at) as "endsMs"
           from receipts where finished_at >= to_timestamp($1::float8 / 1000) and state = 'done' group by register_id`,
          [fromMs],
        );
        perS.push(ratePerS(new Map(ends.map(({ id, endsMs }) => [id, endsMs])), fromMs, untilMs, Date.now()));
      }
      say(`${registers} registers: ${perS.map((value) => value.toFixed(1)).join(' ')} receipts/s`);
      return [
        row({
          what: `completed receipts/s, ${registers} modules at realistic pace (${receiptMs} ms a receipt), saturated`,
          value: median(perS),
          unit: '/s',
          beside: limit,
          besideWhat: `${registers} / ${receiptMs} ms`,
          goal: 0.98,
          note: `the whole farm with operator and relay on ${cores} cores; half of the modules on serial lines`,
        }),
      ];
    } finally {
      await farm.stop();
    }
  },
};
