import type { FnRecord } from './state';

/** One record read back. */
export interface StoredRecord {
  head: FnRecord;
  tail: Buffer;
}

/**
 * Non-volatile memory of one FN: an append-only run of records.
 * `append` is the point after which a record survives the death of the emulator; `flush` calls back when it also
 * survives a power cut of the host.
 */
export interface FnMemory {
  /** No record was ever written. */
  readonly isEmpty: boolean;
  append(head: FnRecord, tail: Buffer): number;
  /** Calls `done` at once when there is nothing to wait for. */
  flush(done: () => void): void;
  read(handle: number): StoredRecord;
  /** Every record from the first, with the handle `read` takes. */
  replay(visit: (record: FnRecord, tailBytes: number, handle: number) => void): void;
  close(): void;
}

/** Memory of a simulation: lives as long as the object. */
export class RamFnMemory implements FnMemory {
  private readonly records: StoredRecord[] = [];

  get isEmpty(): boolean {
    return this.records.length === 0;
  }

  append(head: FnRecord, tail: Buffer): number {
    return this.records.push({ head, tail }) - 1;
  }

  flush(done: () => void): void {
    done();
  }

  read(handle: number): StoredRecord {
    const record = this.records[handle];
    if (!record) throw new Error(`no record ${handle} in the FN's memory`);
    return record;
  }

  replay(visit: (record: FnRecord, tailBytes: number, handle: number) => void): void {
    this.records.forEach((record, handle) => visit(record.head, record.tail.length, handle));
  }

  close(): void {
    // RAM has nothing to release.
  }
}
