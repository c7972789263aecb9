import { FarmError } from '@kkt/contracts';
import { MESSAGE_SIGN_BYTES } from '@kkt/ffd';
import { encodeContainer, type ContainerService } from './container';
import { encodeSessionHeader, type CrcMode, type SessionFfd, type SessionFields } from './session-header';

export interface OpenContainerFields {
  fnNumber: string;
  fdNumber: number;
  /** Form of the document and tag of `tlv`. */
  documentCode: number;
  /** The document as one TLV. */
  tlv: Uint8Array;
  /** 8 bytes. */
  messageSign: Uint8Array;
  /** Default: `10 09` and the document's length, as published dumps have them. */
  service?: ContainerService;
  /** Two zero bytes after the sign, as published dumps have them. Default false. */
  zeroTail?: boolean;
}

export interface MessageFields extends OpenContainerFields {
  ffd: SessionFfd;
  crcMode?: CrcMode;
  answerWanted?: boolean;
  ffdOnWire?: number;
}

/** What an FN hands out for sending: an open (unencrypted) container with one document. */
export function buildContainer(fields: OpenContainerFields): Buffer {
  const tlv = Buffer.from(fields.tlv);
  if (
    tlv.length < 4 ||
    tlv.readUInt16LE(0) !== fields.documentCode ||
    tlv.readUInt16LE(2) + 4 !== tlv.length
  ) {
    throw new FarmError('SYS-OFD-CONTAINER', 'The body must be one document of its code', {
      documentCode: fields.documentCode,
      bytes: tlv.length,
    });
  }
  if (fields.messageSign.length !== MESSAGE_SIGN_BYTES) {
    throw new FarmError('SYS-OFD-CONTAINER', 'A message sign has 8 bytes', {
      bytes: fields.messageSign.length,
    });
  }
  const lengthMark = Buffer.alloc(12);
  lengthMark.writeUInt16BE(tlv.length, 10);
  return encodeContainer({
    documentCode: fields.documentCode,
    fnNumber: fields.fnNumber,
    fdNumber: fields.fdNumber,
    body: Buffer.concat([tlv, fields.messageSign, Buffer.alloc(fields.zeroTail ? 2 : 0)]),
    service: { data1: fields.service?.data1, data2: fields.service?.data2 ?? lengthMark },
  });
}

/** Puts the session header before a container that is passed on as it is. */
export function wrapContainer(container: Uint8Array, session: SessionFields): Buffer {
  return Buffer.concat([encodeSessionHeader(session, container), container]);
}

/** Container and session header in one: a whole message for the wire. */
export function buildMessage(fields: MessageFields): Buffer {
  return wrapContainer(buildContainer(fields), fields);
}

/** A header-only message: asks whether the other side is there. */
export function buildLinkCheck(session: SessionFields): Buffer {
  return encodeSessionHeader(session);
}
