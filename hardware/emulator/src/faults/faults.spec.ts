import { COMMANDS, encodeTask, fnCommand, register } from '@kkt/atol-protocol';
import { TAG, childrenOf, decodeTlv, textOf } from '@kkt/ffd';
import { realisticPace } from '../module/pace';
import { ModuleBench } from '../testing/module-bench';
import type { TestHost } from '../testing/test-host';
import { MINUTE_MS } from '../wall-time';

const close = COMMANDS.closeReceipt.encodeRequest({ flags: 0, paymentType: 2, sumKop: 0 });
const askClock = register('clock').encodeRequest();

/** A bench with a receipt filled and ready to be closed: two documents, the third to come. */
async function filled(bench: ModuleBench): Promise<ModuleBench> {
  await bench.ready();
  const { host } = bench;
  await bench.do(host.mode(1));
  await bench.do(host.call(COMMANDS.openReceipt, { flags: 4, type: 1 }));
  await bench.do(host.item(100_00, 'Товар'));
  return bench;
}

async function closing(bench: ModuleBench): Promise<{ tid: number }> {
  const { tid } = await bench.do(bench.host.add(close));
  await bench.clock.run(1000);
  return { tid };
}

const told = (host: TestHost, tid: number): boolean =>
  host.asyncSeen.some((reply) => 'tid' in reply && reply.tid === tid);

describe('answers lost', () => {
  it('loseAnswerBeforeCommit: nothing was done, nothing is remembered', async () => {
    const bench = await filled(new ModuleBench());
    bench.module.inject({ name: 'loseAnswerBeforeCommit', command: 'closeReceipt' });
    const { tid } = await closing(bench);
    expect(told(bench.host, tid)).toBe(false);
    expect(bench.lastFd).toBe(2);
    expect(await bench.do(bench.host.req(tid))).toEqual({ status: 'notFound' });
    expect(await bench.do(bench.host.run(register('openReceipt').encodeRequest()))).toEqual(
      Buffer.from('5500010000010000', 'hex'),
    );
  });

  it.each(['kept', 'lost'] as const)(
    'loseAnswerAfterCommit: the document is there, its result is %s',
    async (result) => {
      const bench = await filled(new ModuleBench());
      bench.module.inject({ name: 'loseAnswerAfterCommit', result });
      const { tid } = await closing(bench);
      expect(told(bench.host, tid)).toBe(false);
      expect(bench.lastFd).toBe(3);
      const reply = await bench.do(bench.host.req(tid));
      expect(reply.status).toBe(result === 'kept' ? 'result' : 'notFound');
      // Once means once.
      await bench.do(bench.host.abort());
      await bench.do(bench.host.receipt(100));
      expect(bench.lastFd).toBe(4);
    },
  );

  it('waits for the command it names', async () => {
    const bench = await filled(new ModuleBench());
    bench.module.inject({ name: 'loseAnswerAfterCommit', command: 'setTransportState', result: 'lost' });
    await bench.do(bench.host.call(COMMANDS.closeReceipt, { flags: 0, paymentType: 2, sumKop: 0 }));
    const { tid } = await bench.do(bench.host.add(fnCommand('setTransportState').encodeRequest({ up: 1 })));
    await bench.clock.run(1000);
    expect(told(bench.host, tid)).toBe(false);
    expect(bench.module.fn?.exchange.flags.transportUp).toBe(true);
  });
});

