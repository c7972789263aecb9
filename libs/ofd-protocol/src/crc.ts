const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** CRC-16/CCITT-FALSE (polynomial 0x1021, initial 0xFFFF, not reflected) over `bytes[start, end)`. */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0xffff): number {
  let crc = seed;
  for (let at = start; at < end; at++) {
    crc = ((crc << 8) ^ (TABLE[((crc >> 8) ^ (bytes[at] ?? 0)) & 0xff] ?? 0)) & 0xffff;
  }
  return crc;
}
