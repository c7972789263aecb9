import fc from 'fast-check';
import {
  stepV2,
  V2_ATTEMPTS,
  V2_IDLE,
  V2_TIMES_MS,
  type V2Effect,
  type V2Input,
  type V2Role,
  type V2State,
} from './session';

const request = Buffer.from('00003f', 'hex');
const answer = Buffer.from('5500', 'hex');

function run(role: V2Role, inputs: V2Input[]): { state: V2State; effects: V2Effect[]; last: V2Effect[] } {
  let state: V2State = V2_IDLE;
  let last: V2Effect[] = [];
  const effects: V2Effect[] = [];
  for (const input of inputs) {
    const step = stepV2(role, state, input);
    if (!step) throw new Error(`no arrow from ${state.at} by ${input.type}`);
    state = step.state;
    last = step.effects;
    effects.push(...last);
  }
  return { state, effects, last };
}

const send: V2Input = { type: 'send', payload: request, answerMs: 20_000 };
const got = (control: 'enq' | 'ack' | 'nak' | 'eot'): V2Input => ({ type: 'control', control });
const silence: V2Input = { type: 'silence' };
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const controls = (effects: V2Effect[]): string[] =>
  effects.flatMap((effect) =>
    effect.type === 'sendControl' ? [effect.control] : effect.type === 'sendFrame' ? ['frame'] : [],
  );

describe('host of transport v2', () => {
  it('walks a whole exchange', () => {
    const { state, effects } = run('host', [
      send,
      got('ack'),
      got('ack'),
      got('enq'),
      { type: 'frame', data: answer },
      got('eot'),
    ]);
    expect(state).toEqual(V2_IDLE);
    expect(controls(effects)).toEqual(['enq', 'frame', 'eot', 'ack', 'ack']);
    expect(effects).toContainEqual({ type: 'wait', ms: 20_000 });
    expect(effects).toContainEqual({ type: 'deliver', data: answer, expected: true });
  });

  it('gives up after five unanswered ENQ, and says that nothing was sent', () => {
    const { effects, last } = run('host', [send, ...times(V2_ATTEMPTS.enq, silence)]);
    expect(controls(effects)).toEqual(times(5, 'enq'));
    expect(last).toContainEqual({ type: 'failed', why: 'noAnswerToEnq', sent: false });
  });

  it('waits T1 for a busy device, a hundred ENQ at most', () => {
    const { effects, last } = run('host', [send, ...times(100, [got('nak'), silence]).flat()]);
    expect(controls(effects)).toHaveLength(V2_ATTEMPTS.outer);
    expect(last).toContainEqual({ type: 'failed', why: 'busy', sent: false });
  });

  it('waits T7 after a collision', () => {
    const { last, state } = run('host', [send, got('enq')]);
    expect(last).toEqual([{ type: 'wait', ms: V2_TIMES_MS.T7 }]);
    expect(stepV2('host', state, silence)?.effects[0]).toEqual({ type: 'sendControl', control: 'enq' });
  });

  it('sends a frame ten times at most and then is in doubt', () => {
    const { effects, last } = run('host', [send, got('ack'), ...times(V2_ATTEMPTS.frame, got('nak'))]);
    expect(controls(effects).filter((item) => item === 'frame')).toHaveLength(10);
    expect(last).toContainEqual({ type: 'failed', why: 'frameRefused', sent: true });
  });

  it('is in doubt when the device never answers', () => {
    const { last } = run('host', [send, got('ack'), got('ack'), silence]);
    expect(last).toContainEqual({ type: 'failed', why: 'noAnswer', sent: true });
  });

  it('marks an answer nobody waits for', () => {
    const { effects } = run('host', [got('enq'), { type: 'frame', data: answer }, got('eot')]);
    expect(effects).toContainEqual({ type: 'deliver', data: answer, expected: false });
  });

  it('refuses a second request while one is under way', () => {
    const { state } = run('host', [send]);
    expect(stepV2('host', state, send)).toBeUndefined();
  });
});

