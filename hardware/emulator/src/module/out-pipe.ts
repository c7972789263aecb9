import type { Clock } from '@kkt/contracts';
import type { FaultBox } from '../faults/fault-box';
import { spoil } from '../faults/line-faults';
import type { HostLink } from './host-link';

/** Frames on their way to the host, in order, through the faults of the line. */
export class OutPipe {
  private freeAtMs = 0;
  private open = true;
  private last: Buffer | undefined;
  private beforeLast: Buffer | undefined;

  constructor(
    private readonly link: HostLink,
    private readonly clock: Clock,
    private readonly faults: FaultBox,
  ) {}

  send(frame: Buffer): void {
    if (!this.open || this.faults.isHanging) return;
    if (this.beforeLast && this.faults.take('staleReply')) this.put(this.beforeLast);
    this.beforeLast = this.last;
    this.last = frame;
    this.put(frame);
  }

  close(): void {
    this.open = false;
  }

  private put(frame: Buffer): void {
    const bytes = spoil(this.faults, frame, 'out');
    const delayMs = this.faults.find('delay')?.ms ?? 0;
    const now = this.clock.monotonicMs();
    if (delayMs === 0 && now >= this.freeAtMs) {
      if (bytes.length > 0) this.link.send(bytes);
      return;
    }
    this.freeAtMs = Math.max(this.freeAtMs, now + delayMs);
    this.clock.setTimer(this.freeAtMs - now, () => {
      if (this.open && bytes.length > 0) this.link.send(bytes);
    });
  }
}
