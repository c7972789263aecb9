import { nothing, optional, struct } from '../bytes/codec';
import { bytes, u16le, u32le, u8 } from '../bytes/fields';
import { fnDateTime } from '../bytes/moment';
import { registrationTotals } from './archive-document';
import { fnExchange } from './fn-exchange';

/** Reading the FN archive: the proof of what was registered. FD numbers are little-endian (agreed). */
export const archiveCommands = {
  /** The body is taken apart by `decodeArchiveDocument(type, body)`. No such document: device error DA. */
  findDocument: fnExchange({
    code: 0x40,
    name: 'findDocument',
    meaning: 'Find a document by its number (tag 1040)',
    confidence: 'agreed',
    request: struct({ fdNumber: u32le() }),
    answer: struct({ type: u8(), confirmed: u8(), body: bytes() }),
  }),
  operatorConfirmation: fnExchange({
    code: 0x41,
    name: 'operatorConfirmation',
    meaning: 'Confirmation of the operator for a document: moment, its fiscal sign (tag 1078), FD number',
    request: struct({ fdNumber: u32le() }),
    answer: struct({ at: fnDateTime(), operatorSign: bytes(18), fdNumber: u32le() }),
  }),
  unconfirmedCount: fnExchange({
    code: 0x42,
    name: 'unconfirmedCount',
    meaning: 'How many documents have no confirmation of the operator',
    request: nothing,
    answer: struct({ count: u16le() }),
  }),
  /** Without a number: the last registration. */
  registrationTotals: fnExchange({
    code: 0x43,
    name: 'registrationTotals',
    meaning: 'Totals of a (re)registration',
    confidence: 'agreed',
    request: struct({ registration: optional(u8()) }),
    answer: registrationTotals,
  }),
  /** Layout of the request by a public FN model; tag FFFF opens the whole report for 47. */
  registrationParameter: fnExchange({
    code: 0x44,
    name: 'registrationParameter',
    meaning: 'One requisite of a (re)registration report as TLV',
    confidence: 'single',
    request: struct({ registration: u8(), tag: u16le() }),
    answer: struct({ tlv: bytes() }),
  }),
  openDocumentTlv: fnExchange({
    code: 0x45,
    name: 'openDocumentTlv',
    meaning: 'Open a document for reading as TLV; answers form (tag code) and length',
    confidence: 'agreed',
    request: struct({ fdNumber: u32le() }),
    answer: struct({ form: u16le(), length: u16le() }),
  }),
  /** Repeated until device error DA, "no such data". */
  readDocumentTlv: fnExchange({
    code: 0x46,
    name: 'readDocumentTlv',
    meaning: 'Read the next TLV of the opened document',
    confidence: 'agreed',
    onSilence: 'ask-device',
    request: nothing,
    answer: struct({ tlv: bytes() }),
  }),
  readRegistrationTlv: fnExchange({
    code: 0x47,
    name: 'readRegistrationTlv',
    meaning: 'Read the next TLV of the opened registration report',
    onSilence: 'ask-device',
    request: nothing,
    answer: struct({ tlv: bytes() }),
  }),
} as const;

/** Tag number that opens a whole registration report in command 44. */
export const WHOLE_REGISTRATION = 0xffff;