describe('device of transport v2', () => {
  const toExecuting: V2Input[] = [got('enq'), { type: 'frame', data: request }, got('eot')];

  it('takes a request, is busy, answers', () => {
    const { effects, state } = run('device', [
      ...toExecuting,
      got('enq'),
      { type: 'send', payload: answer },
      got('ack'),
      got('ack'),
    ]);
    expect(controls(effects)).toEqual(['ack', 'ack', 'nak', 'enq', 'frame', 'eot']);
    expect(effects).toContainEqual({ type: 'deliver', data: request, expected: true });
    expect(effects).toContainEqual({ type: 'delivered' });
    expect(state).toEqual(V2_IDLE);
  });

  it('delivers a request once though it came twice and its EOT was lost', () => {
    const frame: V2Input = { type: 'frame', data: request };
    const { effects } = run('device', [got('enq'), frame, frame, silence, frame]);
    expect(effects.filter((effect) => effect.type === 'deliver')).toHaveLength(1);
    expect(controls(effects)).toEqual(['ack', 'ack', 'ack', 'ack']);
  });

  it('refuses damaged frames ten times, then ends', () => {
    const { effects, last } = run('device', [got('enq'), ...times(10, { type: 'badFrame' } as const)]);
    expect(controls(effects).filter((item) => item === 'nak')).toHaveLength(9);
    expect(last).toContainEqual({ type: 'failed', why: 'badFrames', sent: false });
  });
});

type Fault = 'ok' | 'lost' | 'damaged';

/** Both machines on a line with 10 ms of delay; every sending meets the next fault of the list, then none. */
function simulate(faults: Fault[], workMs: number) {
  const sides = {
    host: { state: V2_IDLE as V2State, timer: 0 },
    device: { state: V2_IDLE as V2State, timer: 0 },
  };
  const outcome = { executed: 0, delivered: [] as Buffer[], failed: [] as { why: string; sent: boolean }[] };
  const plan = [...faults];
  let agenda: { at: number; order: number; run: () => void }[] = [];
  let now = 0;
  let order = 0;
  const later = (delay: number, task: () => void) =>
    agenda.push({ at: now + delay, order: (order += 1), run: task });

  const input = (role: V2Role, what: V2Input): void => {
    const side = sides[role];
    const step = stepV2(role, side.state, what);
    if (!step) return;
    side.state = step.state;
    for (const effect of step.effects) apply(role, effect);
  };
  const transmit = (to: V2Role, whole: V2Input, damaged: V2Input | undefined): void => {
    const fault = plan.shift() ?? 'ok';
    const what = fault === 'ok' ? whole : fault === 'damaged' ? damaged : undefined;
    if (what) later(10, () => input(to, what));
  };
  const apply = (role: V2Role, effect: V2Effect): void => {
    const side = sides[role];
    const other: V2Role = role === 'host' ? 'device' : 'host';
    switch (effect.type) {
      case 'sendControl':
        return transmit(other, got(effect.control), undefined);
      case 'sendFrame':
        return transmit(other, { type: 'frame', data: effect.payload }, { type: 'badFrame' });
      case 'wait': {
        const mine = (side.timer += 1);
        later(effect.ms, () => {
          if (side.timer === mine) input(role, silence);
        });
        return;
      }
      case 'stopWaiting':
        side.timer += 1;
        return;
      case 'deliver':
        if (role === 'host') {
          outcome.delivered.push(effect.data);
          return;
        }
        outcome.executed += 1;
        later(workMs, () => input('device', { type: 'send', payload: answer }));
        return;
      case 'failed':
        if (role === 'host') outcome.failed.push({ why: effect.why, sent: effect.sent });
        return;
      case 'delivered':
        return;
    }
  };

  input('host', { type: 'send', payload: request, answerMs: 10_000 });
  for (let turn = 0; turn < 5000 && agenda.length > 0; turn += 1) {
    agenda = agenda.sort((a, b) => a.at - b.at || a.order - b.order);
    const task = agenda.shift();
    if (!task) break;
    now = task.at;
    task.run();
  }
  return { ...outcome, idle: sides.host.state.at === 'idle' && agenda.length === 0 };
}

describe('both sides of transport v2 on a bad line', () => {
  it('never executes a request twice, and says "not sent" only when it was not executed', () => {
    const fault = fc.constantFrom<Fault>('ok', 'ok', 'lost', 'damaged');
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 40 }), fc.integer({ min: 0, max: 3000 }), (faults, workMs) => {
        const { executed, delivered, failed, idle } = simulate(faults, workMs);
        expect(idle).toBe(true);
        expect(executed).toBeLessThanOrEqual(1);
        expect(delivered.length + failed.length).toBeGreaterThanOrEqual(1);
        if (delivered.length > 0) expect(executed).toBe(1);
        if (failed.some((failure) => !failure.sent)) expect(executed).toBe(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('gets the answer through a handful of faults', () => {
    const { delivered, failed } = simulate(['lost', 'ok', 'damaged', 'ok', 'ok', 'lost', 'lost'], 100);
    expect(delivered).toEqual([answer]);
    expect(failed).toEqual([]);
  });
});
