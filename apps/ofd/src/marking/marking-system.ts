import { type Clock, FarmError, sleep } from '@kkt/contracts';
import { secondsToLocalTime } from '@kkt/ffd';
import {
  buildMarkAnswer,
  buildNotificationReceipt,
  MARK_FORM,
  MARK_REQUEST_CODE,
  MARK_STATUS_ANSWER,
  NOTIFICATION_CODE,
  type OfdContainer,
  parseMarkNotification,
  parseMarkRequest,
} from '@kkt/ofd-protocol';

/**
 * How the reference marking system behaves:
 * - `ok`    it answers by what it knows of the code
 * - `slow`  the same, `delayMs` later
 * - `down`  the connection ends without an answer
 * - `deny`  it finds no code in order, whatever it knows
 */
export const MARKING_MODES = ['ok', 'slow', 'down', 'deny'] as const;

export type MarkingMode = (typeof MARKING_MODES)[number];

export interface MarkingBehaviour {
  mode: MarkingMode;
  /** For `slow`. */
  delayMs?: number;
  /** Codes (or beginnings of codes) that are not in order, in any mode. */
  denied?: string[];
}

/** What a code is to the system now. */
export type CodeStatus = 'in-circulation' | 'sold';

export interface MarkingCounters {
  requests: number;
  notifications: number;
}

/** Codes remembered; the oldest are forgotten first. */
const MAX_CODES = 100_000;
/** A code shorter than this identifies nothing. */
const SHORTEST_CODE = 8;

/** Tags 2003 and 2110: the goods come back. */
const RETURNS: ReadonlySet<number> = new Set([3, 4]);
/** The goods leave circulation for good. */
const SALES: ReadonlySet<number> = new Set([1, 6]);

/** Tag 2005: the marking system's whole word on a code, as tag 2106 counts it. */
const RESULT = { inOrder: 15, wrongStatus: 7, wrongCode: 5 } as const;

/**
 * The reference marking system: answers requests about codes (81 → 83) and takes notifications of sales (82 → 84). It
 * takes every code that can be one for known and in circulation until it is told of its sale; a sale of what is sold and a
 * return of what is not are in the wrong status. Its memory lasts as long as the process.
 */
export class MarkingSystem {
  private behaviour: MarkingBehaviour = { mode: 'ok' };
  private readonly sold = new Map<string, number>();
  readonly counters: MarkingCounters = { requests: 0, notifications: 0 };

  constructor(
    private readonly clock: Clock,
    private readonly utcOffsetMinutes: number,
  ) {}

  get current(): MarkingBehaviour {
    return { ...this.behaviour };
  }

  behave(behaviour: MarkingBehaviour): void {
    this.behaviour = { ...behaviour };
  }

  statusOf(code: string): CodeStatus {
    return this.sold.has(identifierOf(code)) ? 'sold' : 'in-circulation';
  }

  /** The answer's container. Rejects when there will be none: the system is away, or the message is none of its own. */
  async handle(container: OfdContainer): Promise<Buffer> {
    const { mode, delayMs } = this.behaviour;
    if (mode === 'down') throw new FarmError('OFD-MARKING-AWAY', 'The marking system is away');
    if (mode === 'slow') await sleep(this.clock, delayMs ?? 10_000);
    if (container.documentCode === MARK_FORM.request) return this.answer(container);
    if (container.documentCode === MARK_FORM.notification) return this.take(container);
    throw new FarmError('OFD-DOCUMENT', 'The marking system takes no such document', {
      form: container.documentCode,
    });
  }

  private answer(container: OfdContainer): Buffer {
    const request = parseMarkRequest(container);
    if (!request.ok) throw request.error;
    this.counters.requests += 1;
    const { number, code, plannedStatus } = request.value;
    const common = { number, at: this.now() };
    if (code.length < SHORTEST_CODE)
      return buildMarkAnswer(container.fnNumber, { ...common, requestCode: MARK_REQUEST_CODE.badMark });
    const { status, result } = this.judge(code, plannedStatus);
    return buildMarkAnswer(container.fnNumber, {
      ...common,
      requestCode: MARK_REQUEST_CODE.ok,
      status,
      result,
    });
  }

  private judge(code: string, plannedStatus: number): { status: number; result: number } {
    const { mode, denied = [] } = this.behaviour;
    if (mode === 'deny' || denied.some((start) => code.startsWith(start)))
      return { status: MARK_STATUS_ANSWER.wrong, result: RESULT.wrongCode };
    const isSold = this.sold.has(identifierOf(code));
    const isWrong = RETURNS.has(plannedStatus) ? !isSold : isSold;
    return isWrong
      ? { status: MARK_STATUS_ANSWER.wrong, result: RESULT.wrongStatus }
      : { status: MARK_STATUS_ANSWER.right, result: RESULT.inOrder };
  }

  private take(container: OfdContainer): Buffer {
    const notification = parseMarkNotification(container);
    if (!notification.ok) throw notification.error;
    this.counters.notifications += 1;
    const { number, goods } = notification.value;
    for (const { code, assignedStatus } of goods) {
      const identifier = identifierOf(code);
      if (RETURNS.has(assignedStatus)) this.sold.delete(identifier);
      else if (SALES.has(assignedStatus)) this.remember(identifier, assignedStatus);
    }
    return buildNotificationReceipt(container.fnNumber, {
      number,
      at: this.now(),
      code: NOTIFICATION_CODE.ok,
    });
  }

  private remember(identifier: string, status: number): void {
    this.sold.delete(identifier);
    this.sold.set(identifier, status);
    for (const oldest of this.sold.keys()) {
      if (this.sold.size <= MAX_CODES) break;
      this.sold.delete(oldest);
    }
  }

  private now(): string {
    return secondsToLocalTime(Math.floor(this.clock.nowMs() / 1000) + this.utcOffsetMinutes * 60);
  }
}

const groupSeparator = '\u001d';

/** A code without what seals it: up to the first group separator after its beginning. */
function identifierOf(code: string): string {
  const bare = code.startsWith(groupSeparator) ? code.slice(1) : code;
  return bare.split(groupSeparator, 1)[0] ?? bare;
}
