import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantPace } from '../module/pace';
import { MODELS_DIR } from '../catalog/catalog';
import { testTaxpayer } from '../rack/factory-registration';
import { planModules } from '../rack/plan';
import { World } from '../rack/world';
import { BenchClock } from '../testing/bench-clock';
import { ControlServer } from './control-server';

interface Answer<T> {
  status: number;
  body: T;
}

describe('the control port', () => {
  const clock = new BenchClock(Date.UTC(2026, 0, 12));
  const world = new World({
    plan: planModules(2, 'tcp'),
    pace: instantPace,
    registerAs: testTaxpayer,
    clock,
  });
  const control = new ControlServer(world, 0);
  const module = world.at(0);

  beforeAll(() => control.open());
  afterAll(async () => {
    await control.close();
    await world.close();
  });

  async function call<T>(method: string, path: string, body?: string): Promise<Answer<T>> {
    const answer = await fetch(`http://127.0.0.1:${control.address}${path}`, { method, body });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  /** The lines of the README that order a fault, without the comment behind them. */
  const documented = readFileSync(join(MODELS_DIR, '../README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => /^curl \$M\/faults -d '(\{.*\})'/.exec(line)?.[1] ?? []);

  it('lists what is broken by hand and mends it; what the hall takes is the hall’s', async () => {
    const other = world.at(1);
    await call('POST', `/modules/${module.serial}/unplug`);
    await call('POST', `/modules/${module.serial}/faults`, '{"name":"clockJump","byMs":3600000}');
    await call('POST', `/modules/${other.serial}/power`, '{"on":false}');
    await call('POST', '/plant/faults', '{"kind":"feed","code":"A"}');
    await call('POST', '/plant/faults', '{"kind":"feed","code":"B"}');
    expect((await call('GET', '/broken')).body).toMatchObject({
      elements: [
        { kind: 'feed', code: 'A' },
        { kind: 'feed', code: 'B' },
      ],
      modules: [
        { serial: module.serial, faults: ['unplug', 'clockJump'] },
        { serial: other.serial, faults: ['powerOff'] },
      ],
    });
    await call('POST', `/modules/${module.serial}/mend`);
    expect(module.isPlugged).toBe(true);
    expect(module.isPowered).toBe(false);
    expect((await call('DELETE', '/broken')).body).toEqual({ elements: [], modules: [] });
    expect([module, other].every((one) => one.isPowered && one.isPlugged)).toBe(true);
    expect(module.device.clockOffsetMs).toBe(0);
  });

  it('tells every fault with its parameters, and the README orders each of them', async () => {
    const { body } = await call<{ oneOf: { properties: { name: { const: string } } }[] }>('GET', '/faults');
    const known = body.oneOf.map(({ properties }) => properties.name.const);
    const ordered = documented.map((text) => (JSON.parse(text) as { name: string }).name);
    expect([...new Set(ordered)].sort()).toEqual([...known].sort());
  });

  it.each(documented)('takes %s and takes it back', async (text) => {
    const given = await call<{ id: number; fault: { name: string } }>(
      'POST',
      `/modules/${module.serial}/faults`,
      text,
    );
    expect(given).toMatchObject({ status: 201, body: { fault: JSON.parse(text) as object } });
    expect((await call('DELETE', `/modules/${module.serial}/faults`)).status).toBe(200);
    expect((await call('GET', `/modules/${module.serial}/faults`)).body).toEqual({ faults: [] });
    await call('POST', `/modules/${module.serial}/power`, '{"on":true}');
    await call('POST', `/modules/${module.serial}/replug`);
    expect(module.isReachable).toBe(true);
  });

  it('refuses what it does not know, and says what', async () => {
    const path = `/modules/${module.serial}/faults`;
    expect(await call('POST', path, '{"name":"earthquake"}')).toMatchObject({ status: 400 });
    expect(await call('POST', path, '{"name":"delay","ms":-1}')).toMatchObject({ status: 400 });
    expect(await call('POST', path, 'no JSON')).toMatchObject({
      status: 400,
      body: { error: 'body is no JSON' },
    });
    expect(await call('GET', '/modules/1')).toMatchObject({ status: 404, body: { error: 'no module 1' } });
  });

  it('another host on the port: ours is hung up and comes back when it is gone', async () => {
    let isHungUp = false;
    const link = { send: () => undefined, hangUp: () => (isHungUp = true) };
    expect(module.connect(link)).toBeDefined();
    await call('POST', `/modules/${module.serial}/faults`, '{"name":"portTaken"}');
    expect(isHungUp).toBe(true);
    expect(module.connect(link)).toBeUndefined();
    await call('DELETE', `/modules/${module.serial}/faults`);
    const session = module.connect(link);
    expect(session).toBeDefined();
    session?.closed();
  });
});
