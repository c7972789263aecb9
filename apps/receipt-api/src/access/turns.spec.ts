import { VirtualClock } from '@kkt/testing';
import { Turns } from './turns';

function world() {
  const clock = new VirtualClock();
  const turns = new Turns(clock, { waitMs: 1_000, narrowMs: 2_000 });
  const begun: string[] = [];
  const requests = new Map<string, object>();
  const take = (name: string, token = 'a'): void => {
    const request = {};
    requests.set(name, request);
    turns.take(request, token, { places: 4, perS: 100 }, () => begun.push(name));
  };
  const request = (name: string): object => requests.get(name) ?? {};
  return { clock, turns, begun, take, request, end: (name: string) => turns.end(request(name)) };
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `a${from + n}`);

describe('turns of a token', () => {
  it('are so many at once, in the order of their coming; another token has its own', async () => {
    const { clock, begun, take, end } = world();
    for (const name of names(1, 7)) take(name);
    take('b1', 'b');
    expect(begun).toEqual([...names(1, 4), 'b1']);
    await clock.advance(100);
    end('a2');
    end('a2');
    expect(begun).toEqual([...names(1, 4), 'b1', 'a5']);
    end('a1');
    expect(begun.at(-1)).toBe('a6');
  });

  it('are not taken by one that left while it waited', async () => {
    const { clock, begun, take, end } = world();
    for (const name of names(1, 6)) take(name);
    await clock.advance(100);
    end('a5');
    end('a1');
    expect(begun).toEqual([...names(1, 4), 'a6']);
  });

  it('begin at twice the pace of the token, however short each is', async () => {
    const { clock, turns, begun } = world();
    for (let n = 0; n < 300; n += 1) {
      const request = {};
      turns.take(request, 'a', { places: 4, perS: 100 }, () => {
        begun.push('a');
        turns.end(request);
      });
    }
    expect(begun).toHaveLength(4);
    await clock.advance(500);
    expect(begun.length).toBeGreaterThan(95);
    expect(begun.length).toBeLessThan(107);
    await clock.advance(1_000);
    expect(begun).toHaveLength(300);
  });

  it('are not waited for longer than a while', async () => {
    const { clock, begun, take, end } = world();
    for (const name of names(1, 6)) take(name);
    await clock.advance(1_000);
    expect(begun).toEqual(names(1, 6));
    // Six are worked on: two must end before a place is free, another before the next begins.
    take('a7');
    for (const name of ['a1', 'a2']) end(name);
    await clock.advance(100);
    expect(begun).not.toContain('a7');
    end('a3');
    expect(begun).toContain('a7');
  });

  it('are a quarter, at the very pace, for a while after a refusal', async () => {
    const { clock, turns, begun, take, request, end } = world();
    take('a1');
    turns.narrow(request('a1'));
    end('a1');
    for (const name of names(2, 4)) take(name);
    await clock.advance(9);
    expect(begun).toEqual(['a1', 'a2']);
    end('a2');
    await clock.advance(5);
    expect(begun).toEqual(['a1', 'a2']);
    await clock.advance(5);
    expect(begun).toEqual(['a1', 'a2', 'a3']);
    end('a3');
    end('a4');
    await clock.advance(2_001);
    for (const name of names(5, 9)) take(name);
    expect(begun.slice(3)).toEqual(names(5, 8));
  });
});
