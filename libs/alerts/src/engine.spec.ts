import { usualPlant } from '@kkt/topology';
import { findAll, nextDueInMs, RULES, step, type Watched } from './engine';
import { dueSteps, escalationOf } from './escalation';
import { type Facts, noFacts, type RegisterFact } from './facts';
import { gaps, onDuty } from './roster';
import { registersNeeded } from './rules-service';

const plant = usualPlant('dc1', ['1']);

const register = (changes: Partial<RegisterFact> = {}): RegisterFact => ({
  id: 1,
  serial: '00106000000001',
  dc: 'dc1',
  rack: '1',
  assembly: 1,
  slot: 1,
  state: 'ready',
  stateReason: null,
  online: true,
  isLeased: true,
  problem: null,
  driverId: 'driver-1',
  clientId: 'c1',
  clientName: 'ООО «Пример»',
  groupCode: 'shop-1',
  fnNumber: '9999078900000001',
  documentsLeft: 200_000,
  capacityDocuments: 250_000,
  fnDaysLeft: 300,
  unsent: 0,
  unsentAgeS: 0,
  shiftLeftS: 40_000,
  clockOffsetS: 0,
  commandP95S: 0.02,
  hasReceipt: false,
  ofdInn: '7799999997',
  ofdName: 'ПК ОФД',
  ofdCause: null,
  ...changes,
});

const registers = (count: number, changes: Partial<RegisterFact> = {}): RegisterFact[] =>
  Array.from({ length: count }, (_, index) =>
    register({
      id: index + 1,
      serial: String(106_000_000_001 + index),
      assembly: Math.floor(index / 48) + 1,
      slot: (index % 48) + 1,
      ...changes,
    }),
  );

const places = Array.from({ length: 12 }, (_, index) => ({
  dc: 'dc1',
  rack: '1',
  assembly: index + 1,
  registers: 48,
  modules: 48,
}));

const group = {
  code: 'shop-1',
  clientId: 'c1',
  clientName: 'ООО «Пример»',
  paused: false,
  waiting: 40,
  oldestS: 90,
  registersReady: 2,
  registersTotal: 2,
  acceptedPerMinute: 100,
  finishedPerMinute: 60,
};

const base: Facts = {
  ...noFacts(0),
  plants: [plant],
  places,
  drivers: [{ driverId: 'driver-1', registers: 576, leases: 576 }],
  finished2m: { done: 1, failed: 0 },
};

/** Facts that a rule must see, and the alert they make. */
const cases: Record<
  string,
  { bad: Partial<Facts>; object: string; severity: number; route: string; client?: string }
