/**
 * CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, no reflection, no final xor; "123456789" gives 29B1.
 * Used by the KKT–operator session header and container, by FN frames and by the KKT registration number.
 */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** Over bytes `start` to `end`. To go on over a further part pass the previous result as `seed`. */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0xffff): number {
  let crc = seed;
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >>> 8) ^ bytes[i]!]!;
  return crc;
}
