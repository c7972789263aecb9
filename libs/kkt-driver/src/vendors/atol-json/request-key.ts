import { createHash } from 'node:crypto';
import type { FnPosition } from './fn-position';

/**
 * Key (uuid) of the n-th request at a position of an FN that could make its next document.
 *
 * Made of facts instead of chance, so that a process which knows nothing of an earlier one's requests still knows their
 * keys: it can ask what became of them, and take a key that was never received, so that a request which is still on its
 * way is refused as a repeat when it arrives. RFC 9562 version 8: 122 bits of SHA-256.
 */
export function requestKey({ fnNumber, lastFd }: FnPosition, attempt: number): string {
  const bytes = createHash('sha256').update(`kkt-farm/${fnNumber}/${lastFd}/${attempt}`).digest();
  bytes[6] = 0x80 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
