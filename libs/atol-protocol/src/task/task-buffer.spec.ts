import fc from 'fast-check';
import { TASK_FLAG, type TaskReply } from './codec';
import { TaskBuffer, type RunnableTask } from './task-buffer';

const KEEP = TASK_FLAG.needResult;
const task = Buffer.from('00003f', 'hex');
const good = { ok: true, answer: Buffer.from('5500', 'hex') };
const bad = { ok: false, answer: Buffer.from('559a00', 'hex') };

const add = (buffer: TaskBuffer, tid: number, flags: number = KEEP, bytes = task): TaskReply =>
  buffer.handle({ type: 'add', flags, tid, task: bytes });
const req = (buffer: TaskBuffer, tid: number): TaskReply => buffer.handle({ type: 'req', tid });
const ack = (buffer: TaskBuffer, tid: number): TaskReply => buffer.handle({ type: 'ack', tid });

function begin(buffer: TaskBuffer): RunnableTask {
  const next = buffer.next();
  if (!next) throw new Error('nothing to execute');
  return next;
}

describe("device's task buffer", () => {
  it('takes a task, executes it, keeps the result until Ack', () => {
    const buffer = new TaskBuffer();
    expect(add(buffer, 2)).toEqual({ status: 'inProgress' });
    const running = begin(buffer);
    expect(running).toMatchObject({ tid: 2, flags: KEEP, task });
    expect(req(buffer, 2)).toEqual({ status: 'inProgress' });
    expect(buffer.finish(running.ticket, good)).toEqual({
      status: 'asyncResult',
      tid: 2,
      answer: good.answer,
    });
    expect(req(buffer, 2)).toEqual({ status: 'result', answer: good.answer });
    expect(req(buffer, 2)).toEqual({ status: 'result', answer: good.answer });
    expect(ack(buffer, 2)).toEqual({ status: 'result', answer: Buffer.alloc(0) });
    expect(req(buffer, 2)).toEqual({ status: 'notFound' });
  });

  it('answers B2 to a repeated Add in every state and executes it once', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    expect(add(buffer, 1)).toEqual({ status: 'alreadyExists' });
    const running = begin(buffer);
    expect(add(buffer, 1)).toEqual({ status: 'alreadyExists' });
    buffer.finish(running.ticket, good);
    expect(add(buffer, 1)).toEqual({ status: 'alreadyExists' });
    expect(buffer.next()).toBeUndefined();
  });

  it('queues behind a working task and executes in order, one at a time', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    const first = begin(buffer);
    expect(add(buffer, 2)).toEqual({ status: 'pending' });
    expect(add(buffer, 3)).toEqual({ status: 'pending' });
    expect(buffer.next()).toBeUndefined();
    buffer.finish(first.ticket, good);
    expect(begin(buffer).tid).toBe(2);
  });

  it('stops the queue at a failure: waiting and new tasks answer A5 until Abort', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    add(buffer, 2);
    expect(buffer.finish(begin(buffer).ticket, bad)).toEqual({
      status: 'asyncError',
      tid: 1,
      answer: bad.answer,
    });
    expect(req(buffer, 1)).toEqual({ status: 'error', answer: bad.answer });
    expect(req(buffer, 2)).toEqual({ status: 'stopped', tid: 2 });
    expect(add(buffer, 3)).toEqual({ status: 'stopped', tid: 3 });
    expect(buffer.next()).toBeUndefined();
    expect(buffer.isStopped).toBe(true);
    expect(buffer.handle({ type: 'abort' })).toEqual({ status: 'result', answer: Buffer.alloc(0) });
    expect(add(buffer, 2)).toEqual({ status: 'inProgress' });
    expect(begin(buffer).tid).toBe(2);
  });

  it('goes on when the failed task and all stopped ones are acknowledged', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    add(buffer, 2);
    buffer.finish(begin(buffer).ticket, bad);
    ack(buffer, 1);
    expect(add(buffer, 3)).toEqual({ status: 'stopped', tid: 3 });
    ack(buffer, 2);
    expect(buffer.isStopped).toBe(true);
    ack(buffer, 3);
    expect(add(buffer, 4)).toEqual({ status: 'inProgress' });
  });

  it('needs Abort after a failure whose result was not kept', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1, 0);
    add(buffer, 2);
    buffer.finish(begin(buffer).ticket, bad);
    ack(buffer, 2);
    expect(add(buffer, 3)).toEqual({ status: 'stopped', tid: 3 });
    buffer.handle({ type: 'abort' });
    expect(add(buffer, 3)).toEqual({ status: 'inProgress' });
  });

  it('goes on after a failure with IgnoreError', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1, KEEP | TASK_FLAG.ignoreError);
    add(buffer, 2);
    buffer.finish(begin(buffer).ticket, bad);
    expect(begin(buffer).tid).toBe(2);
  });

  it('keeps nothing without NeedResult, yet tells of an error', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1, 0);
    expect(buffer.finish(begin(buffer).ticket, good)).toBeUndefined();
    expect(req(buffer, 1)).toEqual({ status: 'notFound' });
    add(buffer, 1, 0);
    expect(buffer.finish(begin(buffer).ticket, bad)).toEqual({
      status: 'asyncError',
      tid: 1,
      answer: bad.answer,
    });
    expect(req(buffer, 1)).toEqual({ status: 'notFound' });
  });

  it('has limits of tasks and of bytes', () => {
    const few = new TaskBuffer({ maxTasks: 2 });
    add(few, 1);
    add(few, 2);
    expect(add(few, 3)).toEqual({ status: 'overflow' });
    const small = new TaskBuffer({ maxBytes: 10 });
    expect(add(small, 1, KEEP, Buffer.alloc(10))).toEqual({ status: 'inProgress' });
    expect(add(small, 2, KEEP, Buffer.alloc(1))).toEqual({ status: 'overflow' });
    small.finish(begin(small).ticket, good);
    expect(add(small, 2, KEEP, Buffer.alloc(8))).toEqual({ status: 'inProgress' });
    expect(add(small, 3, KEEP, Buffer.alloc(1))).toEqual({ status: 'overflow' });
  });

  it('names the bad parameter', () => {
    const buffer = new TaskBuffer();
    expect(add(buffer, 1, 8)).toEqual({ status: 'illegalValue', parameter: 'flags' });
    expect(add(buffer, 0xe0)).toEqual({ status: 'illegalValue', parameter: 'tid' });
    expect(req(buffer, 0xf0)).toEqual({ status: 'illegalValue', parameter: 'tid' });
    expect(ack(buffer, 0xff)).toEqual({ status: 'illegalValue', parameter: 'tid' });
    expect(buffer.entries()).toEqual([]);
  });

  it('forgets the task being executed on Abort: its end says nothing, a namesake is another task', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    const old = begin(buffer);
    buffer.handle({ type: 'abort' });
    add(buffer, 1);
    const young = begin(buffer);
    expect(buffer.finish(old.ticket, bad)).toBeUndefined();
    expect(req(buffer, 1)).toEqual({ status: 'inProgress' });
    expect(buffer.finish(young.ticket, good)).toMatchObject({ status: 'asyncResult', tid: 1 });
    expect(buffer.finish(young.ticket, bad)).toBeUndefined();
  });

  it('lets a task wait aside only with its flag, while others work', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1, KEEP | TASK_FLAG.waitAsyncData);
    add(buffer, 2);
    const aside = begin(buffer);
    expect(buffer.wait(aside.ticket)).toBe(true);
    expect(req(buffer, 1)).toEqual({ status: 'waiting' });
    const second = begin(buffer);
    expect(second.tid).toBe(2);
    expect(buffer.wait(second.ticket)).toBe(false);
    expect(buffer.finish(aside.ticket, good)).toMatchObject({ tid: 1 });
  });

  it('does not free a task that is still to be executed', () => {
    const buffer = new TaskBuffer();
    add(buffer, 1);
    expect(ack(buffer, 1)).toEqual({ status: 'pending' });
    begin(buffer);
    expect(ack(buffer, 1)).toEqual({ status: 'inProgress' });
    expect(buffer.entries()).toHaveLength(1);
    expect(ack(buffer, 9)).toEqual({ status: 'notFound' });
  });
});

