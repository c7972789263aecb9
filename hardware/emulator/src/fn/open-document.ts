import { decodeTlv, type TlvNode } from '@kkt/ffd';
import type { FfdVersion } from '@kkt/contracts';
import type { WallMs } from '../wall-time';
import type { DocumentKind } from './document-kind';
import { FN_CODE, FnRefusal } from './refusal';
import type { DocumentRecord, Registration } from './state';

export interface RegistrationParameters {
  inn: string;
  rnm: string;
  ofdInn: string;
  taxSystems: number;
  mode: number;
  extMode: number;
  reasons: number;
}

/** What a finished document is known by. */
export interface MadeDocument {
  fd: number;
  fiscalSign: number;
  form: number;
  at: WallMs;
  shift: number;
  receipt: number;
}

/** One document of the archive. */
export interface ArchivedDocument {
  head: DocumentRecord;
  /** The whole document, its form code as the outer tag. */
  tlv: Buffer;
  confirmed: boolean;
}

export interface OperatorReceipt {
  fd: number;
  at: WallMs;
  /** Tag 1078, hex. */
  operatorSign: string;
}

/** A document that is being made; it leaves no trace until it is committed. */
export interface OpenDocument {
  kind: DocumentKind;
  at: WallMs;
  /** FFD the document is made by; for a registration the one asked for. */
  ffd: FfdVersion;
  portions: Buffer[];
  nodes: TlvNode[];
  tags: Set<number>;
}

/** What an FN knows of its KKT before form 1. */
export const unregistered: Registration = {
  fd: 0,
  fiscalSign: 0,
  at: 0,
  inn: '',
  rnm: '',
  ofdInn: '',
  taxSystems: 0,
  mode: 0,
  extMode: 0,
  ffd: 2,
  reasons: 0,
};

/** @throws FnRefusal when the bytes are no TLV */
export function readNodes(bytes: Buffer): TlvNode[] {
  try {
    return decodeTlv(bytes, { origin: 'CLIENT' });
  } catch (error) {
    throw new FnRefusal(FN_CODE.badRequisite, error instanceof Error ? error.message : 'no TLV');
  }
}
