/* eslint-disable no-restricted-syntax -- the one place where real time and chance enter the farm */
import { randomFillSync } from 'node:crypto';
import type { Clock, Ids, Random } from './runtime';

/** The machine's own clocks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

const pool = Buffer.alloc(16 * 256);
let poolAt = pool.length;

/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance. */
export const systemIds: Ids = {
  uuid() {
    if (poolAt >= pool.length) {
      randomFillSync(pool);
      poolAt = 0;
    }
    const bytes = pool.subarray(poolAt, poolAt + 16);
    poolAt += 16;
    bytes.writeUIntBE(Date.now(), 0, 6);
    bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
    bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
};

export const systemRandom: Random = { next: () => Math.random() };
