import { deviceErrorCode, fnCommand } from '@kkt/atol-protocol';
import { FarmError } from '@kkt/contracts';
import type { MarkNotice, NotificationDesk } from '../../device';
import { isRefusedWith } from './atol.errors';
import type { AtolProfile } from './atol.profile';
import type { AtolSession } from './atol.session';

const NO_DATA = deviceErrorCode('fnNoData');

/** Carries notifications about sold marked goods out of the FN and the marking system's receipts in (BA–BF). */
export class NotificationCourier implements NotificationDesk {
  constructor(
    private readonly session: AtolSession,
    private readonly profile: AtolProfile,
  ) {}

  read(): Promise<MarkNotice | undefined> {
    return this.session.exclusive(() => this.readNext());
  }

  confirm(receipt: Buffer): Promise<void> {
    return this.session.exclusive(async () => {
      await this.session.ask(fnCommand('putNotificationReceipt'), { receipt });
    });
  }

  private async readNext(): Promise<MarkNotice | undefined> {
    const { session } = this;
    const status = await session.ask(fnCommand('notificationStatus'));
    if (status.queued === 0) return undefined;
    // An exchange broken off earlier: begin it anew.
    if (status.state !== 0) await session.ask(fnCommand('cancelNotification'));
    let length: number;
    try {
      ({ length } = await session.ask(fnCommand('startNotification')));
    } catch (error) {
      if (isRefusedWith(error, NO_DATA)) return undefined;
      throw error;
    }
    const parts: Buffer[] = [];
    const step = this.profile.messageBlockBytes;
    for (let offset = 0; offset < length; offset += step) {
      const request = { offset, length: Math.min(step, length - offset) };
      parts.push((await session.ask(fnCommand('readNotificationBlock'), request)).block);
    }
    await session.ask(fnCommand('finishNotification'));
    const container = Buffer.concat(parts);
    if (container.length !== length) {
      throw new FarmError('WIRE-MALFORMED', 'The FN gave a notification of another length than it said', {
        wire: session.wireName,
        length,
        got: container.length,
      });
    }
    return { number: status.firstNumber, queued: status.queued, container };
  }
}
