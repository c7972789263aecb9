import { nothing, struct } from '../bytes/codec';
import { bits, bytes, counted, u16le, u32le, u8 } from '../bytes/fields';
import { fnDateTimeOrNone } from '../bytes/moment';
import { fnExchange } from './fn-exchange';

/** Carrying documents to the operator: a message is read out of the FN in blocks, its confirmation is put in. */
export const operatorCommands = {
  /** 20: 13 bytes; also answered by real modules through A4. */
  exchangeStatus: fnExchange({
    code: 0x20,
    name: 'exchangeStatus',
    meaning: 'State of the exchange with the operator and the queue of unsent documents',
    confidence: 'agreed',
    request: nothing,
    answer: struct({
      flags: bits({
        transportUp: 0x01,
        messageWaiting: 0x02,
        waitingConfirmation: 0x04,
        operatorCommand: 0x08,
        settingsChanged: 0x10,
        waitingCommandReply: 0x20,
      }),
      /** 1 while a message is being read. */
      reading: u8(),
      queued: u16le(),
      firstFdNumber: u32le(),
      firstAt: fnDateTimeOrNone(),
    }),
  }),
  /** Must be 1 before 22. */
  setTransportState: fnExchange({
    code: 0x21,
    name: 'setTransportState',
    meaning: 'Tell the FN whether there is a link with the operator',
    request: struct({ up: u8() }),
    answer: nothing,
  }),
  startMessage: fnExchange({
    code: 0x22,
    name: 'startMessage',
    meaning: 'Begin reading the next message for the operator; answers its length',
    request: nothing,
    answer: struct({ length: u16le() }),
  }),
  readMessageBlock: fnExchange({
    code: 0x23,
    name: 'readMessageBlock',
    meaning: 'Read a block of the message',
    request: struct({ offset: u16le(), length: u16le() }),
    answer: struct({ block: bytes() }),
  }),
  cancelMessage: fnExchange({
    code: 0x24,
    name: 'cancelMessage',
    meaning: 'Stop reading the message; it stays in the queue',
    request: nothing,
    answer: nothing,
  }),
  finishMessage: fnExchange({
    code: 0x25,
    name: 'finishMessage',
    meaning: 'The message is read whole: the FN starts waiting for its confirmation',
    request: nothing,
    answer: nothing,
  }),
  /** A repeat of an accepted confirmation is refused by the FN and changes nothing. */
  putConfirmation: fnExchange({
    code: 0x26,
    name: 'putConfirmation',
    meaning: 'Give the FN the confirmation of the operator; answers its code and commands to the register',
    request: struct({ confirmation: counted(2) }),
    answer: struct({ operatorCode: u8(), commands: bytes() }),
  }),
} as const;
