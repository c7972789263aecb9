import type { Clock } from '@kkt/contracts';
import { LoginGuard } from './login-guard';
import { TtlCache } from './ttl-cache';

function handClock(): Clock & { nowAtMs: number } {
  const clock = {
    nowAtMs: 0,
    nowMs: () => clock.nowAtMs,
    monotonicMs: () => clock.nowAtMs,
    setTimer: () => ({ cancel: () => undefined }),
  };
  return clock;
}

describe('the short memory', () => {
  it('loads once for all who ask meanwhile, then answers at once until it is stale', async () => {
    const clock = handClock();
    let loads = 0;
    const cache = new TtlCache<string | undefined>(clock, 100, 10, async (key) => {
      loads++;
      return key === 'none' ? undefined : `${key}${loads}`;
    });
    expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual(['a1', 'a1']);
    clock.nowAtMs = 99;
    expect(cache.get('a')).toBe('a1');
    clock.nowAtMs = 100;
    expect(await cache.get('a')).toBe('a2');
    expect(await cache.get('none')).toBeUndefined();
    expect(cache.get('none')).toBeUndefined();
    expect(loads).toBe(3);
  });

  it('forgets failures and, when full, the oldest', async () => {
    const clock = handClock();
    let isBroken = true;
    const cache = new TtlCache<string>(clock, 100, 2, async (key) => {
      if (isBroken) throw new Error('away');
      return key;
    });
    await expect(cache.get('a')).rejects.toThrow('away');
    isBroken = false;
    for (const key of ['a', 'b', 'c']) await cache.get(key);
    expect(cache.get('c')).toBe('c');
    expect(cache.get('a')).toBeInstanceOf(Promise);
  });
});

describe('the guard of logins', () => {
  it('makes one login at one address wait after too many wrong passwords', () => {
    const clock = handClock();
    const guard = new LoginGuard(clock, 3);
    for (let i = 0; i < 3; i++) {
      expect(guard.waitS('shop', '1.1.1.1')).toBe(0);
      guard.wrong('shop', '1.1.1.1');
    }
    expect(guard.waitS('shop', '1.1.1.1')).toBe(60);
    expect(guard.waitS('shop', '2.2.2.2')).toBe(0);
    expect(guard.waitS('other', '1.1.1.1')).toBe(0);
    clock.nowAtMs = 60_000;
    expect(guard.waitS('shop', '1.1.1.1')).toBe(0);
    guard.wrong('shop', '1.1.1.1');
    guard.right('shop', '1.1.1.1');
    guard.wrong('shop', '1.1.1.1');
    expect(guard.waitS('shop', '1.1.1.1')).toBe(0);
  });
});
