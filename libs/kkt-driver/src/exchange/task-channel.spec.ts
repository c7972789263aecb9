import { decodeTaskRequest, encodeAdd, encodeFrame, encodeTask, TASK_FLAG } from '@kkt/atol-protocol';
import { silentLog, type FarmError } from '@kkt/contracts';
import { newLinkCounters } from '../link/counters';
import { V3Link } from '../link/v3.link';
import { ManualClock } from '../test/manual-clock';
import { ScriptedModule, type Script } from '../test/scripted-module';
import { MemoryWire } from '../transports/memory.wire';
import { settle } from './settle';
import type { TaskRequest } from './task';
import { TaskChannel, type TaskChannelOptions } from './task-channel';

const ok: Script = (body) => ({ ok: true, answer: Buffer.concat([Buffer.from('5500', 'hex'), body]) });
const task = (code: number, more: Partial<TaskRequest> = {}): TaskRequest => ({
  name: `command ${code.toString(16)}`,
  body: Buffer.of(code),
  fiscal: false,
  timeoutMs: 10_000,
  ...more,
});
const codeOf = (error: unknown): string => (error as FarmError).code;

async function world(
  options: { script?: Script; tasks?: Partial<TaskChannelOptions>; limits?: { maxTasks?: number } } = {},
) {
  const clock = new ManualClock();
  const wire = new MemoryWire({ clock });
  const module = new ScriptedModule(wire, clock, options.script ?? ok, options.limits);
  const linkCounters = newLinkCounters();
  const link = new V3Link({ wire, clock, counters: linkCounters });
  const channel = new TaskChannel({ link, clock, log: silentLog, linkCounters, ...options.tasks });
  await link.open(new AbortController().signal);
  return { clock, wire, module, linkCounters, link, channel };
}
type World = Awaited<ReturnType<typeof world>>;

const requests = (w: World): string[] => w.module.packets.map(({ data }) => decodeTaskRequest(data).type);
const executed = (w: World): number[] => w.module.executed.map((body) => body[0] ?? -1);

/** Drops whole frames that the test points out. */
const dropFrames =
  (isDropped: (data: Buffer) => boolean) =>
  (bytes: Uint8Array): Uint8Array[] => {
    const frames: Buffer[] = [];
    let start = 0;
    for (let at = 1; at <= bytes.length; at += 1) {
      if (at < bytes.length && bytes[at] !== 0xfe) continue;
      frames.push(Buffer.from(bytes.subarray(start, at)));
      start = at;
    }
    return frames.filter((frame) => !isDropped(frame.subarray(4, -1)));
  };

