import { FarmError, type FfdVersion } from '@kkt/contracts';
import { crc16 } from '@kkt/ffd';
import { notParsed, parsed, type Parsed } from './parsed';

/*
 * Session header of the KKT–operator exchange, 30 bytes (FNS KKT–OFD protocol v1.1; the same layout in the public
 * code of one operator and of two KKT-side clients):
 *
 *   0  4   signature        2A 08 41 0A
 *   4  2   S-protocol       81 A2
 *   6  2   P-protocol       01 00 | 01 05 | 01 10 | 01 20 (FFD 1.0 also as 00 01 and 00 02)
 *   8  16  FN number        ASCII, right-padded with spaces
 *   24 2   body size        u16 LE, the whole container; 0 = header only
 *   26 2   flags            u16 LE
 *   28 2   CRC              u16 LE, 0 when not computed
 */
export const SESSION_HEADER_BYTES = 30;

/** The body size is a u16. */
export const MAX_BODY_BYTES = 0xffff;

/** FFD code as in tag 1209: 1 = 1.0, 2 = 1.05, 3 = 1.1, 4 = 1.2. */
export type SessionFfd = 1 | FfdVersion;

/** What the header's CRC covers: nothing, the header's first 28 bytes, or those and the body. */
export type CrcMode = 'none' | 'header' | 'full';

/** Who the message is for: the operator (fiscal documents) or the marking system. */
export type SessionChannel = 'documents' | 'marking';

interface Channel {
  name: SessionChannel;
  signature: Buffer;
  sVersion: Buffer;
}

const CHANNELS: readonly Channel[] = [
  { name: 'documents', signature: Buffer.from('2a08410a', 'hex'), sVersion: Buffer.from('81a2', 'hex') },
  { name: 'marking', signature: Buffer.from('dd80caa1', 'hex'), sVersion: Buffer.from('82a2', 'hex') },
];

export const SIGNATURE_BYTES = 4;

/** First bytes of every message of a channel. */
export const signatureOf = (channel: SessionChannel): Buffer => channelOf(channel).signature;

const FFD_BY_WIRE = new Map<number, SessionFfd>([
  [0x0100, 1],
  [0x0001, 1],
  [0x0002, 1],
  [0x0105, 2],
  [0x0110, 3],
  [0x0120, 4],
]);
const WIRE_BY_FFD: Record<SessionFfd, number> = { 1: 0x0100, 2: 0x0105, 3: 0x0110, 4: 0x0120 };

const CRC_MODES: readonly (CrcMode | undefined)[] = ['none', 'header', 'full', undefined];
const FLAG_CONTAINER = 0b01 << 2;
const FLAG_ANSWER_WANTED = 0b01 << 4;

export interface SessionHeader {
  channel: SessionChannel;
  ffd: SessionFfd;
  /** The two P-protocol bytes as they came, big-endian; an answer repeats them. */
  ffdOnWire: number;
  fnNumber: string;
  /** Size of the container that follows; 0 for a link check. */
  bodyBytes: number;
  crcMode: CrcMode;
  hasContainer: boolean;
  answerWanted: boolean;
  crc: number;
}

export interface SessionFields {
  ffd: SessionFfd;
  fnNumber: string;
  /** Default `full`: a damaged byte anywhere is seen. */
  crcMode?: CrcMode;
  /** Default true: the sender waits for an answer. */
  answerWanted?: boolean;
  /** Default `documents`. */
  channel?: SessionChannel;
  /** Overrides the P-protocol bytes of `ffd`: an answer repeats those of the request. */
  ffdOnWire?: number;
}

/**
 * Makes the 30 bytes that go before `body`. An empty body makes a header-only message: a link check.
 * Throws SYS-OFD-HEADER when the fields cannot be put into the header.
 */