> = {
  plant_element_down: {
    bad: { down: [{ dc: 'dc1', kind: 'switch', code: 'r1-a' }] },
    object: 'dc1:switch:r1-a',
    severity: 2,
    route: 'hardware',
  },
  spares_low: {
    bad: { spares: [{ kind: 'switch', code: 'core', name: 'Ядро', spares: 0, minimum: 1 }] },
    object: 'switch/core',
    severity: 4,
    route: 'hardware',
  },
  register_silent: {
    bad: { registers: [register({ online: false })] },
    object: '1',
    severity: 3,
    route: 'hardware',
  },
  register_stopped: {
    bad: { registers: [register({ state: 'stopped', stateReason: 'ФН не отвечает' })] },
    object: '1',
    severity: 3,
    route: 'hardware',
  },
  slow_module: {
    bad: { registers: [register({ commandP95S: 0.52 })] },
    object: '1',
    severity: 3,
    route: 'hardware',
  },
  clock_drift: {
    bad: { registers: [register({ clockOffsetS: -3_600 })] },
    object: '1',
    severity: 3,
    route: 'hardware',
  },
  shift_age: {
    bad: { registers: [register({ shiftLeftS: 600 })] },
    object: '1',
    severity: 3,
    route: 'hardware',
  },
  fn_critical: {
    bad: { registers: [register({ problem: 'fn_critical' })] },
    object: '1',
    severity: 2,
    route: 'hardware',
  },
  fn_filling: {
    bad: { registers: [register({ documentsLeft: 900 })] },
    object: '1',
    severity: 3,
    route: 'fn',
  },
  ofd_blocking: {
    bad: { registers: [register({ unsent: 5, unsentAgeS: 28 * 86_400, online: false, ofdInn: null })] },
    object: '1',
    severity: 1,
    route: 'hardware',
  },
  receipts_stand: {
    bad: { groups: [group], finished2m: { done: 0, failed: 0 } },
    object: 'receipts',
    severity: 1,
    route: 'platform',
  },
  group_down: {
    bad: { groups: [{ ...group, registersReady: 0 }] },
    object: 'shop-1',
    severity: 2,
    route: 'hardware',
    client: 'delayed',
  },
  group_overloaded: {
    bad: { groups: [group] },
    object: 'shop-1',
    severity: 3,
    route: 'capacity',
    client: 'overloaded',
  },
  integration_errors: {
    bad: {
      refusals: [
        {
          groupCode: 'shop-1',
          clientId: 'c1',
          clientName: 'ООО «Пример»',
          code: 32,
          receipts: 7,
          text: 'Некорректный ИНН',
        },
      ],
    },
    object: 'shop-1:32',
    severity: 3,
    route: 'integration',
    client: 'refused',
  },
  ofd_not_receiving: {
    bad: { registers: [register({ unsent: 12, unsentAgeS: 400, ofdCause: 'unpaid' })] },
    object: '7799999997|unpaid|c1',
    severity: 3,
    route: 'operator',
    client: 'ofd',
  },
  receipts_in_doubt: {
    bad: { inDoubt: { receipts: 2, oldestS: 300 } },
    object: 'in_doubt',
    severity: 2,
    route: 'hardware',
  },
  ledger_mismatch: { bad: { ledgerFindings: 1 }, object: 'ledger', severity: 1, route: 'platform' },
  synthetic_failing: {
    bad: { synthetic: { failedInRow: 3, lastOkAgeS: 200, error: 'HTTP 500' } },
    object: 'synthetic',
    severity: 2,
    route: 'platform',
  },
  roster_gap: { bad: { rosterGapInS: 0 }, object: 'roster', severity: 2, route: 'hardware' },
  callbacks_stand: {
    bad: {
      callbackHosts: [
        { clientId: 'c1', clientName: 'ООО', host: 'shop.example', pending: 4, oldestS: 4_000 },
      ],
    },
    object: 'c1:shop.example',
    severity: 3,
    route: 'integration',
  },
};

