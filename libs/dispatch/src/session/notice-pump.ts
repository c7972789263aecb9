import { isDeviceRefusal } from '@kkt/contracts';
import type { FiscalDevice, MarkNotice } from '@kkt/kkt-driver';
import type { DispatchPorts, LeasedRegister } from '../ports';

/** Pause after an exchange that failed, doubled each time up to the limit. */
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

/**
 * Takes an FN's notifications about sold marked goods to the marking system, one at a time, in their order. The FN's own
 * queue is the only memory: whatever breaks, the same notification is read again. Steps with the device are short; the
 * marking system is waited for beside the session, never by it.
 */
export class NoticePump {
  /** The FN may have something; false once it said that it has not. */
  private isWanted = true;
  private underWay: MarkNotice | undefined;
  private receipt: Buffer | undefined;
  private pauseMs = firstPauseMs;
  private notBeforeMs = -Infinity;
  private lastStepAtMs = -Infinity;

  constructor(
    private readonly ports: DispatchPorts,
    private readonly register: () => LeasedRegister,
    private readonly device: FiscalDevice,
    /** Something came for which the session should look here again. */
    private readonly poke: () => void,
  ) {}

  /** A session begins: what was under way is read again. */
  reset(): void {
    this.isWanted = true;
    this.underWay = undefined;
    this.receipt = undefined;
  }

  /** A receipt with marked goods was made. */
  goodsSold(): void {
    this.isWanted = true;
  }

  due(isUnderLoad: boolean): boolean {
    const { clock, marking, settings } = this.ports;
    if (!marking || !this.device.notifications || !this.isWanted || (this.register().ffd ?? 0) < 4)
      return false;
    const nowMs = clock.monotonicMs();
    if (isUnderLoad && nowMs - this.lastStepAtMs < settings.pumpUnderLoadEveryMs) return false;
    return this.receipt !== undefined || (this.underWay === undefined && nowMs >= this.notBeforeMs);
  }

  async step(): Promise<void> {
    this.lastStepAtMs = this.ports.clock.monotonicMs();
    try {
      if (this.receipt) await this.confirm(this.receipt);
      else await this.fetch();
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      this.failed(`the device refused: ${error.code}`);
    }
  }

  private async fetch(): Promise<void> {
    const { notifications } = this.device;
    const { marking } = this.ports;
    const notice = await notifications?.read();
    if (!notice || !marking) {
      this.isWanted = false;
      return;
    }
    this.underWay = notice;
    void marking.ask(this.register(), notice.container).then((receipt) => {
      if (this.underWay !== notice) return;
      if (receipt) this.receipt = receipt;
      else this.failed('no receipt came');
      this.poke();
    });
  }

  private async confirm(receipt: Buffer): Promise<void> {
    this.receipt = undefined;
    await this.device.notifications?.confirm(receipt);
    this.underWay = undefined;
    this.pauseMs = firstPauseMs;
  }

  private failed(why: string): void {
    const { clock, log } = this.ports;
    log.warn(
      { registerId: this.register().registerId, notification: this.underWay?.number, why },
      'notification for the marking system is not confirmed yet',
    );
    this.underWay = undefined;
    this.notBeforeMs = clock.monotonicMs() + this.pauseMs;
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
  }
}
