import type { V2Control } from './frame';

/**
 * Times of transport v2 in milliseconds. Values: two or more implementations; which wait each of T2–T4 and T6 bounds is
 * our reading of them. T5 is the command's own (`timeoutMs` of its row).
 */
export const V2_TIMES_MS = {
  /** Wait for an answer to ENQ; pause before ENQ again after NAK. */
  T1: 500,
  /** Wait for a frame after ACK to ENQ. */
  T2: 2000,
  /** Wait for ACK or NAK after a frame. */
  T3: 500,
  /** Wait for EOT after ACK to a frame. */
  T4: 500,
  /** Wait for the device's ENQ while it executes; default. */
  T5: 10_000,
  /** Longest silence between bytes of a frame (the parser's owner measures it). */
  T6: 500,
  /** Pause after a collision of two ENQ. */
  T7: 500,
  /** Named by implementations without its place in the session; not used by this machine. */
  T8: 1000,
} as const;

/** ENQ in a row without an answer, ENQ in all (busy answers included), sendings of one frame. */
export const V2_ATTEMPTS = { enq: 5, outer: 100, frame: 10 } as const;

/** Who we are. The host begins exchanges; the device answers what it executed. */
export type V2Role = 'host' | 'device';

export type V2State =
  | { at: 'idle' }
  /** ENQ sent (or a pause before the next one); `unanswered` counts silences in a row, `rounds` all ENQ. */
  | { at: 'bidding'; payload: Buffer; unanswered: number; rounds: number; paused: boolean; answerMs: number }
  | { at: 'sending'; payload: Buffer; tries: number; answerMs: number }
  /** Host: request delivered, the device works (T5). */
  | { at: 'awaitingBid' }
  /** ENQ of the other side answered with ACK. `expected`: it is the answer (or the request) we wait for. */
  | { at: 'awaitingFrame'; naks: number; expected: boolean }
  /** Frame accepted, EOT to come. */
  | { at: 'awaitingEnd'; data: Buffer; expected: boolean }
  /** Device: executes the request it delivered. */
  | { at: 'executing' };

export type V2Failure = 'noAnswerToEnq' | 'busy' | 'frameRefused' | 'noAnswer' | 'noFrame' | 'badFrames';

export type V2Input =
  /** Host: send this request and wait `answerMs` (T5) for the device to begin its answer. Device: send this answer. */
  | { type: 'send'; payload: Buffer; answerMs?: number }
  | { type: 'control'; control: V2Control }
  | { type: 'frame'; data: Buffer }
  /** A damaged frame, or one that fell silent inside for T6 (then reset the parser). */
  | { type: 'badFrame' }
  /** The one running wait ran out. */
  | { type: 'silence' };

export type V2Effect =
  | { type: 'sendControl'; control: V2Control }
  | { type: 'sendFrame'; payload: Buffer }
  /** Start the wait, replacing the running one. Its end comes back as `silence`. */
  | { type: 'wait'; ms: number }
  | { type: 'stopWaiting' }
  /**
   * Host: the answer. Device: a request to execute. Not `expected`: an answer the host had given up waiting for; it
   * belongs to an earlier request and must never be taken for the answer to the next one.
   */
  | { type: 'deliver'; data: Buffer; expected: boolean }
  /** Device: its answer was taken. */
  | { type: 'delivered' }
  /** The exchange ended badly. `sent` tells whether the request may have reached the device: then ask, do not repeat. */
  | { type: 'failed'; why: V2Failure; sent: boolean };

export interface V2Step {
  state: V2State;
  effects: V2Effect[];
}

export const V2_IDLE: V2State = { at: 'idle' };

const go = (state: V2State, ...effects: V2Effect[]): V2Step => ({ state, effects });
const say = (control: V2Control): V2Effect => ({ type: 'sendControl', control });
const wait = (ms: number): V2Effect => ({ type: 'wait', ms });
const quiet: V2Effect = { type: 'stopWaiting' };
const fail = (why: V2Failure, sent: boolean): V2Step => go(V2_IDLE, quiet, { type: 'failed', why, sent });

type Bidding = Extract<V2State, { at: 'bidding' }>;
type Sending = Extract<V2State, { at: 'sending' }>;

function bid(state: Bidding): V2Step {
  const { unanswered, rounds } = state;
  if (unanswered >= V2_ATTEMPTS.enq) return fail('noAnswerToEnq', false);
  if (rounds >= V2_ATTEMPTS.outer) return fail('busy', false);
  return go({ ...state, rounds: rounds + 1, paused: false }, say('enq'), wait(V2_TIMES_MS.T1));
}

/** An ENQ for us: accept it and await the frame. */
const accept = (expected: boolean): V2Step =>
  go({ at: 'awaitingFrame', naks: 0, expected }, say('ack'), wait(V2_TIMES_MS.T2));

