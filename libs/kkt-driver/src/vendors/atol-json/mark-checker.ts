import { type ReceiptContent, sleep } from '@kkt/contracts';
import type { ReceiptRequisites } from '@kkt/ffd';
import { markTimeout } from '../atol/mark-checker';
import { marksOf } from '../atol/receipt-plan';
import { flagAt, isObject, type JsonObject } from './fields';
import type { JsonSession } from './json.session';
import { markParams } from './receipt-task';

const POLL_MS = 200;
const CHECK_TIMEOUT_MS = 15_000;

/**
 * FFD 1.2: the FN and the marking system see every marking code before the receipt; the verdict goes into the item.
 * The flow (begin, ask until ready, accept) is the driver's; that a verdict of any kind is accepted and reported to the
 * operator in tag 2106, is this farm's way with every device.
 */
export class MarkChecker {
  constructor(private readonly session: JsonSession) {}

  /** Verdicts by item. */
  async check(requisites: ReceiptRequisites, content: ReceiptContent): Promise<Map<number, JsonObject>> {
    const verdicts = new Map<number, JsonObject>();
    const marks = marksOf(requisites);
    if (marks.length === 0) return verdicts;
    await this.session.ask({ type: 'clearMarkingCodeValidationResult' });
    for (const { item, code } of marks) {
      const params = markParams(code, requisites.items[item]?.plannedStatus);
      await this.session.ask({ type: 'beginMarkingCodeValidation', params });
      if (!(await this.isReady())) {
        // Without an answer in time the receipt goes on only where the shop allows it.
        if (content.markCheckOptional) continue;
        throw markTimeout(this.session.wireName, item);
      }
      const { itemInfoCheckResult } = await this.session.ask({ type: 'acceptMarkingCode' });
      if (isObject(itemInfoCheckResult)) verdicts.set(item, itemInfoCheckResult);
    }
    return verdicts;
  }

  private async isReady(): Promise<boolean> {
    const { clock, signal } = this.session;
    const untilMs = clock.monotonicMs() + CHECK_TIMEOUT_MS;
    for (;;) {
      const status = await this.session.ask({ type: 'getMarkingCodeValidationStatus' });
      if (flagAt(status, 'ready')) return true;
      if (clock.monotonicMs() + POLL_MS > untilMs) break;
      await sleep(clock, POLL_MS, signal);
    }
    await this.session.ask({ type: 'cancelMarkingCodeValidation' });
    return false;
  }
}
