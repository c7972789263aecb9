import { FarmError } from '@kkt/contracts';

/** First two bytes of tag 1077: kind of the sign and its length, as FNs write them (also `31 04` was seen). */
const DEFAULT_PREFIX = 0x2104;

/**
 * Six bytes of tag 1077 to the number printed in receipts and QR codes: the last four bytes, big endian, unsigned.
 * Throws `DEVICE-FISCAL-SIGN` when there are fewer than four bytes.
 */
export function fiscalSignToNumber(wire: Uint8Array): number {
  if (wire.length < 4) {
    throw new FarmError('DEVICE-FISCAL-SIGN', 'Fiscal sign is shorter than four bytes', {
      bytes: wire.length,
    });
  }
  let value = 0;
  for (let i = wire.length - 4; i < wire.length; i++) value = value * 256 + wire[i]!;
  return value;
}

/** Printed number to the six bytes of tag 1077. */
export function fiscalSignToWire(value: number, prefix = DEFAULT_PREFIX): Buffer {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new FarmError('CLIENT-FISCAL-SIGN', 'Not an unsigned 32-bit number', { value });
  }
  const wire = Buffer.allocUnsafe(6);
  wire.writeUInt16BE(prefix, 0);
  wire.writeUInt32BE(value, 2);
  return wire;
}

/** Length of the message fiscal sign that follows a document's TLV. */
export const MESSAGE_SIGN_BYTES = 8;

/** Message fiscal sign as operators show it: the eight bytes as an unsigned little-endian number, in decimal. */
export function messageSignToText(wire: Uint8Array): string {
  if (wire.length !== MESSAGE_SIGN_BYTES) {
    throw new FarmError('DEVICE-MESSAGE-SIGN', 'Message fiscal sign is not eight bytes', {
      bytes: wire.length,
    });
  }
  return Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength).readBigUInt64LE().toString();
}