type Move =
  | { do: 'add'; tid: number; flags: number; size: number }
  | { do: 'ack' | 'req'; tid: number }
  | { do: 'abort' | 'next' | 'good' | 'bad' | 'wait' };

const tid = fc.integer({ min: 0, max: 5 });
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    tid,
    flags: fc.integer({ min: 0, max: 7 }),
    size: fc.integer({ min: 3, max: 30 }),
  }),
  fc.record({ do: fc.constantFrom('ack' as const, 'req' as const), tid }),
  fc.record({ do: fc.constantFrom('next' as const, 'good' as const, 'bad' as const, 'wait' as const) }),
  { arbitrary: fc.constant<Move>({ do: 'abort' }), weight: 1 },
);

describe("device's task buffer, any history", () => {
  it('keeps its limits, works on one task at a time, executes each accepted task at most once', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const limits = { maxTasks: 4, maxBytes: 64 };
        const buffer = new TaskBuffer(limits);
        const executed = new Set<number>();
        let accepted = 0;
        let running: RunnableTask | undefined;
        for (const item of moves) {
          const before = buffer.entries();
          switch (item.do) {
            case 'add': {
              const reply = add(buffer, item.tid, item.flags, Buffer.alloc(item.size));
              const held = before.some((entry) => entry.tid === item.tid);
              if (held) expect(reply.status).toBe('alreadyExists');
              if (['inProgress', 'pending', 'stopped'].includes(reply.status)) {
                expect(held).toBe(false);
                expect(buffer.usedBytes).toBeLessThanOrEqual(limits.maxBytes);
                accepted += 1;
              } else expect(buffer.entries()).toEqual(before);
              break;
            }
            case 'ack': {
              const reply = ack(buffer, item.tid);
              const entry = before.find((other) => other.tid === item.tid);
              const done = entry && ['result', 'error', 'stopped'].includes(entry.state);
              expect(buffer.entries().length).toBe(before.length - (done ? 1 : 0));
              expect(reply.status === 'notFound').toBe(!entry);
              break;
            }
            case 'req': {
              const reply = req(buffer, item.tid);
              const entry = before.find((other) => other.tid === item.tid);
              expect(reply.status).toBe(entry?.state ?? 'notFound');
              expect(buffer.entries()).toEqual(before);
              break;
            }
            case 'abort':
              buffer.handle({ type: 'abort' });
              expect(buffer.entries()).toEqual([]);
              break;
            case 'next': {
              const next = buffer.next();
              if (!next) break;
              expect(executed.has(next.ticket)).toBe(false);
              executed.add(next.ticket);
              running = next;
              break;
            }
            case 'good':
            case 'bad':
              if (running) buffer.finish(running.ticket, item.do === 'good' ? good : bad);
              break;
            case 'wait':
              if (running) buffer.wait(running.ticket);
              break;
          }
          const entries = buffer.entries();
          expect(entries.length).toBeLessThanOrEqual(limits.maxTasks);
          expect(new Set(entries.map((entry) => entry.tid)).size).toBe(entries.length);
          expect(entries.filter((entry) => entry.state === 'inProgress').length).toBeLessThanOrEqual(1);
          if (buffer.isStopped) expect(entries.some((entry) => entry.state === 'pending')).toBe(false);
          expect(executed.size).toBeLessThanOrEqual(accepted);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
