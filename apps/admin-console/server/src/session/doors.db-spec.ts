import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import type { StaffRole } from '@kkt/storage';
import { startTestConsole, type TestConsole } from '../../test/test-console';
import { doorRule } from './session.guard';

jest.setTimeout(60_000);

interface Door {
  method: 'get' | 'post' | 'put' | 'delete' | 'patch';
  path: string;
  isOpen: boolean;
  roles: readonly StaffRole[] | undefined;
}

const everyRole: readonly StaffRole[] = ['viewer', 'support', 'engineer', 'lead'];
/** One's own session and account: the only writes that no role is needed for. */
const own = /^\/api\/(session|account)(\/|$)/;
/** Hands on hardware, and what rules the alerts: never for support, who help shops with their receipts and may leave a note. */
const notOfSupport = /^\/api\/(registers(?!\/:id\/notes)|racks|demo|visits|alert-rules|fn\/workflows)(\/|$)/;

let farm: TestConsole;
let doors: Door[];

const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** Every handler of every controller, as Nest knows them. */
function doorsOf(console: TestConsole): Door[] {
  const found: Door[] = [];
  for (const module of console.app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      if (!metatype) continue;
      const bases = list(Reflect.getMetadata(PATH_METADATA, metatype) as string | string[]);
      const members = Object.getOwnPropertyDescriptors(metatype.prototype as object);
      for (const { value: handler } of Object.values(members) as PropertyDescriptor[]) {
        if (typeof handler !== 'function') continue;
        const method = Reflect.getMetadata(METHOD_METADATA, handler as object) as RequestMethod | undefined;
        if (method === undefined) continue;
        for (const base of bases)
          for (const path of list(Reflect.getMetadata(PATH_METADATA, handler as object) as string | string[]))
            found.push({
              method: RequestMethod[method].toLowerCase() as Door['method'],
              path: `/${base}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'),
              ...doorRule(handler as object),
            });
      }
    }
  return found;
}

/** A path that the door takes, with something for each parameter. */
const address = (path: string): string => path.replace(/:[a-zA-Z]+/g, '1');

beforeAll(async () => {
  farm = await startTestConsole();
  doors = doorsOf(farm).filter(({ path }) => path.startsWith('/api/'));
});

afterAll(() => farm?.stop());

describe('the doors of the console', () => {
  it('are all found', () => {
    expect(doors.length).toBeGreaterThan(60);
    expect(doors.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        'get /api/overview',
        'post /api/registers/:id/pause',
        'delete /api/demo/faults',
      ]),
    );
  });

  it('let nobody write who only looks: each write names its roles, and the viewer is in none', () => {
    const writes = doors.filter(({ method, isOpen, path }) => method !== 'get' && !isOpen && !own.test(path));
    expect(writes.filter(({ roles }) => roles === undefined).map(({ path }) => path)).toEqual([]);
    expect(writes.filter(({ roles }) => roles?.includes('viewer')).map(({ path }) => path)).toEqual([]);
    const wrong = writes.filter(({ roles, path }) => roles?.includes('support') && notOfSupport.test(path));
    expect(wrong.map(({ path }) => path)).toEqual([]);
    // What a duty engineer may, a senior may too.
    const lower = writes.filter(({ roles }) => roles?.includes('engineer') && !roles.includes('lead'));
    expect(lower.map(({ path }) => path)).toEqual([]);
  });

  it('are closed without a session, but for the log-in and the mailbox of a demonstration', async () => {
    const open: string[] = [];
    for (const { method, path } of doors) {
      const { status } = await farm.agent()[method](address(path)).send();
      if (status !== 401) open.push(`${method} ${path}`);
    }
    expect(open.filter((door) => !/^(post \/api\/session$|get \/api\/mailbox)/.test(door))).toEqual([]);
  });

  it.each(everyRole)('refuse the %s what is not his at the server', async (role) => {
    const agent = await farm.loggedIn(role);
    const wrong: string[] = [];
    for (const { method, path, roles } of doors) {
      if (!roles || roles.includes(role)) continue;
      const { status } = await agent[method](address(path)).send(method === 'get' ? undefined : {});
      if (status !== 403) wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('let a screen on the wall see the walls alone, for a month, however long it was dark', async () => {
    const agent = await farm.loggedIn('engineer');
    await (await farm.loggedIn('viewer')).post('/api/session/wall').send({}).expect(403);
    await agent.post('/api/session/wall').send({}).expect(204);
    const { body } = await agent.get('/api/session').expect(200);
    expect(body).toMatchObject({ isWall: true });
    const leftDays = (Date.parse((body as { expiresAt: string }).expiresAt) - Date.now()) / 86_400_000;
    expect(Math.round(leftDays)).toBe(30);
    await farm.database.query(
      `update web_sessions set seen_at = farm_now() - interval '3 days' where is_wall`,
    );
    await agent.get('/api/wall/service').expect(200);
    await agent.get('/api/live?topics=wall-service,overview').expect(403);
    const open: string[] = [];
    for (const { method, path } of doors) {
      if (/^\/api\/(session$|wall\/|mailbox)/.test(path)) continue;
      const { status } = await agent[method](address(path)).send(method === 'get' ? undefined : {});
      if (status !== 403) open.push(`${method} ${path}: ${status}`);
    }
    expect(open).toEqual([]);
  });
});
