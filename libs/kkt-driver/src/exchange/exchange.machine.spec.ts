import { step, type TaskInput, type TaskState } from './exchange.machine';

const answer = Buffer.from('5500', 'hex');
const fiscal = { fiscal: true, maxRefusals: 2 };
const harmless = { fiscal: false, maxRefusals: 2 };

const inputs: Record<string, TaskInput> = {
  start: { is: 'start' },
  accepted: { is: 'accepted' },
  existsFirst: { is: 'exists', repeated: false },
  existsRepeated: { is: 'exists', repeated: true },
  result: { is: 'result', answer },
  error: { is: 'error', answer },
  asyncResult: { is: 'async', answer, refused: false },
  asyncError: { is: 'async', answer, refused: true },
  stopped: { is: 'stopped' },
  full: { is: 'full', repeated: false },
  fullRepeated: { is: 'full', repeated: true },
  absent: { is: 'absent' },
  illegal: { is: 'illegal' },
  unclear: { is: 'unclear' },
  unsent: { is: 'unsent' },
  silence: { is: 'silence' },
  patience: { is: 'patience' },
  deadline: { is: 'deadline' },
  linkLost: { is: 'link-lost' },
};

const states: Record<string, TaskState> = {
  idle: { at: 'idle' },
  sent: { at: 'sent', refusals: 0 },
  sentAgain: { at: 'sent', refusals: 2 },
  paused: { at: 'paused', refusals: 1 },
  working: { at: 'working', asks: 0 },
  asking: { at: 'asking', asks: 1 },
  done: { at: 'done', answer },
  failed: { at: 'failed', why: 'device', answer },
  doubt: { at: 'doubt', why: 'silence' },
};

const done = 'done';
const device = 'failed device';
const stopped = 'failed stopped';

/** Where each input leads for a fiscal command; an input that is not named must do nothing. */
const arrows: Record<keyof typeof states, Partial<Record<keyof typeof inputs, string>>> = {
  idle: { start: 'sent 0' },
  sent: {
    accepted: 'working 0',
    existsFirst: 'failed tid-taken',
    existsRepeated: 'asking 1',
    result: done,
    error: device,
    stopped,
    full: 'paused 1',
    fullRepeated: 'asking 1',
    illegal: 'failed illegal',
    unclear: 'asking 1',
    unsent: 'failed link-lost',
    silence: 'doubt silence',
    deadline: 'doubt deadline',
    linkLost: 'doubt link-lost',
  },
  sentAgain: {
    accepted: 'working 0',
    existsFirst: 'failed tid-taken',
    existsRepeated: 'asking 1',
    result: done,
    error: device,
    stopped,
    full: 'failed full',
    fullRepeated: 'asking 1',
    illegal: 'failed illegal',
    unclear: 'asking 1',
    unsent: 'failed link-lost',
    silence: 'doubt silence',
    deadline: 'doubt deadline',
    linkLost: 'doubt link-lost',
  },
  paused: { patience: 'sent 1', deadline: 'failed deadline', linkLost: 'failed link-lost' },
  working: {
    result: done,
    error: device,
    asyncResult: done,
    asyncError: device,
    stopped,
    patience: 'asking 1',
    unsent: 'doubt link-lost',
    deadline: 'doubt deadline',
    linkLost: 'doubt link-lost',
  },
  asking: {
    accepted: 'working 1',
    result: done,
    error: device,
    asyncResult: done,
    asyncError: device,
    stopped,
    absent: 'doubt absent',
    illegal: 'doubt absent',
    unclear: 'working 1',
    unsent: 'doubt link-lost',
    silence: 'doubt silence',
    deadline: 'doubt deadline',
    linkLost: 'doubt link-lost',
  },
  done: {},
  failed: {},
  doubt: {},
};

const show = (state: TaskState): string => {
  switch (state.at) {
    case 'idle':
    case 'done':
      return state.at;
    case 'sent':
    case 'paused':
      return `${state.at} ${state.refusals}`;
    case 'working':
    case 'asking':
      return `${state.at} ${state.asks}`;
    case 'failed':
    case 'doubt':
      return `${state.at} ${state.why}`;
  }
};

const table = Object.entries(states).flatMap(([from, state]) =>
  Object.entries(inputs).map(([name, input]) => ({ from, state, name, input, to: arrows[from]?.[name] })),
);

describe('life of a task', () => {
  it.each(table.filter(({ to }) => to !== undefined))('$from + $name → $to', ({ state, input, to }) => {
    expect(show(step(state, input, fiscal))).toBe(to);
  });

  it.each(table.filter(({ to }) => to === undefined))('$from + $name does nothing', ({ state, input }) => {
    expect(step(state, input, fiscal)).toBe(state);
  });

  it('never doubts a harmless command: the same losses are failures', () => {
    for (const { state, input, to } of table) {
      const next = step(state, input, harmless);
      if (to?.startsWith('doubt')) expect(show(next)).toBe(to.replace('doubt', 'failed'));
      else if (state.at !== 'doubt') expect(next.at).not.toBe('doubt');
    }
  });

  it('keeps the answer of a result and of a refusal', () => {
    expect(step({ at: 'working', asks: 3 }, { is: 'result', answer }, fiscal)).toEqual({
      at: 'done',
      answer,
    });
    expect(step({ at: 'asking', asks: 3 }, { is: 'error', answer }, fiscal)).toEqual({
      at: 'failed',
      why: 'device',
      answer,
    });
  });

  it('tries a full buffer as often as the rule says', () => {
    let state: TaskState = { at: 'idle' };
    const feed = (is: 'start' | 'patience'): void => void (state = step(state, { is }, harmless));
    feed('start');
    for (let refusal = 0; refusal < 2; refusal += 1) {
      state = step(state, { is: 'full', repeated: false }, harmless);
      expect(state.at).toBe('paused');
      feed('patience');
    }
    expect(show(step(state, { is: 'full', repeated: false }, harmless))).toBe('failed full');
  });
});
