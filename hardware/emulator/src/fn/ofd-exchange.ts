import {
  ANSWER_CODE,
  CONFIRMATION_CODE,
  decodeContainer,
  isOperatorSignRight,
  isReferenceSign,
  parseConfirmation,
  REFERENCE_OPERATOR_KEY,
  readPlainBody,
  signedPartOf,
  type Confirmation,
  type OfdContainer,
} from '@kkt/ofd-protocol';
import { FN_CODE, FnRefusal, OFD_ANSWER_REASON } from './refusal';

/** Message of the FN that is being handed to the host. */
export interface OutgoingMessage {
  fd: number;
  fiscalSign: number;
  container: Buffer;
}

/** Flags of the answer to command 20. */
export interface ExchangeFlags {
  transportUp: boolean;
  awaitingAnswer: boolean;
  reading: boolean;
}

/**
 * Commands 20–26: the FN gives one message at a time, in FD order, and lets it go only for a right confirmation.
 * Volatile: a power cut begins the exchange anew.
 */
export class OfdExchange {
  private transportUp = false;
  private message: OutgoingMessage | undefined;
  private step: 'idle' | 'reading' | 'awaiting' = 'idle';

  constructor(
    private readonly fnNumber: string,
    /** The oldest unsent document, made into a container. */
    private readonly next: () => OutgoingMessage | undefined,
  ) {}

  get flags(): ExchangeFlags {
    return {
      transportUp: this.transportUp,
      awaitingAnswer: this.step === 'awaiting',
      reading: this.step === 'reading',
    };
  }

  reset(): void {
    this.transportUp = false;
    this.drop();
  }

  setTransport(up: boolean): void {
    this.transportUp = up;
    if (!up) this.drop();
  }

  /** Command 22: length of the message. */
  begin(): number {
    if (!this.transportUp) throw new FnRefusal(FN_CODE.noTransport, 'transport is not connected');
    if (this.step === 'reading') throw new FnRefusal(FN_CODE.wrongState, 'a message is being read');
    this.message = this.next();
    if (!this.message) throw new FnRefusal(FN_CODE.noData, 'nothing to send');
    this.step = 'reading';
    return this.message.container.length;
  }

  /** Command 23. */
  readBlock(offset: number, length: number): Buffer {
    if (this.step !== 'reading' || !this.message) {
      throw new FnRefusal(FN_CODE.wrongState, 'no message is being read');
    }
    if (offset + length > this.message.container.length) {
      throw new FnRefusal(FN_CODE.badParameter, 'block is outside the message');
    }
    return this.message.container.subarray(offset, offset + length);
  }

  /** Command 24. */
  cancel(): void {
    if (this.step === 'idle') throw new FnRefusal(FN_CODE.wrongState, 'no message is being read');
    this.drop();
  }

  /** Command 25: from now on the confirmation of this message is waited for. */
  finish(): void {
    if (this.step !== 'reading') throw new FnRefusal(FN_CODE.wrongState, 'no message is being read');
    this.step = 'awaiting';
  }

  /**
   * Command 26: checks the operator's container against the message that was sent. On success the exchange is idle
   * again; on refusal (20 and a reason) the message is still waiting.
   */
  accept(bytes: Buffer): Confirmation {
    const { message } = this;
    if (this.step !== 'awaiting' || !message) {
      throw new FnRefusal(FN_CODE.wrongState, 'no answer is waited for');
    }
    const container = this.openAnswer(bytes);
    if (container.fnNumber !== this.fnNumber) throw refused('wrongFn');
    if (container.documentCode !== CONFIRMATION_CODE || container.fdNumber !== message.fd) {
      throw refused('wrongDocument');
    }
    const read = parseConfirmation(container);
    if (!read.ok) throw refused('badRequisites');
    const confirmation = read.value;
    if (confirmation.fnNumber !== this.fnNumber) throw refused('wrongFn');
    if (confirmation.fdNumber !== message.fd) throw refused('wrongDocument');
    const { accepted, formatLogicFailed } = ANSWER_CODE;
    if (confirmation.code !== accepted && confirmation.code !== formatLogicFailed) {
      throw refused('refusedByOperator');
    }
    if (!isSignRight(container, confirmation, message.fiscalSign)) throw refused('badSign');
    this.drop();
    return confirmation;
  }

  private openAnswer(bytes: Buffer): OfdContainer {
    const container = decodeContainer(bytes);
    if (container.ok) return container.value;
    const { code } = container.error;
    throw refused(code === 'WIRE-CRC' ? 'badCrc' : code.startsWith('WIRE-') ? 'badLength' : 'badRequisites');
  }

  private drop(): void {
    this.step = 'idle';
    this.message = undefined;
  }
}

const refused = (reason: keyof typeof OFD_ANSWER_REASON): FnRefusal =>
  new FnRefusal(
    FN_CODE.ofdAnswerRefused,
    `answer of the operator: ${reason}`,
    Buffer.of(OFD_ANSWER_REASON[reason]),
  );

/** Tag 1078 holds up to 18 bytes (order ED-7-20/662@ says 16; operators send both). */
const LONGEST_SIGN_BYTES = 18;

/**
 * The reference operator's sign is checked by its key. A real operator's cannot be checked outside a real FN, so the
 * emulated one believes it when it is there: a stand-in operator of somebody else can confirm our documents. Ours.
 */
function isSignRight(container: OfdContainer, confirmation: Confirmation, fiscalSign: number): boolean {
  const body = readPlainBody(container);
  const sign = confirmation.operatorSign;
  if (!body.ok || !sign || sign.length === 0 || sign.length > LONGEST_SIGN_BYTES) return false;
  if (!isReferenceSign(sign)) return true;
  return isOperatorSignRight(sign, {
    key: REFERENCE_OPERATOR_KEY,
    confirmation: signedPartOf(body.value.tlv),
    fiscalSign,
  });
}