/** Runs turns a second apart for so long; says what opened and closed, and when. */
function run(before: readonly Watched[], facts: Facts, fromS: number, forS: number) {
  let watched = before;
  const opened: { rule: string; atS: number }[] = [];
  const closed: { rule: string; atS: number }[] = [];
  for (let atS = fromS; atS <= fromS + forS; atS++) {
    const result = step(watched, { ...facts, nowMs: atS * 1_000 });
    watched = result.watched;
    opened.push(...result.opened.map(({ rule }) => ({ rule: rule.id, atS })));
    closed.push(...result.closed.map(({ rule }) => ({ rule, atS })));
  }
  return { watched, opened, closed };
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('the rule %s', (id, rule) => {
  const { bad, object, severity, route, client } = cases[id] ?? ({} as never);
  const facts = { ...base, ...bad };

  it('finds its trouble and nothing on a farm that is well', () => {
    const [found] = findAll(facts, new Map()).filter((one) => one.rule.id === id);
    expect(found).toMatchObject({
      severity,
      finding: { objectId: object, text: expect.stringMatching(/[а-яё]/i) },
    });
    expect(found?.rule.route).toBe(route);
    expect(found?.finding.client?.kind).toBe(client);
    expect(findAll(base, new Map())).toEqual([]);
  });

  it('opens once after its time, and closes once after it is over', () => {
    const trouble = run([], facts, 0, rule.forS + 120);
    expect(trouble.opened.filter((one) => one.rule === id)).toEqual([{ rule: id, atS: rule.forS }]);
    expect(trouble.closed).toEqual([]);
    const startS = rule.forS + 200;
    const over = run(trouble.watched, base, startS, rule.clearS + 120);
    expect(over.closed.filter((one) => one.rule === id)).toEqual([{ rule: id, atS: startS + rule.clearS }]);
    expect(over.watched).toEqual([]);
  });

  it('can be turned off, and is told in both languages', () => {
    expect(findAll(facts, new Map([[id, { isEnabled: false }]])).filter((one) => one.rule.id === id)).toEqual(
      [],
    );
    for (const text of [rule.titleEn, rule.actionEn]) expect(text).not.toMatch(/[а-яё]/i);
    expect(rule.title).toMatch(/[а-яё]/i);
  });
});

describe('a trouble that does not last', () => {
  it('shorter than the time of its rule is told to nobody', () => {
    const facts = { ...base, groups: [group] };
    const first = run([], facts, 0, 800);
    const gone = run(first.watched, base, 801, 1);
    const again = run(gone.watched, facts, 803, 800);
    expect([...first.opened, ...again.opened].filter(({ rule }) => rule === 'group_overloaded')).toEqual([]);
  });

  it('that comes and goes within the time of recovery is one alert', () => {
    let watched: readonly Watched[] = [];
    const opened: string[] = [];
    for (let atS = 0; atS < 60; atS++) {
      const bad = { ...base, registers: [register({ clockOffsetS: 600 })] };
      const result = step(watched, { ...(atS % 7 < 3 ? bad : base), nowMs: atS * 1_000 });
      watched = result.watched;
      opened.push(...result.opened.map(({ rule }) => rule.id));
      expect(result.closed).toEqual([]);
    }
    expect(opened).toEqual(['clock_drift']);
  });
});

describe('the next turn', () => {
  it('is due when an alert opens or closes by its time alone', () => {
    const silent = { ...base, registers: [register({ online: false })] };
    const first = step([], { ...silent, nowMs: 5_000 });
    expect(first.opened).toEqual([]);
    expect(nextDueInMs(first.watched, 5_000)).toBe(1_000);
    expect(nextDueInMs(first.watched, 5_400)).toBe(600);
    const opened = step(first.watched, { ...silent, nowMs: 6_000 });
    expect(opened.opened).toHaveLength(1);
    expect(nextDueInMs(opened.watched, 6_000)).toBeUndefined();
    const over = step(opened.watched, { ...base, nowMs: 7_000 });
    expect(nextDueInMs(over.watched, 7_500)).toBe(1_500);
    expect(
      nextDueInMs(first.watched, 5_000, new Map([['register_silent', { isEnabled: true, forS: 3 }]])),
    ).toBe(3_000);
  });
});

describe('many slow modules at once', () => {
  const slow = { commandP95S: 0.7 };
  const drivers = [{ driverId: 'driver-1', registers: 5_000, leases: 5_000 }];
  const found = (facts: Partial<Facts>) =>
    findAll({ ...base, drivers, ...facts }, new Map()).map(({ finding, severity }) => [
      finding.objectKind,
      finding.objectId,
      finding.registers.length,
      severity,
    ]);

  it('of one assembly are one incident of it, with a slow one elsewhere apart', () => {
    const elsewhere = register({ id: 900, assembly: 5, ...slow });
    expect(found({ registers: [...registers(30, slow), elsewhere] })).toEqual([
      ['place', 'dc1/1/1', 30, 3],
      ['register', '900', 1, 3],
    ]);
    expect(found({ registers: registers(5, slow) })).toHaveLength(5);
  });

  it('of a rack are one incident that names what of it does not work', () => {
    const facts = {
      registers: registers(400, slow),
      down: [{ dc: 'dc1', kind: 'switch' as const, code: 'r1-a' }],
    };
    const incident = findAll({ ...base, drivers, ...facts }, new Map()).find(
      ({ rule }) => rule.id === 'slow_module',
    );
    expect(incident?.finding).toMatchObject({ objectKind: 'place', objectId: 'dc1/1' });
    expect(incident?.finding.cause).toContain('r1-a');
    expect(incident?.finding.registers).toHaveLength(400);
  });

  it('behind the same switches of several racks are one incident of the switches', () => {
    const uplinks = { a: { switch: 'x-a', port: 1 }, b: { switch: 'x-b', port: 1 } };
    const shared = ['1', '2'].map((rack) => ({ rack, number: 1, uplinks, feeds: {} }));
    const facts = {
      plants: [{ dc: 'dc1', switches: [], feeds: [], assemblies: shared }],
      places: shared.map(({ rack }) => ({ dc: 'dc1', rack, assembly: 1, registers: 48, modules: 48 })),
      registers: [
        ...registers(30, slow),
        ...registers(30, { rack: '2', ...slow }).map((one) => ({ ...one, id: one.id + 100 })),
      ],
    };
    expect(found(facts)).toEqual([['plant', 'dc1:switch:x-a+x-b', 60, 2]]);
  });

  it('of nearly a whole driver over several racks are one incident of the driver', () => {
    const half = registers(40, slow);
    const facts = {
      drivers: [{ driverId: 'driver-1', registers: 90, leases: 90 }],
      registers: [...half, ...half.map((one) => ({ ...one, id: one.id + 100, rack: '2' }))],
    };
    expect(found(facts)).toEqual([['driver', 'driver-1', 80, 2]]);
  });

  it('take the alerts of single modules in, and break up into none while the incident is open', () => {
    const facts = (count: number): Facts => ({ ...base, drivers, registers: registers(count, slow) });
    const few = run([], facts(3), 0, 61);
    expect(few.opened).toHaveLength(3);
    const many = run(few.watched, facts(30), 62, 61);
    expect(many.opened).toEqual([{ rule: 'slow_module', atS: 122 }]);
    expect(many.closed).toHaveLength(3);
    expect(many.watched.map(({ objectId }) => objectId)).toEqual(['dc1/1/1']);
    const fewer = run(many.watched, facts(3), 124, 119);
    expect(fewer.opened).toEqual([]);
    const left = run(fewer.watched, facts(3), 244, 100);
    expect(left.closed).toHaveLength(1);
    expect(left.opened).toHaveLength(3);
  });
});

describe('common causes', () => {
  const ids = (facts: Partial<Facts>) =>
    findAll({ ...base, ...facts }, new Map()).map(({ rule, finding }) => [
      rule.id,
      finding.objectId,
      finding.registers.length,
    ]);

  it('one dead switch is one alert, with the registers behind it counted', () => {
    const [found, ...rest] = findAll(
      { ...base, down: [{ dc: 'dc1', kind: 'switch', code: 'r1-b' }] },
      new Map(),
    );
    expect(found?.finding.facts).toMatchObject({ registers: 576, silent: 0 });
    expect(rest).toEqual([]);
  });

  it('both switches dead are one alert of the plant named by the first, and no alert per register', () => {
    const found = findAll(
      {
        ...base,
        registers: registers(576, { online: false }),
        down: [
          { dc: 'dc1', kind: 'switch', code: 'r1-a', sinceMs: 2_000 },
          { dc: 'dc1', kind: 'switch', code: 'r1-b', sinceMs: 1_000 },
        ],
      },
      new Map(),
    );
    expect(found.map(({ rule, finding, severity }) => [rule.id, finding.objectId, severity])).toEqual([
      ['plant_element_down', 'dc1:switch:r1-b', 1],
    ]);
    expect(found[0]?.finding.registers).toHaveLength(576);
    expect(found[0]?.finding.facts).toMatchObject({
      registers: 576,
      silent: 576,
      elements: 'switch:r1-b switch:r1-a',
    });
  });

  it('failures that cut nothing off together stay apart, and a needless one is no part of the cause', () => {
    expect(
      ids({
        registers: registers(576, { online: false }),
        down: [
          { dc: 'dc1', kind: 'feed', code: 'A' },
          { dc: 'dc1', kind: 'switch', code: 'r1-a' },
          { dc: 'dc1', kind: 'switch', code: 'r1-b' },
          { dc: 'dc1', kind: 'switch', code: 'core-b' },
        ],
      }).map(([, id, inside]) => [id, inside]),
    ).toEqual([
      ['dc1:feed:A', 0],
      ['dc1:switch:core-b', 0],
      ['dc1:switch:r1-a', 576],
    ]);
  });

  it('a switch that leaves a way does not explain a silent register behind it', () => {
    expect(
      ids({
        registers: registers(1, { online: false }),
        down: [{ dc: 'dc1', kind: 'switch', code: 'r1-a' }],
      }),
    ).toEqual([
      ['plant_element_down', 'dc1:switch:r1-a', 0],
      ['register_silent', '1', 1],
    ]);
  });

  it('registers that come back late after a common cause are no alarms of their own for a while', () => {
    const late = registers(3, { online: false });
    const set = new Set(late.map(({ id }) => id));
    const none = new Set<number>();
    expect(ids({ registers: late, recovering: { registers: set, places: set } })).toEqual([]);
    expect(
      ids({
        registers: [...late, register({ id: 9, online: false })],
        recovering: { registers: set, places: set },
      }),
    ).toEqual([['register_silent', '9', 1]]);
    // The common cause itself is not hidden by its own registers.
    const all = registers(48, { online: false });
    const own = new Set(all.map(({ id }) => id));
    expect(ids({ registers: all, recovering: { registers: own, places: none } })).toHaveLength(1);
  });

  it('an assembly or a rack that is silent without a known reason is one alert', () => {
    expect(ids({ registers: registers(48, { online: false }) })).toEqual([
      ['register_silent', 'dc1/1/1', 48],
    ]);
    expect(ids({ registers: registers(576, { online: false }) })).toEqual([
      ['register_silent', 'dc1/1', 576],
    ]);
  });

  it('a dead driver is one alert', () => {
    expect(
      ids({
        registers: registers(576, { online: false, isLeased: false }),
        drivers: [{ driverId: 'driver-1', registers: 576, leases: 0 }],
      }),
    ).toEqual([['register_silent', 'driver-1', 576]]);
  });

  it('a few silent registers of an assembly are alerts of their own', () => {
    expect(ids({ registers: registers(3, { online: false }) })).toHaveLength(3);
  });

  it('a switch elsewhere explains nothing', () => {
    expect(
      ids({
        registers: registers(1, { online: false, dc: 'dc2' }),
        down: [{ dc: 'dc1', kind: 'feed', code: 'A' }],
      }),
    ).toHaveLength(2);
  });

  it('the operator’s own trouble is one alert; a client’s own cause is his alone', () => {
    expect(ids({ registers: registers(30, { unsent: 5, unsentAgeS: 900, ofdCause: 'network' }) })).toEqual([
      ['ofd_not_receiving', '7799999997|common', 30],
    ]);
    const mixed = [
      ...registers(2, { unsent: 5, unsentAgeS: 900, ofdCause: 'unpaid' }),
      register({ id: 9, unsent: 5, unsentAgeS: 900, ofdCause: 'not_registered', clientId: 'c2' }),
    ];
    expect(ids({ registers: mixed }).map(([, object]) => object)).toEqual([
      '7799999997|unpaid|c1',
      '7799999997|not_registered|c2',
    ]);
  });

  it('four causes of the operator have four texts', () => {
    const texts = ['network', 'not_registered', 'unpaid', 'refused_document'].map(
      (ofdCause) =>
        findAll({ ...base, registers: [register({ unsent: 1, unsentAgeS: 900, ofdCause })] }, new Map())[0]
          ?.finding.cause,
    );
    expect(new Set(texts).size).toBe(4);
  });

  it('the shop is told when its receipt is hit, and only then', () => {
    const of = (hasReceipt: boolean) =>
      findAll(
        { ...base, groups: [group], registers: [register({ online: false, hasReceipt })] },
        new Map(),
      ).find(({ rule }) => rule.id === 'register_silent')?.finding.client;
    expect(of(true)).toMatchObject({ clientId: 'c1', kind: 'delayed' });
    expect(of(false)).toBeUndefined();
  });
});

describe('how many registers a group needs', () => {
  it.each([
    [{ acceptedPerMinute: 100, finishedPerMinute: 60, registersReady: 2 }, 4],
    [{ acceptedPerMinute: 61, finishedPerMinute: 60, registersReady: 2 }, 3],
    [{ acceptedPerMinute: 10, finishedPerMinute: 0, registersReady: 1 }, 2],
  ])('%j: %i', (load, needed) => {
    expect(registersNeeded(load)).toBe(needed);
  });
});

describe('escalation', () => {
  it('of the highest priority: at once, a call after two minutes, the second, the head', () => {
    const steps = escalationOf('hardware', 1);
    const at = (taken: number, ageS: number) =>
      dueSteps(steps, taken, ageS).map(({ who, channels }) => [who, channels.join()]);
    expect(at(0, 0)).toEqual([['duty', 'web,telegram,sms,email']]);
    expect(at(1, 119)).toEqual([]);
    expect(at(1, 120)).toEqual([['duty', 'voice']]);
    expect(at(2, 1_000).map(([who]) => who)).toEqual(['second', 'head']);
  });

  it('goes by the kind of trouble', () => {
    expect(escalationOf('integration', 3)[0]?.who).toEqual({ role: 'support' });
    expect(escalationOf('fn', 3)[0]?.who).toEqual({ role: 'client-service' });
    expect(escalationOf('hardware', 3)[0]?.who).toBe('duty');
    expect(JSON.stringify(escalationOf('integration', 3))).not.toContain('voice');
  });
});

describe('the duty roster', () => {
  const hour = 3_600_000;
  const shift = (fromH: number, toH: number, staffId = 'a') => ({
    staffId,
    role: 'duty' as const,
    fromMs: fromH * hour,
    toMs: toH * hour,
  });

  it('finds every minute without anybody', () => {
    const month = { fromMs: 0, toMs: 30 * 24 * hour };
    const days = Array.from({ length: 60 }, (_, index) => shift(index * 12, index * 12 + 12));
    expect(gaps(days, 'duty', month)).toEqual([]);
    expect(
      gaps(
        days.filter((_, index) => index !== 7),
        'duty',
        month,
      ),
    ).toEqual([{ fromMs: 84 * hour, toMs: 96 * hour }]);
    expect(gaps([shift(1, 2)], 'duty', { fromMs: 0, toMs: 3 * hour })).toEqual([
      { fromMs: 0, toMs: hour },
      { fromMs: 2 * hour, toMs: 3 * hour },
    ]);
    expect(gaps(days, 'head', { fromMs: 0, toMs: hour })).toHaveLength(1);
  });

  it('knows who has duty, the newest shift first', () => {
    expect(onDuty([shift(0, 12, 'a'), shift(11, 24, 'b')], 'duty', 11.5 * hour)).toEqual(['b', 'a']);
    expect(onDuty([shift(0, 12, 'a')], 'duty', 12 * hour)).toEqual([]);
  });
});
