import type { Clock, FfdVersion } from '@kkt/contracts';
import { secondsToLocalTime } from '@kkt/ffd';
import {
  ANSWER_CODE,
  buildConfirmation,
  buildContainer,
  buildLinkCheck,
  CONFIRMATION_CODE,
  makeOperatorSign,
  wrapContainer,
  type AnswerName,
  type SessionFfd,
  type SessionHeader,
} from '@kkt/ofd-protocol';
import type { IncomingDocument } from './incoming-document';

/** Who answers, and with what key tag 1078 is made. */
export interface OperatorIdentity {
  inn: string;
  name: string;
  signKey: string;
  /** The operator's wall clock, minutes east of Greenwich. */
  utcOffsetMinutes: number;
}

const SIGN_PREFIX = Buffer.from('8106', 'hex');

/** Makes the operator's side of the exchange: confirmations, refusals, link checks. */
export class AnswerMaker {
  constructor(
    private readonly operator: OperatorIdentity,
    private readonly clock: Clock,
  ) {}

  /** The signed confirmation container: stored with the document, sent as often as asked for. */
  confirm(incoming: IncomingDocument, code: number): Buffer {
    const ffd = (incoming.document.ffd as FfdVersion | undefined) ?? incoming.header.ffd;
    return this.container(incoming.fnNumber, incoming.fdNumber, ffd, code, incoming.fiscalSign);
  }

  /** A confirmation no FN takes; it tells the sender why the document stays with him. */
  refuse(
    header: SessionHeader,
    document: { fnNumber: string; fdNumber: number },
    answer: AnswerName,
  ): Buffer {
    return this.container(document.fnNumber, document.fdNumber, header.ffd, ANSWER_CODE[answer]);
  }

  /** The session message around a container, in the version and CRC mode of the request. */
  wrap(request: SessionHeader, container: Uint8Array): Buffer {
    return wrapContainer(container, this.session(request));
  }

  linkAlive(request: SessionHeader): Buffer {
    return buildLinkCheck(this.session(request));
  }

  private session(request: SessionHeader) {
    return {
      ffd: request.ffd,
      ffdOnWire: request.ffdOnWire,
      fnNumber: request.fnNumber,
      crcMode: request.crcMode,
      answerWanted: false,
    };
  }

  private container(
    fnNumber: string,
    fdNumber: number,
    ffd: SessionFfd,
    code: number,
    fiscalSign?: number,
  ): Buffer {
    const at = secondsToLocalTime(
      Math.floor(this.clock.nowMs() / 1000) + this.operator.utcOffsetMinutes * 60,
    );
    const signer = fiscalSign === undefined ? undefined : { key: this.operator.signKey, fiscalSign };
    const tlv = buildConfirmation({ ffd, ofdInn: this.operator.inn, fnNumber, fdNumber, at, code }, signer);
    const messageSign = signer
      ? Buffer.concat([SIGN_PREFIX, makeOperatorSign({ ...signer, confirmation: tlv }).subarray(0, 6)])
      : Buffer.alloc(8);
    return buildContainer({ fnNumber, fdNumber, documentCode: CONFIRMATION_CODE, tlv, messageSign });
  }
}