function onBidding(role: V2Role, state: Bidding, input: V2Input): V2Step | undefined {
  if (input.type === 'silence') {
    return bid(state.paused ? state : { ...state, unanswered: state.unanswered + 1 });
  }
  if (input.type !== 'control') return go(state);
  if (input.control === 'enq') {
    // Two ENQ met. The host insists after a pause. A device meets a new ENQ only when the host has given up waiting
    // for the old answer, so it lets that answer go and listens (this half is ours).
    return role === 'device'
      ? accept(true)
      : go({ ...state, unanswered: 0, paused: true }, wait(V2_TIMES_MS.T7));
  }
  if (state.paused) return go(state);
  if (input.control === 'ack') {
    const { payload, answerMs } = state;
    return go(
      { at: 'sending', payload, tries: 1, answerMs },
      { type: 'sendFrame', payload },
      wait(V2_TIMES_MS.T3),
    );
  }
  if (input.control === 'nak') return go({ ...state, unanswered: 0, paused: true }, wait(V2_TIMES_MS.T1));
  return go(state);
}

function onSending(role: V2Role, state: Sending, input: V2Input): V2Step {
  const again = input.type === 'silence' || (input.type === 'control' && input.control === 'nak');
  if (again) {
    if (state.tries >= V2_ATTEMPTS.frame) {
      // Even after NAK an earlier copy may have been taken: its ACK was lost.
      const ending = fail('frameRefused', true);
      return { ...ending, effects: [say('eot'), ...ending.effects] };
    }
    const { payload } = state;
    return go({ ...state, tries: state.tries + 1 }, { type: 'sendFrame', payload }, wait(V2_TIMES_MS.T3));
  }
  if (input.type === 'control' && input.control === 'ack') {
    return role === 'host'
      ? go({ at: 'awaitingBid' }, say('eot'), wait(state.answerMs))
      : go(V2_IDLE, say('eot'), quiet, { type: 'delivered' });
  }
  // The other side bids instead of acknowledging: it took our frame and the ACK was lost (host), or the host began
  // anew and no longer wants this answer (device).
  if (input.type === 'control' && input.control === 'enq') return accept(true);
  return go(state);
}

const received = (role: V2Role, { data, expected }: Extract<V2State, { at: 'awaitingEnd' }>): V2Step =>
  go(role === 'host' ? V2_IDLE : { at: 'executing' }, quiet, { type: 'deliver', data, expected });

function onReceiving(
  role: V2Role,
  state: Extract<V2State, { at: 'awaitingFrame' | 'awaitingEnd' }>,
  input: V2Input,
): V2Step {
  const mayHaveWorked = role === 'host';
  switch (input.type) {
    case 'frame':
      // A second copy means our ACK was lost: acknowledge again, deliver once.
      return go(
        { at: 'awaitingEnd', data: input.data, expected: state.expected },
        say('ack'),
        wait(V2_TIMES_MS.T4),
      );
    case 'badFrame': {
      if (state.at === 'awaitingEnd') return go(state, say('nak'), wait(V2_TIMES_MS.T4));
      if (state.naks + 1 >= V2_ATTEMPTS.frame) return fail('badFrames', mayHaveWorked);
      return go({ ...state, naks: state.naks + 1 }, say('nak'), wait(V2_TIMES_MS.T2));
    }
    case 'control':
      if (input.control === 'enq') {
        // The sender began anew: in awaitingEnd it already has our ACK, so what we hold is whole.
        return state.at === 'awaitingEnd' ? received(role, state) : accept(state.expected);
      }
      if (input.control === 'eot') {
        return state.at === 'awaitingEnd' ? received(role, state) : fail('noFrame', mayHaveWorked);
      }
      return go(state);
    case 'silence':
      // The frame was whole and acknowledged: a lost EOT changes nothing.
      return state.at === 'awaitingEnd' ? received(role, state) : fail('noFrame', mayHaveWorked);
    case 'send':
      return go(state);
  }
}

/**
 * One step of the v2 session for either side. Pure: bytes, frames and the end of the running wait come in, what to
 * send and how long to wait goes out. Returns undefined for `send` while an exchange is under way: a caller's bug.
 */
export function stepV2(role: V2Role, state: V2State, input: V2Input): V2Step | undefined {
  if (input.type === 'send') {
    const ready = state.at === 'idle' || (role === 'device' && state.at === 'executing');
    if (!ready) return undefined;
    const { payload, answerMs = V2_TIMES_MS.T5 } = input;
    return bid({ at: 'bidding', payload, unanswered: 0, rounds: 0, paused: false, answerMs });
  }
  const enq = input.type === 'control' && input.control === 'enq';
  switch (state.at) {
    case 'idle':
      // A late copy of an answer already taken: its ACK was lost. The device may stop sending it.
      if (role === 'host' && input.type === 'frame') return go(state, say('ack'));
      return enq ? accept(role === 'device') : go(state);
    case 'bidding':
      return onBidding(role, state, input);
    case 'sending':
      return onSending(role, state, input);
    case 'awaitingBid':
      if (enq) return accept(true);
      return input.type === 'silence' ? fail('noAnswer', true) : go(state);
    case 'awaitingFrame':
    case 'awaitingEnd':
      return onReceiving(role, state, input);
    case 'executing':
      // A late copy of the request being executed: its ACK was lost.
      if (input.type === 'frame') return go(state, say('ack'));
      // Busy: the host waits T1 and asks again.
      return enq ? go(state, say('nak')) : go(state);
  }
}