describe('a bad line', () => {
  it('bitFlip in: the module asks for the packet again and executes nothing', async () => {
    const bench = await new ModuleBench().ready();
    const { id } = bench.module.inject({ name: 'bitFlip', rate: 1, direction: 'in', times: 1 });
    void bench.host.add(close);
    await bench.clock.run(50);
    expect(bench.module.faults.list().find((fault) => fault.id === id)).toBeUndefined();
    expect(bench.module.tasks).toEqual([]);
    expect(bench.lastFd).toBe(2);
  });

  it.each(['bitFlip', 'dropBytes', 'duplicateBytes'] as const)(
    '%s out: what comes is no good frame, and what it says again is',
    async (name) => {
      const bench = await new ModuleBench().ready();
      bench.module.inject({ name, rate: 0.2, direction: 'out' });
      const before = bench.host.seen.length;
      for (let turn = 0; turn < 10; turn += 1) {
        void bench.host.ask(Buffer.of(0xc3, 1));
        await bench.clock.run(10);
      }
      const spoiled = bench.host.seen.slice(before).filter((event) => event.type !== 'frame');
      expect(spoiled.length).toBeGreaterThan(0);
      expect(bench.module.heal()).toBe(1);
      const good = bench.host.seen.length;
      void bench.host.ask(Buffer.of(0xc3, 2));
      await bench.clock.run(10);
      expect(bench.host.seen.slice(good).map((event) => event.type)).toContain('frame');
    },
  );

  it('noise: bytes of nobody before a frame, the frame is whole', async () => {
    const bench = await new ModuleBench().ready();
    bench.module.inject({ name: 'noise', direction: 'out', bytes: 16, times: 1 });
    expect(await bench.do(bench.host.req(77))).toEqual({ status: 'notFound' });
    expect(bench.host.seen.some((event) => event.type === 'discarded')).toBe(true);
  });

  it('delay: everything comes later, in order', async () => {
    const bench = await new ModuleBench().ready();
    bench.module.inject({ name: 'delay', ms: 700 });
    const began = bench.clock.monotonicMs();
    await bench.do(bench.host.req(77));
    const took = bench.clock.monotonicMs() - began;
    expect(took).toBeGreaterThanOrEqual(700);
    expect(took).toBeLessThan(900);
  });

  it('staleReply: the frame before the last comes again ahead of the next', async () => {
    const bench = await new ModuleBench().ready();
    await bench.do(bench.host.req(1));
    await bench.do(bench.host.req(2));
    bench.module.inject({ name: 'staleReply' });
    const before = bench.host.seen.length;
    void bench.host.ask(Buffer.of(0xc3, 3));
    await bench.clock.run(10);
    const ids = bench.host.seen.slice(before).map((event) => (event.type === 'frame' ? event.id : -1));
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe((ids[0] ?? 0) + 2);
  });

  it('hang: silence, and life again afterwards', async () => {
    const bench = await new ModuleBench().ready();
    bench.module.inject({ name: 'hang', forMs: 5000 });
    const before = bench.host.seen.length;
    void bench.host.ask(Buffer.of(0xc3, 3));
    await bench.clock.run(4000);
    expect(bench.host.seen).toHaveLength(before);
    await bench.clock.run(2000);
    expect(await bench.do(bench.plugAgain().lastFd())).toBe(2);
  });

  it.each([
    ['beforeCommit', 2],
    ['afterCommit', 3],
  ] as const)(
    'hang at %s of the closing: %i documents, a task that never ends, life again after power',
    async (at, documents) => {
      const bench = await filled(new ModuleBench());
      bench.module.inject({ name: 'hang', at, command: 'closeReceipt', forMs: 60_000 });
      const { tid } = await closing(bench);
      expect(told(bench.host, tid)).toBe(false);
      expect(bench.lastFd).toBe(documents);
      await bench.clock.run(60_000);
      const host = bench.plugAgain();
      expect(await bench.do(host.req(tid))).toEqual({ status: 'inProgress' });
      const later = await bench.do(host.add(askClock));
      expect(later.reply).toEqual({ status: 'pending' });
      await bench.clock.run(5000);
      expect(told(host, later.tid)).toBe(false);
      bench.module.powerOff();
      bench.module.powerOn();
      expect(await bench.do(bench.plug().lastFd())).toBe(documents);
    },
  );

  it('busy: no room for a task', async () => {
    const bench = await new ModuleBench().ready();
    bench.module.inject({ name: 'busy', times: 2 });
    const replies = [];
    for (let turn = 0; turn < 3; turn += 1)
      replies.push((await bench.do(bench.host.add(askClock))).reply.status);
    expect(replies).toEqual(['overflow', 'overflow', 'inProgress']);
  });
});

