/**
 * CRC-8 of transport v3: polynomial 31, initial value FF, most significant bit first, no final xor.
 * Check value over ASCII `123456789` is F7. Source: atol-protocol facts, three independent implementations and captures.
 */
export const CRC8_INIT = 0xff;

export const CRC8_TABLE: Uint8Array = Uint8Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : (crc << 1) & 0xff;
  return crc;
});

/** CRC over `bytes`, continuing from `crc`. */
export function crc8(bytes: Uint8Array, crc: number = CRC8_INIT): number {
  let value = crc;
  // Indices stay inside both arrays: the assertions keep the loop free of branches.
  for (let at = 0; at < bytes.length; at += 1) value = CRC8_TABLE[value ^ bytes[at]!]!;
  return value;
}
