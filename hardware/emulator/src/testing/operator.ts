import { decodeTlv, encodeTlv, parseDocument, TAG } from '@kkt/ffd';
import {
  ANSWER_CODE,
  buildConfirmation,
  decodeContainer,
  encodeContainer,
  orThrow,
  readPlainBody,
  REFERENCE_OPERATOR_KEY,
} from '@kkt/ofd-protocol';

export interface AnswerOver {
  code?: number;
  fnNumber?: string;
  fdNumber?: number;
  /** Number inside document 7, when it is to differ from the container's. */
  insideFd?: number;
  documentCode?: number;
  key?: string;
  unsigned?: boolean;
  /** Tag 1078 as another operator would make it. */
  sign?: Buffer;
  operatorMessage?: number;
}

/** What the reference operator answers to a message of an FN, or what a bad one would. */
export function answerTo(message: Buffer, over: AnswerOver = {}): Buffer {
  const container = orThrow(decodeContainer(message));
  const document = parseDocument(orThrow(readPlainBody(container)).tlv);
  const fnNumber = over.fnNumber ?? container.fnNumber;
  const fdNumber = over.fdNumber ?? container.fdNumber;
  const signer = { key: over.key ?? REFERENCE_OPERATOR_KEY, fiscalSign: document.fiscalSign ?? 0 };
  const tlv = buildConfirmation(
    {
      ffd: document.ffd === 2 ? 2 : 4,
      ofdInn: '7704358518',
      fnNumber,
      fdNumber: over.insideFd ?? fdNumber,
      at: document.at ?? '2026-01-12T09:00:00',
      code: over.code ?? ANSWER_CODE.accepted,
      operatorMessage: over.operatorMessage,
    },
    over.unsigned ? undefined : signer,
  );
  const body = over.sign ? withSign(tlv, over.sign) : tlv;
  return encodeContainer({ documentCode: over.documentCode ?? 7, fnNumber, fdNumber, body });
}

function withSign(confirmationTlv: Buffer, sign: Buffer): Buffer {
  const nodes = decodeTlv(confirmationTlv, { raw: true, origin: 'OFD' }).map(({ tag, value }) => ({
    tag,
    value: (Array.isArray(value) ? value : []).map((node) =>
      node.tag === TAG.operatorSign ? { tag: node.tag, value: sign } : node,
    ),
  }));
  return encodeTlv(nodes);
}