describe('power and cable', () => {
  it.each([
    ['beforeCommit', 2],
    ['afterCommit', 3],
  ] as const)(
    'powerOff at %s of the closing leaves %i documents, an empty task buffer and no receipt',
    async (at, documents) => {
      const bench = await filled(new ModuleBench());
      bench.module.inject({ name: 'powerOff', at, command: 'closeReceipt', forMs: 3000 });
      const { tid } = await closing(bench);
      expect(bench.port.isOpen).toBe(false);
      expect(told(bench.host, tid)).toBe(false);
      expect(bench.module.isPowered).toBe(false);
      expect(() => bench.plug()).toThrow('not reachable');
      await bench.clock.run(3000);
      const host = bench.plug();
      expect(await bench.do(host.req(tid))).toEqual({ status: 'notFound' });
      expect(await bench.do(host.lastFd())).toBe(documents);
      const receipt = register('openReceipt').decodeAnswer(
        await bench.do(host.run(register('openReceipt').encodeRequest())),
      );
      expect(receipt).toEqual({ ok: true, data: { state: 0, sumKop: 0 } });
      expect((await bench.do(host.call(COMMANDS.stateCode, {}))).mode.mode).toBe(0);
    },
  );

  it.each([
    ['beforeCommit', 'error', 2],
    ['afterCommit', 'result', 3],
  ] as const)(
    'powerOff at %s with a task memory that is kept answers Req with %s',
    async (at, status, documents) => {
      const bench = await filled(new ModuleBench());
      bench.module.inject({
        name: 'powerOff',
        at,
        command: 'closeReceipt',
        forMs: 100,
        taskMemory: 'kept',
        receipt: 'kept',
      });
      const { tid } = await closing(bench);
      const host = bench.plug();
      expect((await bench.do(host.req(tid))).status).toBe(status);
      expect(bench.lastFd).toBe(documents);
      expect(bench.module.device.receipt !== undefined).toBe(at === 'beforeCommit');
    },
  );

  it('unplug after the commit: the module goes on, its result waits for the host', async () => {
    const bench = await filled(new ModuleBench(realisticPace(100)));
    bench.module.inject({ name: 'unplug', at: 'afterCommit', command: 'closeReceipt', forMs: 2000 });
    const { tid } = await closing(bench);
    expect(bench.port.isOpen).toBe(false);
    expect(bench.lastFd).toBe(3);
    await bench.clock.run(2000);
    expect((await bench.do(bench.plug().req(tid))).status).toBe('result');
  });

  it('CE 41 reboots: the host loses the line and finds mode 0', async () => {
    const bench = await new ModuleBench(realisticPace(100)).ready();
    void bench.host.add(COMMANDS.power.encodeRequest({ action: 0x41 }));
    await bench.clock.run(500);
    expect(bench.port.isOpen).toBe(false);
    expect(bench.module.isReachable).toBe(false);
    await bench.clock.run(2000);
    expect((await bench.do(bench.plug().call(COMMANDS.stateCode, {}))).mode.mode).toBe(0);
  });

  it('slow: the same work takes ten times as long', async () => {
    const bench = await filled(new ModuleBench(realisticPace(100)));
    bench.module.inject({ name: 'slow', factor: 10 });
    const began = bench.clock.monotonicMs();
    await bench.do(bench.host.run(close));
    expect(bench.clock.monotonicMs() - began).toBeGreaterThanOrEqual(850);
  });
});

