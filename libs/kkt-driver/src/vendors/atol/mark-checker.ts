import { fnCommand, register } from '@kkt/atol-protocol';
import { FarmError, isDeviceRefusal, type ReceiptContent } from '@kkt/contracts';
import { encodeTlv, TAG, type ReceiptRequisites, type TlvNode } from '@kkt/ffd';
import type { MarkingLine } from '../../device';
import type { AtolSession } from './atol.session';
import { marksOf } from './receipt-plan';

/** Kind of marking code in FN command B1: "not told". Ours, as the whole of B1. */
const MARK_KIND_UNTOLD = 0;

/** Driver error "time for the check of the code is over", as the receipt API tells it. */
const CHECK_TIMEOUT = 421;

/** `YYYY-MM-DDTHH:MM`: the FN's times have no seconds. */
const MINUTE_TEXT = 16;

/** Tag 2003. */
const PLANNED = { pieceSold: 1, measuredBeingSold: 2, pieceReturned: 3, partReturned: 4 } as const;

/**
 * FFD 1.2: before the receipt the FN sees every marking code. It checks the code by its own keys (B1), makes a request
 * to the marking system (B5) that the line carries there and whose answer goes back into the FN (B6), and its verdict
 * (B2) goes into the item as tag 2106. A verdict of any kind is registered: it is the shop's to know and the law's to
 * judge. No answer in time is another matter: the receipt fails with 421, unless the shop allows to go on without.
 */
export class MarkChecker {
  constructor(private readonly session: AtolSession) {}

  /**
   * Results (tag 2106) by item. Without a line the FN's own check is all.
   * @throws FarmError `DEVICE-MARK-TIMEOUT`
   */
  async check(
    requisites: ReceiptRequisites,
    content: ReceiptContent,
    line: MarkingLine | undefined,
  ): Promise<Map<number, number>> {
    const results = new Map<number, number>();
    const marks = marksOf(requisites);
    if (marks.length === 0) return results;
    const { session } = this;
    await session.ask(fnCommand('clearMarks'));
    const at = line && (await session.ask(register('clock'))).clock;
    // When the marking system kept silent for one code, the others of the receipt do not wait for it too.
    let isSilent = false;
    for (const { item, code } of marks) {
      await session.ask(fnCommand('checkMark'), {
        kind: MARK_KIND_UNTOLD,
        code: Buffer.from(code, 'latin1'),
      });
      if (line) {
        const request = await this.makeRequest(plannedNodes(content, requisites, item), at);
        isSilent ||= request === undefined || !(await this.askSystem(request, line));
        if (isSilent && !content.markCheckOptional) throw await this.timedOut(item);
      }
      const { result } = await session.ask(fnCommand('keepMark'), { keep: 1 });
      if (result !== undefined) results.set(item, result);
    }
    return results;
  }

  /**
   * The FN's request about the code before it; the FN also learns from it what is planned with the goods, for its
   * notification. Undefined without a clock: the receipt itself will be refused for that.
   */
  private async makeRequest(
    planned: readonly TlvNode[],
    at: string | null | undefined,
  ): Promise<Buffer | undefined> {
    if (!at) return undefined;
    const given = { at: at.slice(0, MINUTE_TEXT), tlv: encodeTlv(planned) };
    return (await this.session.ask(fnCommand('makeMarkRequest'), given)).request;
  }

  /** Whether the marking system answered, and the FN took its answer. */
  private async askSystem(request: Buffer, line: MarkingLine): Promise<boolean> {
    const { session } = this;
    const answer = await line(request);
    if (!answer) return false;
    try {
      await session.ask(fnCommand('putMarkAnswer'), { answer });
      return true;
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      session.log.warn({ wire: session.wireName, err: error.code }, 'FN refused the marking system’s answer');
      return false;
    }
  }

  private async timedOut(item: number): Promise<FarmError> {
    await this.session.ask(fnCommand('clearMarks'));
    return markTimeout(this.session.wireName, item);
  }
}

/** The receipt ends with the driver's number for it: a later attempt has no better chance than a new receipt. */
export const markTimeout = (wire: string, item: number): FarmError =>
  new FarmError('DEVICE-MARK-TIMEOUT', 'The marking system did not answer in time', {
    wire,
    item,
    driverCode: CHECK_TIMEOUT,
    textRu: 'Исчерпан таймаут проверки кода маркировки',
    recovery: 'fix-receipt',
  });

/** What is planned with the goods: as the shop says, otherwise by the kind of settlement. */
function plannedNodes(content: ReceiptContent, { items }: ReceiptRequisites, item: number): TlvNode[] {
  const source = content.items[item];
  const { plannedStatus, position } = items[item] ?? {};
  const isPart = source?.markQuantity !== undefined || (source?.measure ?? 0) !== 0;
  const isReturn = content.sign === 2 || content.sign === 4;
  const usual = isReturn
    ? isPart
      ? PLANNED.partReturned
      : PLANNED.pieceReturned
    : isPart
      ? PLANNED.measuredBeingSold
      : PLANNED.pieceSold;
  return [
    { tag: TAG.plannedStatus, value: plannedStatus ?? usual },
    ...(isPart && position ? [{ tag: TAG.quantity, value: position.quantityMicro }] : []),
    ...(source?.measure === undefined ? [] : [{ tag: TAG.measure, value: source.measure }]),
    { tag: TAG.markMode, value: source?.markMode ?? 0 },
  ];
}
