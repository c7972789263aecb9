import type { AnyFnCommand } from '@kkt/atol-protocol';
import { decodeContainer, parseNotificationReceipt } from '@kkt/ofd-protocol';
import { wallText } from '../wall-time';
import { FN_CODE, FnRefusal, OFD_ANSWER_REASON } from './refusal';
import type { PendingNotice } from './state';

const MAX_U16 = 0xffff;

/** The FN's queue as the exchange needs it. */
export interface NoticeSource {
  fnNumber(): string;
  queue(): readonly PendingNotice[];
  /** Document 82 of a queued notification, in its container. */
  container(notice: PendingNotice): Buffer;
  /** The marking system has it: it leaves the queue for ever. */
  done(notice: PendingNotice, code: number): void;
}

/**
 * Commands BA–BF: notifications about sold marked goods leave one at a time, in their order, each until the marking
 * system's receipt for it comes. Volatile: a power cut begins the exchange anew, the queue itself is in the memory.
 */
export class NoticeExchange {
  private current: { notice: PendingNotice; container: Buffer } | undefined;
  private step: 'idle' | 'reading' | 'awaiting' = 'idle';

  constructor(private readonly source: NoticeSource) {}

  reset(): void {
    this.step = 'idle';
    this.current = undefined;
  }

  execute(row: AnyFnCommand, request: Buffer): Buffer {
    switch (row.name) {
      case 'notificationStatus': {
        row.decodeRequest(request);
        const [first] = this.source.queue();
        return row.encodeAnswer({
          state: this.step === 'idle' ? 0 : this.step === 'reading' ? 1 : 2,
          queued: Math.min(this.source.queue().length, MAX_U16),
          firstNumber: first?.number ?? 0,
          firstAt: first ? wallText(first.at) : null,
          fillPercent: 0,
        });
      }
      case 'startNotification': {
        row.decodeRequest(request);
        if (this.step === 'reading')
          throw new FnRefusal(FN_CODE.markingOrder, 'a notification is being read');
        const [notice] = this.source.queue();
        if (!notice) throw new FnRefusal(FN_CODE.noData, 'no notification waits');
        this.current = { notice, container: this.source.container(notice) };
        this.step = 'reading';
        return row.encodeAnswer({ length: this.current.container.length });
      }
      case 'readNotificationBlock': {
        const { offset, length } = row.decodeRequest(request);
        const { container } = this.reading();
        if (offset + length > container.length)
          throw new FnRefusal(FN_CODE.badParameter, 'block is outside the notification');
        return row.encodeAnswer({ block: container.subarray(offset, offset + length) });
      }
      case 'cancelNotification':
        row.decodeRequest(request);
        if (this.step === 'idle') throw new FnRefusal(FN_CODE.markingOrder, 'no notification is being read');
        this.reset();
        return row.encodeAnswer();
      case 'finishNotification':
        row.decodeRequest(request);
        this.reading();
        this.step = 'awaiting';
        return row.encodeAnswer();
      case 'putNotificationReceipt':
        this.accept(row.decodeRequest(request).receipt);
        return row.encodeAnswer();
      default:
        throw new FnRefusal(FN_CODE.unknownCommand, `command ${row.name} is not made`);
    }
  }

  private reading(): { notice: PendingNotice; container: Buffer } {
    if (this.step !== 'reading' || !this.current)
      throw new FnRefusal(FN_CODE.markingOrder, 'no notification is being read');
    return this.current;
  }

  private accept(bytes: Buffer): void {
    if (this.step !== 'awaiting' || !this.current)
      throw new FnRefusal(FN_CODE.markingOrder, 'no receipt is waited for');
    const { notice } = this.current;
    const container = decodeContainer(bytes);
    if (!container.ok) throw refused(container.error.code === 'WIRE-CRC' ? 'badCrc' : 'badLength');
    if (container.value.fnNumber !== this.source.fnNumber()) throw refused('wrongFn');
    const receipt = parseNotificationReceipt(container.value);
    if (!receipt.ok) throw refused('badSign');
    if (receipt.value.number !== notice.number) throw refused('wrongDocument');
    this.reset();
    this.source.done(notice, receipt.value.code);
  }
}

const refused = (reason: keyof typeof OFD_ANSWER_REASON): FnRefusal =>
  new FnRefusal(
    FN_CODE.ofdAnswerRefused,
    `receipt of the marking system: ${reason}`,
    Buffer.of(OFD_ANSWER_REASON[reason]),
  );
