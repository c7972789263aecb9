import { FarmError } from '@kkt/contracts';
import { crc16, MESSAGE_SIGN_BYTES } from '@kkt/ffd';
import { notParsed, parsed, type Parsed } from './parsed';

/*
 * Container of the FN: 32 bytes of open header, then a body that a real FN encrypts. Layout and checksum recomputed on
 * both dumps published with the code of an operator (yandex/ofd, Apache-2.0):
 *
 *   0  2   length           u16 LE, the whole container with this header
 *   2  2   CRC              u16 LE over bytes 0–1 and 4..end (the CRC field is left out)
 *   4  1   message type     A5
 *   5  1   document code    1..7, 11, 21, 31, 41; 7 is the operator's confirmation
 *   6  1   version          1
 *   7  2   service data     10 09 in both dumps
 *   9  8   FN number        BCD, missing digits are nibbles F
 *   17 3   FD number        u24 BE
 *   20 12  service data     for the cryptography; the last two bytes of both dumps are the BE length of the document
 */
export const CONTAINER_HEADER_BYTES = 32;

/** The limit of the exchange. */
export const MAX_CONTAINER_BYTES = 32_768;

/** Document code of the operator's confirmation. */
export const CONFIRMATION_CODE = 7;

const MESSAGE_TYPE = 0xa5;
const VERSION = 1;
const DEFAULT_SERVICE_1 = Buffer.from('1009', 'hex');
const SERVICE_2_BYTES = 12;

/** The two service fields of a container: kept, never understood. */
export interface ContainerService {
  /** 2 bytes at offset 7. */
  data1?: Uint8Array;
  /** 12 bytes at offset 20. */
  data2?: Uint8Array;
}

export interface OfdContainer {
  documentCode: number;
  fnNumber: string;
  fdNumber: number;
  service1: Buffer;
  service2: Buffer;
  body: Buffer;
  /** The container as it came, to be kept and passed on unchanged. */
  bytes: Buffer;
}

export interface ContainerFields {
  documentCode: number;
  fnNumber: string;
  fdNumber: number;
  body: Uint8Array;
  service?: ContainerService;
}

/** Throws SYS-OFD-CONTAINER when a field does not fit. */
export function encodeContainer(fields: ContainerFields): Buffer {
  const length = CONTAINER_HEADER_BYTES + fields.body.length;
  if (length > MAX_CONTAINER_BYTES) throw misfit('The container is over 32 KiB', { length });
  if (!/^\d{1,16}$/.test(fields.fnNumber))
    throw misfit('An FN number has 1 to 16 digits', { fnNumber: fields.fnNumber });
  if (!Number.isInteger(fields.fdNumber) || fields.fdNumber < 0 || fields.fdNumber > 0xffffff) {
    throw misfit('An FD number has three bytes', { fdNumber: fields.fdNumber });
  }
  const service1 = fields.service?.data1 ?? DEFAULT_SERVICE_1;
  const service2 = fields.service?.data2 ?? Buffer.alloc(SERVICE_2_BYTES);
  if (service1.length !== DEFAULT_SERVICE_1.length || service2.length !== SERVICE_2_BYTES) {
    throw misfit('Service data have 2 and 12 bytes', { data1: service1.length, data2: service2.length });
  }
  const bytes = Buffer.alloc(length);
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt8(MESSAGE_TYPE, 4);
  bytes.writeUInt8(fields.documentCode, 5);
  bytes.writeUInt8(VERSION, 6);
  bytes.set(service1, 7);
  bytes.write(fields.fnNumber.padEnd(16, 'f'), 9, 'hex');
  bytes.writeUIntBE(fields.fdNumber, 17, 3);
  bytes.set(service2, 20);
  bytes.set(fields.body, CONTAINER_HEADER_BYTES);
  bytes.writeUInt16LE(containerCrc(bytes), 2);
  return bytes;
}

/** Checks length, checksum and the open fields. The body stays opaque: see `readPlainBody`. */
export function decodeContainer(input: Uint8Array): Parsed<OfdContainer> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  if (bytes.length < CONTAINER_HEADER_BYTES) {
    return notParsed('WIRE-SHORT', 'A container has at least 32 bytes', { bytes: bytes.length });
  }
  if (bytes.readUInt16LE(0) !== bytes.length) {
    return notParsed('WIRE-LENGTH', 'The container is not as long as it says', {
      says: bytes.readUInt16LE(0),
      bytes: bytes.length,
    });
  }
  const crc = bytes.readUInt16LE(2);
  if (crc !== containerCrc(bytes)) return notParsed('WIRE-CRC', 'CRC of the container is wrong', { crc });
  if (bytes.readUInt8(4) !== MESSAGE_TYPE || bytes.readUInt8(6) !== VERSION) {
    return notParsed('OFD-CONTAINER', 'Unknown kind of container', { hex: bytes.toString('hex', 4, 7) });
  }
  const fnNumber = /^(\d{1,16})f*$/.exec(bytes.toString('hex', 9, 17))?.[1];
  if (!fnNumber)
    return notParsed('OFD-CONTAINER', 'The FN number is not digits', { hex: bytes.toString('hex', 9, 17) });
  return parsed({
    documentCode: bytes.readUInt8(5),
    fnNumber,
    fdNumber: bytes.readUIntBE(17, 3),
    service1: bytes.subarray(7, 9),
    service2: bytes.subarray(20, 32),
    body: bytes.subarray(CONTAINER_HEADER_BYTES),
    bytes,
  });
}

/** An open body: one document, then the message sign. */
export interface PlainBody {
  /** The document: one TLV whose tag is the document code. */
  tlv: Buffer;
  /** 8 bytes; absent in answers of operators that sign only tag 1078. */
  messageSign?: Buffer;
}

/** The body as a document, or OFD-SEALED when it is encrypted or not one whole document. */
export function readPlainBody(container: OfdContainer): Parsed<PlainBody> {
  const { body } = container;
  const sealed = (): Parsed<never> =>
    notParsed('OFD-SEALED', 'The body of the container is not an open document', {
      fnNumber: container.fnNumber,
      fdNumber: container.fdNumber,
    });
  if (body.length < 4 || body.readUInt16LE(0) !== container.documentCode) return sealed();
  const tlvBytes = 4 + body.readUInt16LE(2);
  const tail = body.subarray(tlvBytes);
  if (tlvBytes > body.length) return sealed();
  if (tail.length === 0) return parsed({ tlv: body });
  const zeros = tail.subarray(MESSAGE_SIGN_BYTES);
  if (tail.length < MESSAGE_SIGN_BYTES || zeros.length > 2 || zeros.some((byte) => byte !== 0))
    return sealed();
  return parsed({ tlv: body.subarray(0, tlvBytes), messageSign: tail.subarray(0, MESSAGE_SIGN_BYTES) });
}

function containerCrc(bytes: Uint8Array): number {
  return crc16(bytes, 4, bytes.length, crc16(bytes, 0, 2));
}

function misfit(message: string, context: Record<string, string | number>): FarmError {
  return new FarmError('SYS-OFD-CONTAINER', message, context);
}
