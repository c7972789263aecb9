import { FarmError } from './errors';

/** The processes that stand between a shop's request and its callback. */
export type FailProcess = 'receipt-api' | 'hardware-driver' | 'ofd-relay' | 'worker';

interface Facts {
  process: FailProcess;
  /** What has happened when the process is here, and what has not. */
  what: string;
  /** Counted only once this other step was passed in the same process. */
  after?: string;
}

/** Every named step of a receipt between its request and its callback, and of its document on the way to the operator. */
export const failSteps = {
  'accept-before-commit': { process: 'receipt-api', what: 'checked, not stored' },
  'accept-committed': { process: 'receipt-api', what: 'stored, the shop is not answered' },
  'accept-answered': { process: 'receipt-api', what: 'the shop is answered' },

  'claim-before': { process: 'hardware-driver', what: 'a register is free, nothing is claimed' },
  'claim-committed': { process: 'hardware-driver', what: 'receipt and intent are stored, no session knows' },
  'receipt-begins': { process: 'hardware-driver', what: 'the session has the receipt, no byte is sent' },
  'device-first-byte': {
    process: 'hardware-driver',
    after: 'receipt-begins',
    what: 'one byte of a frame is sent',
  },
  'device-mid-frame': { process: 'hardware-driver', after: 'receipt-begins', what: 'half a frame is sent' },
  'device-frame-sent': {
    process: 'hardware-driver',
    after: 'receipt-begins',
    what: 'a whole frame is sent, unanswered',
  },
  'close-sent': { process: 'hardware-driver', what: 'the closing is sent, unanswered' },
  'device-answered': { process: 'hardware-driver', what: 'the device answered, the FN is not asked' },
  'proof-read': { process: 'hardware-driver', what: 'the document is read from the FN, not stored' },
  'proof-stored': { process: 'hardware-driver', what: 'the document is stored, nobody is told' },
  'recovery-found': {
    process: 'hardware-driver',
    what: 'a document of an earlier process is found, not stored',
  },
  'recovery-absent': { process: 'hardware-driver', what: 'an earlier attempt is proven void, not stored' },

  'open-shift-intended': { process: 'hardware-driver', what: 'the intent is stored, no byte is sent' },
  'open-shift-answered': { process: 'hardware-driver', what: 'the device answered, the FN is not asked' },
  'open-shift-proven': { process: 'hardware-driver', what: 'the report is read from the FN, not stored' },
  'close-shift-intended': { process: 'hardware-driver', what: 'the intent is stored, no byte is sent' },
  'close-shift-answered': { process: 'hardware-driver', what: 'the device answered, the FN is not asked' },
  'close-shift-proven': { process: 'hardware-driver', what: 'the report is read from the FN, not stored' },

  'message-read': { process: 'hardware-driver', what: 'the FN gave its message, it is not stored' },
  'answer-before-fn': { process: 'hardware-driver', what: 'the operator’s answer is here, not in the FN' },
  'confirmed-in-fn': { process: 'hardware-driver', what: 'the answer is in the FN, not noted' },
  'message-claimed': { process: 'ofd-relay', what: 'a message is taken, not sent' },
  'message-sent': { process: 'ofd-relay', what: 'a message is sent, unanswered' },
  'message-answered': { process: 'ofd-relay', what: 'the operator answered, the answer is not stored' },
  'answer-stored': { process: 'ofd-relay', what: 'the answer is stored, the driver is not woken' },

  'callback-claimed': { process: 'worker', what: 'a callback is taken, not posted' },
  'callback-posted': { process: 'worker', what: 'the shop took the callback, this is not stored' },
  'callback-saved': { process: 'worker', what: 'the delivery is stored' },
} as const satisfies Record<string, Facts>;

export type FailStep = keyof typeof failSteps;

/**
 * What happens at the step: `kill` and `stop` are SIGKILL and SIGSTOP to the process itself, `pause` holds the whole
 * process while a file exists, `throw` is an error of the program.
 */
export type FailAction = { do: 'kill' | 'stop' | 'throw' } | { do: 'pause'; file: string };

/** One planned fault: at the `hit`-th pass of a step. */
export interface FailPlan {
  step: FailStep;
  hit: number;
  action: FailAction;
}

const isStep = (text: string): text is FailStep => Object.hasOwn(failSteps, text);

/**
 * Reads `<step>[:<hit>]:<kill|stop|throw|pause@<file>>`, say `close-sent:2:kill`.
 * @throws FarmError SYS-FAIL-POINT
 */
export function parseFailPlan(text: string): FailPlan {
  const [, step = '', hit = '1', how = '', file] =
    /^([a-z-]+)(?::(\d{1,6}))?:(kill|stop|throw|pause)(?:@(.+))?$/.exec(text) ?? [];
  if (!isStep(step) || Number(hit) < 1 || (how === 'pause') !== (file !== undefined))
    throw new FarmError('SYS-FAIL-POINT', `Not a fail point: ${text}`);
  const action: FailAction =
    how === 'pause' && file !== undefined
      ? { do: 'pause', file }
      : { do: how === 'kill' ? 'kill' : how === 'stop' ? 'stop' : 'throw' };
  return { step, hit: Number(hit), action };
}

/** Planned at the start of a process, or told to it later by a file that it reads, and removes, at each SIGUSR2. */
export type FailSetting = { plan: FailPlan } | { planFile: string };

/** Reads `@<file>` or a plan as `parseFailPlan` does. @throws FarmError SYS-FAIL-POINT */
export function parseFailSetting(text: string): FailSetting {
  return /^@.+/.test(text) ? { planFile: text.slice(1) } : { plan: parseFailPlan(text) };
}

interface Armed extends FailPlan {
  seen: number;
  waitsFor: string | undefined;
  act: () => void;
}

let armed: Armed | undefined;

/** Plans one fault for this process; `act` does it. Called once at the start of a process, never in production. */
export function armFailPoint(plan: FailPlan, act: () => void): void {
  const { after }: Facts = failSteps[plan.step];
  armed = { ...plan, seen: 0, waitsFor: after, act };
}

/** Takes the plan back; for tests in one process. */
export function disarmFailPoint(): void {
  armed = undefined;
}

/**
 * Marks a step. Does nothing unless a fault is planned for it; `first` is then done before the fault, to bring about
 * the very state that the step names (half a frame, say).
 */
export function failPoint(step: FailStep, first?: () => void): void {
  if (armed !== undefined) pass(armed, step, first);
}

function pass(plan: Armed, step: FailStep, first: (() => void) | undefined): void {
  if (step === plan.waitsFor) plan.waitsFor = undefined;
  if (step !== plan.step || plan.waitsFor !== undefined) return;
  plan.seen += 1;
  if (plan.seen !== plan.hit) return;
  first?.();
  plan.act();
}