describe('task channel: one command', () => {
  it('gives the result that came on its own', async () => {
    const w = await world();
    const outcome = await w.clock.until(w.channel.run(task(0x45)));
    expect(outcome).toEqual({ answer: Buffer.from('550045', 'hex'), refused: false });
    expect(requests(w)).toEqual(['add']);
  });

  it('gives a refusal with its answer and lets the queue go on', async () => {
    const w = await world({
      script: (body) => ({ ok: body[0] !== 0x5a, answer: Buffer.from('556600', 'hex') }),
    });
    expect(await w.clock.until(w.channel.run(task(0x5a)))).toMatchObject({ refused: true });
    expect(await w.clock.until(w.channel.run(task(0x45)))).toMatchObject({ refused: false });
  });

  it('gives slots back together with later packets', async () => {
    const w = await world();
    for (let n = 0; n < 300; n += 1) await w.clock.until(w.channel.run(task(0x45)));
    expect(w.module.buffer.entries().length).toBeLessThanOrEqual(4);
    expect(w.module.executed).toHaveLength(300);
  });

  it('asks for a result whose packet was lost', async () => {
    const w = await world({ script: () => ({ ok: true, answer: Buffer.from('5500', 'hex'), workMs: 300 }) });
    w.wire.tamperToHost = dropFrames((data) => data[0] === 0xa6);
    const outcome = await w.clock.until(w.channel.run(task(0x4a, { fiscal: true })));
    expect(outcome.refused).toBe(false);
    expect(requests(w)).toEqual(['add', 'req']);
    expect(executed(w)).toEqual([0x4a]);
  });

  it('repeats an Add whose reply was lost; B2 says the device has it, Req brings the result', async () => {
    const w = await world();
    let lose = true;
    w.wire.tamperToHost = (bytes) => (lose ? [] : [bytes]);
    // The device forgets replies: a real one may not remember packet ids.
    w.clock.setTimer(600, () => {
      (w.module as unknown as { replies: Map<number, unknown> }).replies.clear();
      lose = false;
    });
    const outcome = await w.clock.until(w.channel.run(task(0x4a, { fiscal: true })));
    expect(outcome.answer.toString('hex')).toBe('55004a');
    expect(requests(w)).toEqual(['add', 'add', 'req']);
    expect(w.channel.counters.alreadyExists).toBe(1);
    expect(executed(w)).toEqual([0x4a]);
  });

  it('takes another task id when this one belongs to somebody', async () => {
    const w = await world({ tasks: { firstTid: 6 } });
    w.wire.onData(encodeFrame(0, Buffer.from('a3', 'hex')));
    w.module.onData(encodeFrame(200, encodeAdd(TASK_FLAG.needResult, 7, encodeTask(Buffer.of(0x45)))));
    const outcome = await w.clock.until(w.channel.run(task(0x3f)));
    expect(outcome.answer.toString('hex')).toBe('55003f');
    expect(w.channel.counters.alreadyExists).toBe(1);
  });

  it('waits while the buffer is full', async () => {
    const w = await world({ limits: { maxTasks: 1 } });
    w.module.onData(encodeFrame(200, encodeAdd(0, 0x50, encodeTask(Buffer.of(0x45)))));
    w.module.script = () => ({ ok: true, answer: Buffer.from('5500', 'hex'), workMs: 400 });
    w.module.onData(encodeFrame(201, encodeAdd(0, 0x51, encodeTask(Buffer.of(0x45)))));
    const outcome = await w.clock.until(w.channel.run(task(0x3f)));
    expect(outcome.refused).toBe(false);
    expect(w.channel.counters.bufferFull).toBeGreaterThan(3);
    expect(executed(w)).toEqual([0x45, 0x45, 0x3f]);
  });

  it.each([
    ['a fiscal command', true, 'DOUBT-SILENCE'],
    ['a harmless command', false, 'WIRE-SILENCE'],
  ])('silence after %s', async (_, fiscal, code) => {
    const w = await world();
    w.module.isMute = true;
    const run = w.channel.run(task(0x4a, { fiscal }));
    run.catch(() => undefined);
    await w.clock.pass(60_000);
    await expect(run).rejects.toMatchObject({ code, context: { command: 'command 4a' } });
  });

  it.each([
    ['before the command left', 'WIRE-LOST', 'WIRE-LOST'],
    ['while it was executed', 'DOUBT-LINK-LOST', 'WIRE-LOST'],
  ])('link lost %s', async (when, fiscalCode, harmlessCode) => {
    for (const [fiscal, code] of [
      [true, fiscalCode],
      [false, harmlessCode],
    ] as const) {
      const w = await world({ script: () => ({ ok: true, answer: Buffer.alloc(0), workMs: 5000 }) });
      const filler = Array.from({ length: 8 }, () => w.channel.run(task(0x45)).catch(codeOf));
      if (when.startsWith('while')) await w.clock.until(Promise.all(filler.slice(0, 1)));
      const run = w.channel.run(task(0x4a, { fiscal })).catch(codeOf);
      if (when.startsWith('while')) await w.clock.pass(1);
      w.wire.cut();
      expect(await run).toBe(code);
      await Promise.all(filler);
    }
  });

  it('a task the device has forgotten is doubt for a fiscal command', async () => {
    const w = await world({ script: () => ({ ok: true, answer: Buffer.alloc(0), workMs: 60_000 }) });
    const run = w.channel.run(task(0x4a, { fiscal: true })).catch(codeOf);
    await w.clock.pass(100);
    w.module.reboot();
    expect(await w.clock.until(run)).toBe('DOUBT-ABSENT');
  });

  it('a command that is never finished ends at its deadline', async () => {
    const w = await world({ script: () => ({ ok: true, answer: Buffer.alloc(0), workMs: 600_000 }) });
    const run = w.channel.run(task(0x4a, { fiscal: true, timeoutMs: 20_000 })).catch(codeOf);
    await w.clock.pass(19_900);
    expect(w.channel.counters.asks).toBeGreaterThan(5);
    expect(await w.clock.until(run)).toBe('DOUBT-DEADLINE');
  });

  it('ignores the result of a task nobody waits for', async () => {
    const w = await world();
    w.module.sayAsync('asyncResult', 0x77, Buffer.from('55004a', 'hex'));
    await w.clock.pass(0);
    expect(w.linkCounters.staleFrames).toBe(1);
    expect((await w.clock.until(w.channel.run(task(0x45)))).answer.toString('hex')).toBe('550045');
  });
});

