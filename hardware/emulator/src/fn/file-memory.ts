import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FnMemory, StoredRecord } from './memory';
import type { FnRecord } from './state';

/** Record on disk: size u32, crc32 u32 (both over what follows), head size u16, head JSON, tail. Little endian. */
const FRAME_BYTES = 8;
const HEAD_SIZE_BYTES = 2;

/**
 * Memory of one FN in one append-only file.
 *
 * A record is written by one `write` before anybody is told of it, so it outlives `kill -9` of the emulator; `flush`
 * waits for the disk without holding the event loop, and flushes asked for while one is under way share the next.
 * A record cut by a power failure is dropped on opening: it was never answered.
 */
export class FileFnMemory implements FnMemory {
  private readonly fd: number;
  private size: number;
  private dirty = false;
  private flushing = false;
  private waiting: (() => void)[] = [];

  /** The file's name in its folder is not on the disk yet. */
  private unnamed: boolean;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.fd = openSync(path, 'a+');
    this.size = fstatSync(this.fd).size;
    this.dropCutRecords();
    this.unnamed = this.size === 0;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  append(head: FnRecord, tail: Buffer): number {
    const headBytes = Buffer.from(JSON.stringify(head));
    const body = HEAD_SIZE_BYTES + headBytes.length + tail.length;
    const record = Buffer.allocUnsafe(FRAME_BYTES + body);
    record.writeUInt32LE(body, 0);
    record.writeUInt16LE(headBytes.length, FRAME_BYTES);
    headBytes.copy(record, FRAME_BYTES + HEAD_SIZE_BYTES);
    tail.copy(record, FRAME_BYTES + HEAD_SIZE_BYTES + headBytes.length);
    record.writeUInt32LE(crc32(record.subarray(FRAME_BYTES)), 4);
    writeSync(this.fd, record);
    const handle = this.size;
    this.size += record.length;
    this.dirty = true;
    return handle;
  }

  flush(done: () => void): void {
    if (!this.dirty && !this.flushing) return done();
    this.waiting.push(done);
    if (!this.flushing) this.flushNow();
  }

  read(handle: number): StoredRecord {
    const frame = Buffer.allocUnsafe(FRAME_BYTES);
    readSync(this.fd, frame, 0, FRAME_BYTES, handle);
    const body = Buffer.allocUnsafe(frame.readUInt32LE(0));
    readSync(this.fd, body, 0, body.length, handle + FRAME_BYTES);
    return parseBody(body);
  }

  replay(visit: (record: FnRecord, tailBytes: number, handle: number) => void): void {
    const bytes = this.readAll();
    let at = 0;
    while (at < bytes.length) {
      const end = at + FRAME_BYTES + bytes.readUInt32LE(at);
      const { head, tail } = parseBody(bytes.subarray(at + FRAME_BYTES, end));
      visit(head, tail.length, at);
      at = end;
    }
  }

  close(): void {
    if (this.dirty && !this.flushing) fdatasyncSync(this.fd);
    closeSync(this.fd);
  }

  private flushName(): void {
    this.unnamed = false;
    const folder = openSync(dirname(this.path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /** A power cut of the host may leave the last record unfinished. Nobody was told of it. */
  private dropCutRecords(): void {
    const bytes = this.readAll();
    let at = 0;
    while (at + FRAME_BYTES <= bytes.length) {
      const bodyBytes = bytes.readUInt32LE(at);
      const end = at + FRAME_BYTES + bodyBytes;
      if (bodyBytes < HEAD_SIZE_BYTES || end > bytes.length) break;
      if (crc32(bytes.subarray(at + FRAME_BYTES, end)) !== bytes.readUInt32LE(at + 4)) break;
      at = end;
    }
    if (at < this.size) ftruncateSync(this.fd, at);
    this.size = at;
  }

  private readAll(): Buffer {
    const bytes = Buffer.allocUnsafe(this.size);
    readSync(this.fd, bytes, 0, this.size, 0);
    return bytes;
  }

  private flushNow(): void {
    const served = this.waiting;
    this.waiting = [];
    this.flushing = true;
    this.dirty = false;
    if (this.unnamed) this.flushName();
    fdatasync(this.fd, (error) => {
      this.flushing = false;
      // A closed file was flushed by `close`; any other failure means the FN can no longer keep its promise.
      if (error && error.code !== 'EBADF') throw error;
      for (const done of served) done();
      if (this.waiting.length > 0) this.flushNow();
    });
  }
}

function parseBody(body: Buffer): StoredRecord {
  const headEnd = HEAD_SIZE_BYTES + body.readUInt16LE(0);
  const head = JSON.parse(body.toString('utf8', HEAD_SIZE_BYTES, headEnd)) as FnRecord;
  return { head, tail: body.subarray(headEnd) };
}
