import { LAST_PACKET_ID, nextPacketId } from '@kkt/atol-protocol';
import { FarmError } from '@kkt/contracts';

/** Task ids 00..DF in turn, never one whose slot may still be taken in the device. */
export class TidPool {
  private readonly taken = new Uint8Array(LAST_PACKET_ID + 1);
  private count = 0;

  constructor(private last: number) {}

  take(): number {
    if (this.count > LAST_PACKET_ID) {
      throw new FarmError('SYS-TIDS-EXHAUSTED', 'Every task id is taken: results are not being acknowledged');
    }
    let tid = nextPacketId(this.last);
    while (this.taken[tid]) tid = nextPacketId(tid);
    this.taken[tid] = 1;
    this.count += 1;
    this.last = tid;
    return tid;
  }

  /** The device has confirmed that the slot is free. */
  free(tid: number): void {
    if (!this.taken[tid]) return;
    this.taken[tid] = 0;
    this.count -= 1;
  }

  /** Every id taken now. */
  all(): number[] {
    const tids: number[] = [];
    this.taken.forEach((isTaken, tid) => isTaken && tids.push(tid));
    return tids;
  }
}