describe('task channel: series', () => {
  const line = [0x92, 0xe8, 0xea, 0xe8, 0xeb, 0x99].map((code) => task(code));

  it('keeps one result only and proves all before it', async () => {
    const w = await world();
    const end = await w.clock.until(w.channel.runToLast(line));
    expect(end).toMatchObject({
      kind: 'done',
      outcomes: [{ answer: Buffer.from('550099', 'hex'), refused: false }],
    });
    expect(executed(w)).toEqual([0x92, 0xe8, 0xea, 0xe8, 0xeb, 0x99]);
    expect(requests(w)).toEqual(Array(6).fill('add'));
    expect(w.module.buffer.entries()).toHaveLength(1);
  });

  it('tells which command was refused; nothing behind it is executed', async () => {
    const w = await world({
      script: (body) => ({ ok: body[0] !== 0xeb, answer: Buffer.from('550800', 'hex') }),
    });
    const end = await w.clock.until(w.channel.runToLast(line));
    expect(end).toEqual({ kind: 'refused', index: 4, answer: Buffer.from('550800', 'hex') });
    expect(executed(w)).not.toContain(0x99);
    await w.clock.until(w.channel.abort());
    expect(w.module.buffer.entries()).toHaveLength(0);
    expect(w.module.buffer.isStopped).toBe(false);
  });

  it('says so when the refusal itself got lost', async () => {
    const w = await world({
      script: (body) => ({ ok: body[0] !== 0xeb, answer: Buffer.from('550800', 'hex') }),
    });
    w.wire.tamperToHost = dropFrames((data) => data[0] === 0xa7);
    expect(await w.clock.until(w.channel.runToLast(line))).toEqual({ kind: 'stopped' });
  });

  it.each([
    ['a command got lost and others overtook it', 'toDevice', (data: Buffer) => data[5] === 0xeb],
    ['the reply to a command got lost', 'toHost', (data: Buffer) => data[0] === 0xa1],
  ] as const)('does not trust a series when %s', async (_, way, isDropped) => {
    const w = await world({ script: () => ({ ok: true, answer: Buffer.from('5500', 'hex'), workMs: 5 }) });
    let dropped = 0;
    const tamper = dropFrames((data) => {
      if (!isDropped(data) || dropped > 0) return false;
      dropped += 1;
      return true;
    });
    if (way === 'toDevice') w.wire.tamperToDevice = tamper;
    else w.wire.tamperToHost = tamper;
    const end = await w.clock.until(w.channel.runToLast(line));
    expect(dropped).toBe(1);
    expect(end.kind).toBe('disturbed');
  });

  it('does not trust a series in which the buffer was full once', async () => {
    const w = await world({
      limits: { maxTasks: 4 },
      script: () => ({ ok: true, answer: Buffer.from('5500', 'hex'), workMs: 5 }),
    });
    expect(await w.clock.until(w.channel.runToLast(line))).toMatchObject({
      kind: 'disturbed',
      why: 'the buffer was full',
    });
  });

  it('a long series never takes more room than it may and stays in order', async () => {
    const w = await world({
      limits: { maxTasks: 16 },
      script: (body) => ({ ok: true, answer: body, workMs: 1 }),
    });
    let most = 0;
    const watch = w.module.script;
    w.module.script = (body, tid) => {
      most = Math.max(most, w.module.buffer.entries().length);
      return watch(body, tid);
    };
    const long = Array.from({ length: 500 }, (_, n) =>
      task(0xe8, { body: Buffer.of(0xe8, n & 0xff, n >> 8) }),
    );
    const end = await w.clock.until(w.channel.runToLast(long));
    expect(end.kind).toBe('done');
    expect(w.module.executed.map((body) => body.readUInt16LE(1))).toEqual(
      Array.from({ length: 500 }, (_, n) => n),
    );
    expect(most).toBeLessThanOrEqual(16);
    expect(w.channel.counters.bufferFull).toBe(0);
  });

  it('gives all answers, refusals included', async () => {
    const w = await world({ script: (body) => ({ ok: (body[1] ?? 0) < 9, answer: body }) });
    const reads = Array.from({ length: 12 }, (_, n) => task(0xa4, { body: Buffer.of(0xa4, n) }));
    const end = await w.clock.until(w.channel.runForAll(reads));
    if (end.kind !== 'done') throw new Error(end.kind);
    expect(end.outcomes.map(({ answer, refused }) => [answer[1], refused])).toEqual(
      Array.from({ length: 12 }, (_, n) => [n, n >= 9]),
    );
  });

  it('rejects when the link is lost', async () => {
    const w = await world({ script: () => ({ ok: true, answer: Buffer.alloc(0), workMs: 50 }) });
    const run = w.channel.runToLast(line).catch(codeOf);
    await w.clock.pass(20);
    w.wire.cut();
    expect(await run).toBe('WIRE-LOST');
  });

  it('nothing of a broken series reaches the device after the Abort', async () => {
    const w = await world({
      script: (body) => ({ ok: body[0] !== 0xe8, answer: Buffer.from('550800', 'hex'), workMs: 3 }),
    });
    const many = [task(0x92), task(0xe8), ...Array.from({ length: 40 }, () => task(0xea))];
    expect((await w.clock.until(w.channel.runToLast(many))).kind).toBe('refused');
    await w.clock.until(w.channel.abort());
    const count = w.module.packets.length;
    await w.clock.pass(30_000);
    expect(w.module.packets).toHaveLength(count);
    expect(requests(w).at(-1)).toBe('abort');
    expect(executed(w)).not.toContain(0xea);
  });
});

