import { CallbackSink, checkFarm, Shop, TestFarm } from '../index';

jest.setTimeout(900_000);

type Group = 'demo-v4' | 'demo-v5';

/** How long a module is away: several attempts to reach it again fail meanwhile. */
const awayMs = 12_000;

interface RegisterRow {
  id: number;
  serial: string;
  online: boolean;
  problem: string | null;
}

describe('Modules that leave and FNs that end, under load', () => {
  let farm: TestFarm;
  let shop: Shop;
  let sink: CallbackSink;
  let sold = 0;

  const fault = (serial: string, spec: object): Promise<unknown> =>
    farm.emulator(`/modules/${serial}/faults`, { method: 'POST', body: JSON.stringify(spec) });
  const heal = (serial: string): Promise<unknown> =>
    farm.emulator(`/modules/${serial}/faults`, { method: 'DELETE' });
  const sell = async (group: Group): Promise<string> => {
    sold += 1;
    const { status, body } = await shop.sell({
      externalId: `load-${sold}`,
      group,
      priceRub: 10 + (sold % 90),
      callbackUrl: sink.url,
    });
    expect(status).toBe(200);
    return String(body.uuid);
  };
  const sellMany = (group: Group, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => sell(group)));
  const registersOf = (group: Group): Promise<RegisterRow[]> =>
    farm.database.query<RegisterRow>(
      `select k.id, k.serial, s.online, s.problem from registers k join register_groups g on g.id = k.group_id
       left join register_status s on s.register_id = k.id where g.code = $1 and k.state = 'ready' order by k.id`,
      [group],
    );
  const rowOf = async (group: Group, id: number): Promise<RegisterRow> => {
    const row = (await registersOf(group)).find((each) => each.id === id);
    if (!row) throw new Error(`no register ${id} in ${group}`);
    return row;
  };
  const receiptsOn = async (serial: string): Promise<number> =>
    (await farm.fnDocuments(serial)).filter(({ form }) => form === 3).length;
  const statesOf = (uuids: readonly string[]) =>
    farm.database.query<{ id: string; state: string; registerId: number | null }>(
      `select id, state, register_id as "registerId" from receipts where id = any($1::uuid[])`,
      [uuids],
    );
  const allDone = (uuids: readonly string[], limitMs = 60_000): Promise<void> =>
    farm.until('receipts done', limitMs, async () =>
      (await statesOf(uuids)).every(({ state }) => state === 'done'),
    );
  const waitReason = async (group: Group): Promise<string | null> =>
    (
      await farm.database.query<{ reason: string | null }>(
        'select wait_reason as reason from register_groups where code = $1',
        [group],
      )
    )[0]?.reason ?? null;

  beforeAll(async () => {
    sink = await CallbackSink.open();
    farm = await TestFarm.start({ modules: 8, pace: '30' });
    shop = await Shop.open(farm);
    for (const group of ['demo-v4', 'demo-v5'] as const) await allDone(await sellMany(group, 8));
  });

  afterAll(async () => {
    await farm?.stop();
    await sink?.close();
  });

  afterEach(async () => {
    await farm.until('all settled', 60_000, async () => (await checkFarm(farm)).waiting === 0);
    expect((await checkFarm(farm)).faults).toEqual([]);
  });

  it.each([
    ['#14 before the FN wrote', 'beforeCommit', 'payment', false],
    ['#15 after the FN wrote', 'afterCommit', 'closeReceipt', true],
  ] as const)(
    '%s: the others carry on, the receipt in flight is resolved after the return by the FN’s own word',
    async (_title, at, command, isMade) => {
      const [victim, ...others] = await registersOf('demo-v4');
      if (!victim || others.length === 0) throw new Error('the group needs two registers');
      await fault(victim.serial, { name: 'unplug', at, command });
      const load: string[] = [];
      await farm.until('the module is unplugged in the middle of a receipt', 30_000, async () => {
        load.push(await sell('demo-v4'));
        return !(await rowOf('demo-v4', victim.id)).online && load.length > 5;
      });
      const before = await Promise.all(others.map(({ serial }) => receiptsOn(serial)));
      const endMs = Date.now() + awayMs;
      while (Date.now() < endMs) {
        load.push(...(await sellMany('demo-v4', 2)));
        await new Promise((go) => setTimeout(go, 200));
      }
      // Only the receipt in the module's hands waits; it is in doubt, and nobody else may take it.
      await farm.until('the others took the rest', 30_000, async () => {
        const open = (await statesOf(load)).filter(({ state }) => state !== 'done');
        return open.length === 1 && open[0]?.state === 'in_doubt' && open[0].registerId === victim.id;
      });
      const doubt = (await statesOf(load)).find(({ state }) => state === 'in_doubt');
      expect((await shop.report(String(doubt?.id))).status).toBe('wait');
      expect((await rowOf('demo-v4', victim.id)).problem).toMatch(/^WIRE-/);
      const after = await Promise.all(others.map(({ serial }) => receiptsOn(serial)));
      after.forEach((count, index) => expect(count).toBeGreaterThan(before[index] ?? 0));

      await heal(victim.serial);
      await farm.emulator(`/modules/${victim.serial}/replug`, { method: 'POST' });
      await allDone(load);
      const proof = await farm.database.query<{ registerId: number; adopted: boolean }>(
        `select register_id as "registerId", adopted from documents where receipt_id = $1`,
        [doubt?.id],
      );
      expect(proof).toHaveLength(1);
      const voided = await farm.database.query(
        `select 1 from intents where receipt_id = $1 and register_id = $2 and state = 'void'`,
        [doubt?.id, victim.id],
      );
      if (isMade)
        expect({ proof, voided }).toEqual({ proof: [{ registerId: victim.id, adopted: true }], voided: [] });
      else expect(voided).toHaveLength(1);
      await farm.until('back at work', 60_000, async () => (await rowOf('demo-v4', victim.id)).online);
    },
  );

  it('#27 an FN that fills up gets no receipt more; what it refused is done elsewhere', async () => {
    const [victim] = await registersOf('demo-v5');
    if (!victim) throw new Error('no register');
    await fault(victim.serial, { name: 'fnFull', left: 0 });
    await allDone(await sellMany('demo-v5', 12));
    await farm.until(
      'the register says why',
      20_000,
      async () => (await rowOf('demo-v5', victim.id)).problem !== null,
    );
    expect((await rowOf('demo-v5', victim.id)).problem).toMatch(/fn_full|^DEVICE-/);
    const made = await receiptsOn(victim.serial);
    await allDone(await sellMany('demo-v5', 12));
    expect(await receiptsOn(victim.serial)).toBe(made);
    await heal(victim.serial);
  });

  it.each([
    ['#27 full, as their counters say', { name: 'fnFull', left: 3 }, 'fn_full', 'ФН заполнен'],
    ['#28 expired, as only they can tell', { name: 'fnExpired' }, 'DEVICE-FN-EXPIRED', 'Срок ФН истёк'],
    ['#29 faulty', { name: 'fnFault' }, 'DEVICE-FN-FAULT', 'ФН неисправен'],
    ['#29 taken out', { name: 'removeFn' }, 'DEVICE-FN-LINK', 'ФН не отвечает кассе или вынут'],
  ] as const)(
    'FNs of a whole group, %s: no receipt is made there; those waiting stay, with a reason, and are done once there is room',
    async (_title, spec, reason, words) => {
      const registers = await registersOf('demo-v5');
      for (const { serial } of registers) await fault(serial, spec);
      // A driver that starts reads the limits of every FN.
      await farm.part('hardware-driver').kill();
      await farm.part('hardware-driver').start();
      const made = await Promise.all(registers.map(({ serial }) => receiptsOn(serial)));
      const waiting = await sellMany('demo-v5', 8);
      await farm.until('every register says why', 30_000, async () =>
        (await registersOf('demo-v5')).every(({ problem }) => problem === reason),
      );
      await farm.until('the group says why', 20_000, async () => (await waitReason('demo-v5')) === reason);
      expect((await statesOf(waiting)).map(({ state }) => state)).toEqual(waiting.map(() => 'queued'));
      expect(await shop.report(String(waiting[0]), 'demo-v5')).toMatchObject({
        status: 'wait',
        error: { code: 34 },
        warnings: { queue: words },
      });
      expect(await Promise.all(registers.map(({ serial }) => receiptsOn(serial)))).toEqual(made);
      // The other group is not concerned.
      await allDone(await sellMany('demo-v4', 4));

      for (const { serial } of registers) await heal(serial);
      await farm.part('hardware-driver').kill();
      await farm.part('hardware-driver').start();
      await allDone(waiting);
    },
  );

  it('#29 faulty at rest: seen without a sale, told of by name, and back after the repair with no restart', async () => {
    const [victim] = await registersOf('demo-v5');
    if (!victim) throw new Error('no register');
    const made = await receiptsOn(victim.serial);
    await fault(victim.serial, { name: 'fnFault' });
    await farm.until('the register says why', 40_000, async () => {
      const { problem } = await rowOf('demo-v5', victim.id);
      return problem === 'DEVICE-FN-FAULT';
    });
    await allDone(await sellMany('demo-v5', 4));
    expect(await receiptsOn(victim.serial)).toBe(made);
    await heal(victim.serial);
    await farm.until('the register is back', 60_000, async () => {
      const { problem, online } = await rowOf('demo-v5', victim.id);
      return problem === null && online;
    });
  });
});
