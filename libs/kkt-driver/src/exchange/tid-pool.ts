import { LAST_PACKET_ID, nextPacketId } from '@kkt/atol-protocol';
import { FarmError } from '@kkt/contracts';

/** Task ids 00..DF in turn, never one whose slot may still be taken in the device. */
export class TidPool {
  private readonly taken = new Set<number>();

  constructor(private last: number) {}

  take(): number {
    if (this.taken.size > LAST_PACKET_ID) {
      throw new FarmError('SYS-TIDS-EXHAUSTED', 'Every task id is taken: results are not being acknowledged');
    }
    let tid = nextPacketId(this.last);
    while (this.taken.has(tid)) tid = nextPacketId(tid);
    this.taken.add(tid);
    this.last = tid;
    return tid;
  }

  /** The device has confirmed that the slot is free. */
  free(tid: number): void {
    this.taken.delete(tid);
  }

  /** The device's whole buffer is empty. */
  freeAll(): void {
    this.taken.clear();
  }
}
