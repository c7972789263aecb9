import { bytesOf, childrenOf, decodeTlv, encodeTlv, numberOf, TAG, textOf, type TlvNode } from '@kkt/ffd';
import { CONFIRMATION_CODE, readPlainBody, type OfdContainer } from './container';
import { makeOperatorSign } from './operator-sign';
import { notParsed, parsed, type Parsed } from './parsed';
import { ANSWER_CODE } from './service-codes';
import type { SessionFfd } from './session-header';

/** Bit of tag 1206: the document failed format-logic control. */
export const MESSAGE_FORMAT_LOGIC = 2;

/** Document 7: the operator's answer to one fiscal document. */
export interface Confirmation {
  /** Tag 1017. */
  ofdInn: string;
  /** Tag 1041. */
  fnNumber: string;
  /** Tag 1040. */
  fdNumber: number;
  /** Tag 1012, `YYYY-MM-DDTHH:MM:SS`, the operator's wall clock. */
  at: string;
  /** Tag 1022; where the FFD has no place for it, 0, or 14 by bit 2 of 1206. */
  code: number;
  /** Tag 1206, bits. */
  operatorMessage?: number;
  /** Tag 1078; a refusal has none. */
  operatorSign?: Buffer;
}

export interface ConfirmationFields {
  ffd: SessionFfd;
  ofdInn: string;
  fnNumber: string;
  fdNumber: number;
  at: string;
  code: number;
  /** Bits for the next shift report: pass from the operator to the user. */
  operatorMessage?: number;
}

/** Signs a confirmation: key of the operator, fiscal sign of the confirmed document. */
export interface ConfirmationSigner {
  key: string;
  fiscalSign: number;
}

/**
 * Document 7 {1017, 1041, 1040, 1012, 1068 {1022} or 1206, 1078} as one TLV. FFD 1.0 and 1.05 carry the code in 1022,
 * FFD 1.1 and 1.2 only bits of 1206; our own refusals need a code and carry 1022 in every FFD. Without a signer it is
 * a refusal: an FN must not take it.
 */
export function buildConfirmation(fields: ConfirmationFields, signer?: ConfirmationSigner): Buffer {
  const nodes: TlvNode[] = [
    { tag: TAG.ofdInn, value: fields.ofdInn },
    { tag: TAG.fnNumber, value: fields.fnNumber },
    { tag: TAG.fdNumber, value: fields.fdNumber },
    { tag: TAG.dateTime, value: fields.at },
  ];
  const byBits = fields.ffd >= 3;
  const failedControl = fields.code === ANSWER_CODE.formatLogicFailed;
  if (!byBits || !signer) {
    nodes.push({ tag: TAG.operatorMessageForFn, value: [{ tag: TAG.ofdResponseCode, value: fields.code }] });
  }
  const bits = (fields.operatorMessage ?? 0) | (byBits && failedControl ? MESSAGE_FORMAT_LOGIC : 0);
  if (byBits && bits !== 0) nodes.push({ tag: TAG.operatorMessage, value: bits });
  if (signer) {
    const confirmation = encodeTlv(nodes);
    nodes.push({ tag: TAG.operatorSign, value: makeOperatorSign({ ...signer, confirmation }) });
  }
  return encodeTlv([{ tag: CONFIRMATION_CODE, value: nodes }]);
}

/** The bytes that tag 1078 signs: the confirmation's requisites without it, in their order. */
export function signedPartOf(confirmationTlv: Uint8Array): Buffer {
  const nodes = decodeTlv(confirmationTlv, { raw: true, origin: 'OFD' });
  const inside = childrenOf(nodes, CONFIRMATION_CODE) ?? [];
  return encodeTlv(inside.filter((node) => node.tag !== TAG.operatorSign));
}

/** Reads an open confirmation. OFD-SEALED: encrypted, only the FN can read it. */
export function parseConfirmation(container: OfdContainer): Parsed<Confirmation> {
  if (container.documentCode !== CONFIRMATION_CODE) {
    return notParsed('OFD-NOT-CONFIRMATION', 'The container holds another document', {
      documentCode: container.documentCode,
    });
  }
  const body = readPlainBody(container);
  if (!body.ok) return body;
  let nodes: TlvNode[] | undefined;
  try {
    nodes = childrenOf(decodeTlv(body.value.tlv, { origin: 'OFD' }), CONFIRMATION_CODE);
  } catch {
    nodes = undefined;
  }
  const ofdInn = nodes && textOf(nodes, TAG.ofdInn);
  const fnNumber = nodes && textOf(nodes, TAG.fnNumber);
  const fdNumber = nodes && numberOf(nodes, TAG.fdNumber);
  const at = nodes && textOf(nodes, TAG.dateTime);
  if (!nodes || !ofdInn || !fnNumber || fdNumber === undefined || !at) {
    return notParsed('OFD-CONFIRMATION', 'The confirmation lacks requisites', {
      fnNumber: container.fnNumber,
      fdNumber: container.fdNumber,
    });
  }
  const operatorMessage = numberOf(nodes, TAG.operatorMessage);
  const inside = childrenOf(nodes, TAG.operatorMessageForFn);
  const sign = bytesOf(nodes, TAG.operatorSign);
  return parsed({
    ofdInn: ofdInn.trim(),
    fnNumber: fnNumber.trim(),
    fdNumber,
    at,
    code:
      (inside && numberOf(inside, TAG.ofdResponseCode)) ??
      ((operatorMessage ?? 0) & MESSAGE_FORMAT_LOGIC ? ANSWER_CODE.formatLogicFailed : ANSWER_CODE.accepted),
    operatorMessage,
    operatorSign: sign && Buffer.from(sign),
  });
}
