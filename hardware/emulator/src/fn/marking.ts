import type { AnyFnCommand } from '@kkt/atol-protocol';
import { FN_CODE, FnRefusal } from './refusal';

/** Reason byte of B1: the FN holds no key for the code. */
const NO_KEY = 2;

/**
 * Marked goods, as far as a test FN goes: a code is taken, found uncheckable (the FN holds no key of the marking
 * system), and its result, 0, is kept or dropped. Requests and notifications are not made.
 */
export class MarkCheck {
  private waiting = false;
  private kept = 0;

  clear(): void {
    this.waiting = false;
    this.kept = 0;
  }

  execute(row: AnyFnCommand, request: Buffer): Buffer {
    switch (row.name) {
      case 'markingState':
        row.decodeRequest(request);
        return row.encodeAnswer({
          checkState: this.waiting ? 1 : 0,
          notificationState: 0,
          flags: 0,
          savedCodes: this.kept,
          codesInNotification: 0,
          fill: 0,
          notificationsQueued: 0,
          gap: 0,
        });
      case 'checkMark': {
        const { code } = row.decodeRequest(request);
        if (code.length === 0) throw new FnRefusal(FN_CODE.badParameter, 'empty marking code');
        if (this.waiting) throw new FnRefusal(FN_CODE.wrongState, 'the last code waits for a decision');
        this.waiting = true;
        return row.encodeAnswer({ result: 0, reason: NO_KEY });
      }
      case 'keepMark': {
        const { keep } = row.decodeRequest(request);
        if (!this.waiting) throw new FnRefusal(FN_CODE.wrongState, 'no code was checked');
        this.waiting = false;
        this.kept += keep ? 1 : 0;
        return row.encodeAnswer({ result: 0 });
      }
      case 'clearMarks':
        row.decodeRequest(request);
        this.clear();
        return row.encodeAnswer();
      default:
        throw new FnRefusal(FN_CODE.unknownCommand, `command ${row.name} is not made`);
    }
  }
}
