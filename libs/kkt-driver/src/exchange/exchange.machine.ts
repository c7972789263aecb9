/**
 * The life of one task in the device's buffer, as a pure function: no timers, no bytes. The channel turns replies,
 * asynchronous packets, expired waits and a lost link into inputs and does the work of the state it is led to:
 * `sent` — send Add, `asking` — send Req, `paused` and `working` — wait for `patience`.
 */
export type TaskState =
  | { at: 'idle' }
  /** Add is on its way; `refusals` counts how often the buffer was full. */
  | { at: 'sent'; refusals: number }
  /** The buffer was full: nothing of this task is in the device. */
  | { at: 'paused'; refusals: number }
  /** The device has the task; the result is to come on its own. */
  | { at: 'working'; asks: number }
  /** Req is on its way. */
  | { at: 'asking'; asks: number }
  | { at: 'done'; answer: Buffer }
  /** Not executed, or executed and refused by the device (`device`, with its answer). */
  | { at: 'failed'; why: FailureReason; answer?: Buffer }
  /** A fiscal command that may or may not have been executed. */
  | { at: 'doubt'; why: LossReason };

/** Why nobody knows what became of the task. */
export type LossReason = 'silence' | 'link-lost' | 'absent' | 'deadline';
export type FailureReason = LossReason | 'device' | 'stopped' | 'full' | 'tid-taken' | 'illegal';

export type TaskInput =
  | { is: 'start' }
  /** A1 Pending, A2 InProgress, A8 Waiting. */
  | { is: 'accepted' }
  /** B2; `repeated`: our Add was sent more than once, so the one in the buffer is ours. */
  | { is: 'exists'; repeated: boolean }
  /** A3, in reply to Add or Req. */
  | { is: 'result'; answer: Buffer }
  /** A4. */
  | { is: 'error'; answer: Buffer }
  /** A6 or A7, on the device's own initiative. */
  | { is: 'async'; answer: Buffer; refused: boolean }
  /** A5: was queued when an earlier task failed. */
  | { is: 'stopped' }
  /** B1; `repeated`: our Add was sent more than once, so an earlier copy may be in the buffer all the same. */
  | { is: 'full'; repeated: boolean }
  /** B3. */
  | { is: 'absent' }
  /** B4. */
  | { is: 'illegal' }
  /** A reply that means nothing to us. */
  | { is: 'unclear' }
  /** The packet never left: the link was lost while it waited for its turn. */
  | { is: 'unsent' }
  /** The link gave up waiting for a reply. */
  | { is: 'silence' }
  /** The wait of `paused` or `working` is over. */
  | { is: 'patience' }
  /** The command's whole time is over. */
  | { is: 'deadline' }
  | { is: 'link-lost' };

export interface TaskRule {
  /** The command may make a fiscal document: a loss after it may have reached the device is doubt, not failure. */
  fiscal: boolean;
  /** How often a full buffer is tried again. */
  maxRefusals: number;
}

const isFinal = (state: TaskState): boolean =>
  state.at === 'done' || state.at === 'failed' || state.at === 'doubt';

const lost = (why: LossReason, rule: TaskRule): TaskState =>
  rule.fiscal ? { at: 'doubt', why } : { at: 'failed', why };

/**
 * The state after an input. An input that has no business in a state (a late reply, a second result) gives back the very
 * same object, so the caller can tell by identity that there is nothing to do.
 */
export function step(state: TaskState, input: TaskInput, rule: TaskRule): TaskState {
  if (isFinal(state)) return state;
  if (state.at === 'idle') return input.is === 'start' ? { at: 'sent', refusals: 0 } : state;
  // While paused nothing of the task is in the device: only waiting and loss mean anything.
  if (state.at === 'paused') {
    if (input.is === 'patience') return { at: 'sent', refusals: state.refusals };
    if (input.is === 'link-lost' || input.is === 'deadline') return { at: 'failed', why: input.is };
    return state;
  }
  switch (input.is) {
    case 'result':
      return { at: 'done', answer: input.answer };
    case 'error':
      return { at: 'failed', why: 'device', answer: input.answer };
    case 'async':
      // Before the device has confirmed the Add it may be the result of an older task with the same number.
      if (state.at === 'sent') return state;
      return input.refused
        ? { at: 'failed', why: 'device', answer: input.answer }
        : { at: 'done', answer: input.answer };
    case 'stopped':
      return { at: 'failed', why: 'stopped' };
    case 'link-lost':
    case 'deadline':
      return lost(input.is, rule);
    case 'accepted':
      if (state.at === 'sent') return { at: 'working', asks: 0 };
      return state.at === 'asking' ? { at: 'working', asks: state.asks } : state;
    case 'exists':
      if (state.at !== 'sent') return state;
      return input.repeated ? { at: 'asking', asks: 1 } : { at: 'failed', why: 'tid-taken' };
    case 'full':
      if (state.at !== 'sent') return state;
      if (input.repeated) return { at: 'asking', asks: 1 };
      return state.refusals < rule.maxRefusals
        ? { at: 'paused', refusals: state.refusals + 1 }
        : { at: 'failed', why: 'full' };
    case 'illegal':
      if (state.at === 'sent') return { at: 'failed', why: 'illegal' };
      return state.at === 'asking' ? lost('absent', rule) : state;
    case 'absent':
      // The slot is gone (a reboot, an Abort of somebody else): that the task never ran is not proved by it.
      return state.at === 'asking' ? lost('absent', rule) : state;
    case 'unclear':
      if (state.at === 'sent') return { at: 'asking', asks: 1 };
      return state.at === 'asking' ? { at: 'working', asks: state.asks } : state;
    case 'unsent':
      return state.at === 'sent' ? { at: 'failed', why: 'link-lost' } : lost('link-lost', rule);
    case 'silence':
      return state.at === 'working' ? state : lost('silence', rule);
    case 'patience':
      return state.at === 'working' ? { at: 'asking', asks: state.asks + 1 } : state;
    case 'start':
      return state;
  }
}