export function encodeSessionHeader(fields: SessionFields, body: Uint8Array = Buffer.alloc(0)): Buffer {
  if (!/^\d{0,16}$/.test(fields.fnNumber)) {
    throw new FarmError('SYS-OFD-HEADER', 'An FN number has up to 16 digits', { fnNumber: fields.fnNumber });
  }
  if (body.length > MAX_BODY_BYTES) {
    throw new FarmError('SYS-OFD-HEADER', 'The container does not fit a session message', {
      bodyBytes: body.length,
    });
  }
  const channel = channelOf(fields.channel ?? 'documents');
  const mode = fields.crcMode ?? 'full';
  const header = Buffer.alloc(SESSION_HEADER_BYTES);
  channel.signature.copy(header, 0);
  channel.sVersion.copy(header, 4);
  header.writeUInt16BE(fields.ffdOnWire ?? WIRE_BY_FFD[fields.ffd], 6);
  header.write(fields.fnNumber.padEnd(16), 8, 'latin1');
  header.writeUInt16LE(body.length, 24);
  header.writeUInt16LE(
    CRC_MODES.indexOf(mode) |
      (body.length > 0 ? FLAG_CONTAINER : 0) |
      ((fields.answerWanted ?? true) ? FLAG_ANSWER_WANTED : 0),
    26,
  );
  if (mode !== 'none') header.writeUInt16LE(sessionCrc(mode, header, body), 28);
  return header;
}

/** Reads and checks 30 bytes; the CRC of mode `full` is left to `isSessionCrcRight`, when the body is there. */
export function decodeSessionHeader(bytes: Uint8Array): Parsed<SessionHeader> {
  if (bytes.length < SESSION_HEADER_BYTES) {
    return notParsed('WIRE-SHORT', 'A session header has 30 bytes', { bytes: bytes.length });
  }
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, SESSION_HEADER_BYTES);
  const channel = CHANNELS.find((known) => view.subarray(0, 4).equals(known.signature));
  if (!channel)
    return notParsed('WIRE-SIGNATURE', 'Not a session header', { hex: view.toString('hex', 0, 4) });
  if (!view.subarray(4, 6).equals(channel.sVersion)) {
    return notParsed('WIRE-HEADER', 'Unknown S-protocol version', { hex: view.toString('hex', 4, 6) });
  }
  const ffdOnWire = view.readUInt16BE(6);
  const ffd = FFD_BY_WIRE.get(ffdOnWire);
  if (!ffd)
    return notParsed('WIRE-HEADER', 'Unknown P-protocol version', { hex: view.toString('hex', 6, 8) });
  const fnField = view.toString('latin1', 8, 24);
  const bodyBytes = view.readUInt16LE(24);
  const flags = view.readUInt16LE(26);
  const crcMode = CRC_MODES[flags & 0b11];
  const containerBits = (flags >> 2) & 0b11;
  const crc = view.readUInt16LE(28);
  if (!/^\d{0,16} *$/.test(fnField) || (bodyBytes > 0 && fnField.startsWith(' '))) {
    return notParsed('WIRE-HEADER', 'The FN number is not digits', { hex: view.toString('hex', 8, 24) });
  }
  if (!crcMode || containerBits > 1 || (bodyBytes > 0 && containerBits === 0)) {
    return notParsed('WIRE-HEADER', 'Flags contradict the protocol', { flags, bodyBytes });
  }
  const header: SessionHeader = {
    channel: channel.name,
    ffd,
    ffdOnWire,
    fnNumber: fnField.trimEnd(),
    bodyBytes,
    crcMode,
    hasContainer: bodyBytes > 0,
    answerWanted: ((flags >> 4) & 0b11) === 1,
    crc,
  };
  // An unused CRC is zero: otherwise one flipped flag bit would switch the check off.
  if (crcMode === 'none' && crc !== 0) return notParsed('WIRE-CRC', 'CRC is given but switched off', { crc });
  if (crcMode === 'header' && crc !== sessionCrc('header', view)) {
    return notParsed('WIRE-CRC', 'CRC of the session header is wrong', { crc });
  }
  return parsed(header);
}

/** Checks the CRC over header and body; true in the modes where the body is not covered. */
export function isSessionCrcRight(header: SessionHeader, headerBytes: Uint8Array, body: Uint8Array): boolean {
  return header.crcMode !== 'full' || sessionCrc('full', headerBytes, body) === header.crc;
}

function sessionCrc(mode: 'header' | 'full', headerBytes: Uint8Array, body?: Uint8Array): number {
  const head = crc16(headerBytes, 0, 28);
  return mode === 'full' && body ? crc16(body, 0, body.length, head) : head;
}

function channelOf(name: SessionChannel): Channel {
  const channel = CHANNELS.find((known) => known.name === name);
  if (!channel) throw new FarmError('SYS-OFD-HEADER', 'Unknown channel', { name });
  return channel;
}
