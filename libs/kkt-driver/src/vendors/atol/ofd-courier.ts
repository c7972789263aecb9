import { deviceErrorCode, fnCommand } from '@kkt/atol-protocol';
import { FarmError, isDeviceRefusal } from '@kkt/contracts';
import { decodeContainer } from '@kkt/ofd-protocol';
import type { OfdMessage } from '../../device';
import { isRefusedWith } from './atol.errors';
import type { AtolProfile } from './atol.profile';
import type { AtolSession } from './atol.session';

const WRONG_STATE = deviceErrorCode('fnWrongState');
const NO_DATA = deviceErrorCode('fnNoData');
const ANSWER_REJECTED = deviceErrorCode('ofdMessageRejected');

const MAX_READINGS = 4;

/** Container header: FN number in BCD and FD number, big-endian. Offsets: ofd-protocol facts, KKT–OFD protocol v1.1. */
const CONTAINER_HEADER_BYTES = 32;
const FN_NUMBER_AT = 9;
const FN_NUMBER_BYTES = 8;
const FD_NUMBER_AT = 17;
const FD_NUMBER_BYTES = 3;

/** Carries the FN's messages out and the operator's answers in (FN commands 20–26, KKT–FN protocol v1.1). */
export class OfdCourier {
  constructor(
    private readonly session: AtolSession,
    private readonly profile: AtolProfile,
  ) {}

  /**
   * The line's checksum is one byte, so a damaged message comes through now and then, and the operator could make
   * nothing of it for ever. One whose own checksum is wrong is read again and believed only when it says the same twice.
   */
  async read(): Promise<OfdMessage | undefined> {
    let before: Buffer | undefined;
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const container = await this.readOnce();
      if (!container) return undefined;
      if (decodeContainer(container).ok || before?.equals(container))
        return messageOf(container, this.session.wireName);
      before = container;
    }
    throw new FarmError('WIRE-MALFORMED', 'The FN’s message is another one each time it is read', {
      wire: this.session.wireName,
    });
  }

  private async readOnce(): Promise<Buffer | undefined> {
    const { session } = this;
    const status = await session.ask(fnCommand('exchangeStatus'));
    if (status.queued === 0 && !status.flags.messageWaiting) return undefined;
    // An exchange broken off earlier: the message is still the first of the queue, begin it anew.
    if (status.reading !== 0 || status.flags.waitingConfirmation) await this.cancel();
    if (!status.flags.transportUp) await session.ask(fnCommand('setTransportState'), { up: 1 });
    let length: number;
    try {
      ({ length } = await session.ask(fnCommand('startMessage')));
    } catch (error) {
      if (isRefusedWith(error, NO_DATA)) return undefined;
      throw error;
    }
    const container = await this.blocks(length);
    await session.ask(fnCommand('finishMessage'));
    return container;
  }

  async confirm(answer: Buffer): Promise<void> {
    try {
      await this.session.ask(fnCommand('putConfirmation'), { confirmation: answer });
    } catch (error) {
      if (!isRefusedWith(error, ANSWER_REJECTED, WRONG_STATE) || !isDeviceRefusal(error)) throw error;
      throw new FarmError(
        'DEVICE-OFD-ANSWER',
        'The FN does not accept the operator’s answer',
        error.context,
        {
          cause: error,
        },
      );
    }
  }

  /** A receipt’s message is one block as a rule; each names its offset, so a repeat is harmless. */
  private async blocks(length: number): Promise<Buffer> {
    const { session } = this;
    const row = fnCommand('readMessageBlock');
    const requests: { offset: number; length: number }[] = [];
    for (let offset = 0; offset < length; offset += this.profile.messageBlockBytes) {
      requests.push({ offset, length: Math.min(this.profile.messageBlockBytes, length - offset) });
    }
    const parts: Buffer[] = [];
    for (const request of requests) parts.push((await session.ask(row, request)).block);
    const container = Buffer.concat(parts);
    if (container.length === length) return container;
    throw new FarmError('WIRE-MALFORMED', 'The FN gave a message of another length than it said', {
      wire: session.wireName,
      length,
      got: container.length,
    });
  }

  private async cancel(): Promise<void> {
    try {
      await this.session.ask(fnCommand('cancelMessage'));
    } catch (error) {
      if (!isRefusedWith(error, WRONG_STATE)) throw error;
    }
  }
}

function messageOf(container: Buffer, wire: string): OfdMessage {
  if (container.length < CONTAINER_HEADER_BYTES) {
    throw new FarmError('WIRE-MALFORMED', 'The message is shorter than a container header', {
      wire,
      bytes: container.length,
    });
  }
  // A number shorter than 16 digits is filled with F.
  const digits = container.toString('hex', FN_NUMBER_AT, FN_NUMBER_AT + FN_NUMBER_BYTES);
  return {
    fnNumber: digits.replace(/f+$/, ''),
    fdNumber: container.readUIntBE(FD_NUMBER_AT, FD_NUMBER_BYTES),
    container,
  };
}
