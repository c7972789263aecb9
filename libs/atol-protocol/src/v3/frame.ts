import { unencodable } from '../bytes/faults';
import { CRC8_INIT, CRC8_TABLE } from './crc8';
import { isPacketId } from './packet-id';

/** First byte of a frame; never appears inside one. */
export const STX = 0xfe;
/** `FD EE` stands for FE and `FD ED` for FD in data and CRC. */
export const ESC = 0xfd;
export const ESC_STX = 0xee;
export const ESC_ESC = 0xed;

/** Largest data length the two 7-bit length bytes can carry. */
export const MAX_FRAME_DATA = 0x3fff;

/** One packet of transport v3, unstuffed and checked. Empty data = request to repeat the packet of this id. */
export interface Frame {
  id: number;
  data: Buffer;
}

/**
 * A v3 packet as it goes on the wire: `FE lenLo lenHi id data crc`, data and CRC stuffed.
 * `len` counts unstuffed data only; the CRC covers id and unstuffed data.
 * Source: atol-protocol facts; frames compared with captures in the tests beside.
 * @throws FarmError `SYS-UNENCODABLE` for a reserved id or data over 16383 bytes
 */
export function encodeFrame(id: number, data: Uint8Array): Buffer {
  const size = data.length;
  if (!isPacketId(id)) throw unencodable('Packet id is reserved', { id });
  if (size > MAX_FRAME_DATA) throw unencodable('Packet data is too long', { size });

  let crc = CRC8_TABLE[CRC8_INIT ^ id]!;
  let escapes = 0;
  for (let at = 0; at < size; at += 1) {
    const byte = data[at]!;
    if (byte >= ESC && byte <= STX) escapes += 1;
    crc = CRC8_TABLE[crc ^ byte]!;
  }
  const crcEscaped = crc === STX || crc === ESC;
  const frame = Buffer.allocUnsafe(5 + size + escapes + (crcEscaped ? 1 : 0));
  frame[0] = STX;
  frame[1] = size & 0x7f;
  frame[2] = size >> 7;
  frame[3] = id;
  let to = 4;
  if (escapes === 0) {
    frame.set(data, to);
    to += size;
  } else {
    for (let at = 0; at < size; at += 1) {
      const byte = data[at]!;
      if (byte === STX || byte === ESC) {
        frame[to] = ESC;
        frame[to + 1] = byte === STX ? ESC_STX : ESC_ESC;
        to += 2;
      } else {
        frame[to] = byte;
        to += 1;
      }
    }
  }
  if (crcEscaped) {
    frame[to] = ESC;
    to += 1;
    crc = crc === STX ? ESC_STX : ESC_ESC;
  }
  frame[to] = crc;
  return frame;
}

const NOTHING = Buffer.alloc(0);

/** Asks the other side to send its packet `id` again (it was damaged): a frame without data. */
export const repeatRequest = (id: number): Buffer => encodeFrame(id, NOTHING);

export const isRepeatRequest = (frame: Frame): boolean => frame.data.length === 0;