describe('the FN', () => {
  const refusal = async (bench: ModuleBench): Promise<number> => {
    const answer = await bench.do(bench.host.try(COMMANDS.openReceipt, { flags: 4, type: 1 }));
    return answer.ok ? 0 : answer.error;
  };
  const inMode1 = async (): Promise<ModuleBench> => {
    const bench = await new ModuleBench().ready();
    await bench.do(bench.host.mode(1));
    return bench;
  };

  it.each([
    ['fnFull', 0xd8],
    ['fnExpired', 0xd7],
    ['fnFault', 0xd5],
    ['removeFn', 0xd2],
  ] as const)(
    '%s: a receipt is refused with the device error, and goes again when healed',
    async (name, error) => {
      const bench = await inMode1();
      bench.module.inject({ name });
      expect(await refusal(bench)).toBe(error);
      bench.module.heal();
      expect(await refusal(bench)).toBe(0);
    },
  );

  it('fnFull leaves room to close', async () => {
    const bench = await inMode1();
    bench.module.inject({ name: 'fnFull', left: 1 });
    await bench.do(bench.host.receipt(100));
    await bench.do(bench.host.mode(1));
    expect(await refusal(bench)).toBe(0xd8);
    await bench.do(bench.host.closeShift());
    expect(bench.lastFd).toBe(4);
  });

  it('swapFn: another FN is in the slot until healed; insertFn: for good', async () => {
    const bench = await new ModuleBench().ready();
    const own = bench.module.fn?.fnNumber;
    const ask = async (): Promise<string> =>
      (await bench.do(bench.host.call(fnCommand('fnNumber'), {}))).fnNumber;
    bench.module.inject({ name: 'swapFn' });
    const foreign = await ask();
    expect(foreign).toMatch(/^9999\d{12}$/);
    expect(foreign).not.toBe(own);
    bench.module.heal();
    expect(await ask()).toBe(own);
    bench.module.inject({ name: 'insertFn', model: 'fn-1.2-36' });
    expect(await ask()).not.toBe(own);
    expect(bench.module.fn?.model.id).toBe('fn-1.2-36');
    expect(bench.module.fn?.state.phase).toBe(1);
  });

  it.each(['fnFault', 'fnFull', 'fnExpired'] as const)(
    '%s ends for an FN that is out of its slot, too',
    async (name) => {
      const bench = await inMode1();
      const { id } = bench.module.inject({ name });
      const away = bench.module.inject({ name: 'removeFn' });
      bench.module.heal(id);
      bench.module.heal(away.id);
      expect(await refusal(bench)).toBe(0);
    },
  );

  it.each([
    ['an hour on', 60 * MINUTE_MS, 0xf1],
    ['an hour back', -60 * MINUTE_MS, 0xd9],
    ['four minutes on', 4 * MINUTE_MS, 0],
  ])('clockJump %s', async (_, byMs, error) => {
    const bench = await inMode1();
    bench.module.inject({ name: 'clockJump', byMs });
    expect(await refusal(bench)).toBe(error);
  });
});

describe('another host at another door', () => {
  it('makes a document of its own', async () => {
    const bench = await filled(new ModuleBench());
    bench.module.inject({
      name: 'foreignHost',
      does: 'document',
      at: 'beforeCommit',
      command: 'closeReceipt',
    });
    await bench.do(bench.host.run(close));
    expect(bench.lastFd).toBe(4);
    const names = [3, 4].map((fd) => {
      const nodes = childrenOf(decodeTlv(bench.module.fn?.document(fd)?.tlv ?? Buffer.alloc(0)), 3) ?? [];
      return textOf(childrenOf(nodes, TAG.item) ?? [], TAG.itemName);
    });
    expect(names).toEqual(['Чужой товар', 'Товар']);
  });

  it('leaves the mode, opens a receipt, aborts the tasks', async () => {
    const bench = await new ModuleBench(realisticPace(100)).ready();
    await bench.do(bench.host.mode(1));
    bench.module.inject({ name: 'foreignHost', does: 'leaveMode' });
    const answer = await bench.do(bench.host.try(COMMANDS.openReceipt, { flags: 4, type: 1 }));
    expect(answer).toMatchObject({ ok: false, error: 0x66 });
    bench.module.inject({ name: 'foreignHost', does: 'openReceipt' });
    await bench.do(bench.host.mode(1).catch(() => undefined));
    expect(bench.module.device.receipt?.type).toBe(1);
    const { tid } = await bench.do(bench.host.add(encodeTask(askClock).subarray(2)));
    bench.module.inject({ name: 'foreignHost', does: 'abort' });
    expect(await bench.do(bench.host.req(tid))).toEqual({ status: 'notFound' });
  });
});