describe('settling on connect', () => {
  const barrier = task(0xa4, { name: 'barrier', timeoutMs: 130_000 });
  const options = { barrier, signal: new AbortController().signal };
  const oldTask = (tid: number, code: number, flags: number = TASK_FLAG.needResult): Buffer =>
    encodeFrame(0xb0 + tid, encodeAdd(flags, tid, encodeTask(Buffer.of(code))));

  it('lets an idle device pass and leaves its buffer empty', async () => {
    const w = await world();
    await w.clock.until(settle(w.channel, options));
    expect(requests(w)).toEqual(['add', 'req', 'abort']);
    expect(w.module.buffer.entries()).toHaveLength(0);
  });

  it('waits for the end of a command of an earlier session, without an Abort before it', async () => {
    const w = await world({
      script: (body) => ({
        ok: true,
        answer: Buffer.from('5500', 'hex'),
        workMs: body[0] === 0x4a ? 3000 : 0,
      }),
    });
    w.module.onData(oldTask(3, 0x4a));
    let finishedAtMs = 0;
    const settled = settle(w.channel, options).then(() => void (finishedAtMs = w.clock.monotonicMs()));
    await w.clock.pass(2900);
    expect(finishedAtMs).toBe(0);
    expect(requests(w)).not.toContain('abort');
    await w.clock.until(settled);
    expect(finishedAtMs).toBeGreaterThanOrEqual(3000);
    expect(executed(w)).toEqual([0x4a, 0xa4]);
  });

  it('clears a queue that an error stopped', async () => {
    const w = await world({
      script: (body) => ({ ok: body[0] !== 0x92, answer: Buffer.from('556600', 'hex') }),
    });
    w.module.onData(oldTask(3, 0x92, 0));
    w.module.onData(oldTask(4, 0x4a));
    await w.clock.until(settle(w.channel, options));
    expect(executed(w)).toEqual([0x92, 0xa4]);
  });

  it('clears a buffer full of old results', async () => {
    const w = await world({ limits: { maxTasks: 3 } });
    for (let tid = 20; tid < 23; tid += 1) w.module.onData(oldTask(tid, 0x45));
    await w.clock.until(settle(w.channel, options));
    expect(w.module.buffer.entries()).toHaveLength(0);
    expect(requests(w).filter((type) => type === 'abort')).toHaveLength(2);
  });

  it('after an Abort still waits for the command that survived it', async () => {
    const w = await world({
      limits: { maxTasks: 3 },
      script: (body) => ({
        ok: true,
        answer: Buffer.from('5500', 'hex'),
        workMs: body[0] === 0x4a ? 2000 : 0,
      }),
    });
    w.module.onData(oldTask(20, 0x45));
    w.module.onData(oldTask(21, 0x45));
    w.module.onData(oldTask(22, 0x4a));
    await w.clock.until(settle(w.channel, options));
    expect(w.clock.monotonicMs()).toBeGreaterThanOrEqual(2000);
    expect(executed(w).at(-1)).toBe(0xa4);
  });

  it('goes past task ids of an earlier session', async () => {
    const w = await world({ tasks: { firstTid: 4 } });
    for (let tid = 5; tid < 8; tid += 1) w.module.onData(oldTask(tid, 0x45));
    await w.clock.until(settle(w.channel, options));
    expect(w.module.buffer.entries()).toHaveLength(0);
  });

  it('is not deceived by an old result with the number of its own task', async () => {
    const w = await world({
      tasks: { firstTid: 8 },
      script: () => ({ ok: true, answer: Buffer.from('5500', 'hex'), workMs: 500 }),
    });
    const settled = settle(w.channel, options);
    await w.clock.pass(5);
    w.module.sayAsync('asyncResult', 9, Buffer.from('5500', 'hex'));
    await w.clock.pass(5);
    expect(requests(w)).not.toContain('abort');
    await w.clock.until(settled);
    expect(w.clock.monotonicMs()).toBeGreaterThanOrEqual(500);
  });

  it('fails when the device is silent, and when told to stop', async () => {
    const w = await world();
    w.module.isMute = true;
    expect(await w.clock.until(settle(w.channel, options).catch(codeOf))).toBe('WIRE-SILENCE');
    const abort = new AbortController();
    const stopped = settle(w.channel, { barrier, signal: abort.signal }).catch(
      (error: Error) => error.message,
    );
    await w.clock.pass(10);
    abort.abort(new Error('told to'));
    expect(await stopped).toBe('told to');
  });
});
