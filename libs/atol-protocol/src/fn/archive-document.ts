import { optional, struct, type Codec, type StructValue, type ValueOf } from '../bytes/codec';
import { ByteReader, ByteWriter } from '../bytes/cursor';
import { ascii, u16le, u32le, u8, uintLe } from '../bytes/fields';
import { malformed } from '../bytes/faults';
import { fnDateOrNone, fnDateTime } from '../bytes/moment';
import { FN_DOCUMENT } from './info.commands';

/** Every archived document begins so: moment, FD number (1040), fiscal sign (1077). 13 bytes. */
const head = { at: fnDateTime(), fdNumber: u32le(), fiscalSign: u32le() };

/** FFD 1.0/1.05: 47 bytes, 48 with the reason of a re-registration. */
const registration = struct({
  ...head,
  inn: ascii(12),
  registrationNumber: ascii(20),
  taxSystems: u8(),
  workMode: u8(),
  reason: optional(u8()),
});

/** FFD 1.1 and later: 60 bytes, 64 with reasons. The order follows command A3 and a public FN model: see `ours.ts`. */
const extendedRegistration = struct({
  ...head,
  inn: ascii(12),
  registrationNumber: ascii(20),
  taxSystems: u8(),
  workMode: u8(),
  extendedMode: u8(),
  ofdInn: ascii(12),
  reasons: optional(u32le()),
});

const shift = struct({ ...head, shiftNumber: u16le() });
const receipt = struct({ ...head, sign: u8(), totalKop: uintLe(5) });
const closing = struct({ ...head, inn: ascii(12), registrationNumber: ascii(20) });
const settlements = struct({ ...head, unconfirmedCount: u32le(), oldestUnconfirmed: fnDateOrNone() });

/** A document of the FN archive (command 40), by kind; `type` is its `FN_DOCUMENT` code. */
export type ArchiveDocument =
  | ({ kind: 'registration'; type: number } & ValueOf<typeof registration>)
  | ({ kind: 'extendedRegistration'; type: number } & ValueOf<typeof extendedRegistration>)
  | ({ kind: 'shift'; type: number } & ValueOf<typeof shift>)
  | ({ kind: 'receipt'; type: number } & ValueOf<typeof receipt>)
  | ({ kind: 'closing'; type: number } & ValueOf<typeof closing>)
  | ({ kind: 'settlements'; type: number } & ValueOf<typeof settlements>);

type Kind = ArchiveDocument['kind'];

const LONGEST_PLAIN_REGISTRATION = 48;

function kindOf(type: number, size: number): Kind {
  switch (type) {
    case FN_DOCUMENT.registration:
    case FN_DOCUMENT.fnChange:
    case FN_DOCUMENT.reregistration:
      return size > LONGEST_PLAIN_REGISTRATION ? 'extendedRegistration' : 'registration';
    case FN_DOCUMENT.shiftOpening:
    case FN_DOCUMENT.shiftClosing:
      return 'shift';
    case FN_DOCUMENT.receipt:
    case FN_DOCUMENT.bso:
    case FN_DOCUMENT.correction:
    case FN_DOCUMENT.bsoCorrection:
      return 'receipt';
    case FN_DOCUMENT.closing:
      return 'closing';
    case FN_DOCUMENT.settlementsReport:
      return 'settlements';
    default:
      throw malformed('Unknown type of an archived document', { type });
  }
}

/** Layouts by kind, for reference pages and tests. */
export const ARCHIVE_LAYOUTS = { registration, extendedRegistration, shift, receipt, closing, settlements };

/** Takes apart the body of command 40's answer. @throws FarmError `WIRE-MALFORMED` */
export function decodeArchiveDocument(type: number, body: Buffer): ArchiveDocument {
  const from = new ByteReader(body);
  const kind = kindOf(type, body.length);
  switch (kind) {
    case 'registration':
      return { kind, type, ...registration.read(from) };
    case 'extendedRegistration':
      return { kind, type, ...extendedRegistration.read(from) };
    case 'shift':
      return { kind, type, ...shift.read(from) };
    case 'receipt':
      return { kind, type, ...receipt.read(from) };
    case 'closing':
      return { kind, type, ...closing.read(from) };
    case 'settlements':
      return { kind, type, ...settlements.read(from) };
  }
}

/** Builds that body; the device side's half. */
export function encodeArchiveDocument(document: ArchiveDocument): Buffer {
  const out = new ByteWriter();
  switch (document.kind) {
    case 'registration':
      registration.write(out, document);
      break;
    case 'extendedRegistration':
      extendedRegistration.write(out, document);
      break;
    case 'shift':
      shift.write(out, document);
      break;
    case 'receipt':
      receipt.write(out, document);
      break;
    case 'closing':
      closing.write(out, document);
      break;
    case 'settlements':
      settlements.write(out, document);
      break;
  }
  return out.toBuffer();
}

const tail = { fdNumber: u32le(), fiscalSign: u32le() };
const base = {
  at: fnDateTime(),
  inn: ascii(12),
  registrationNumber: ascii(20),
  taxSystems: u8(),
  workMode: u8(),
};

const totalsPlain = struct({ ...base, ...tail });
const totalsWithReason = struct({ ...base, reason: u8(), ...tail });
const totalsExtended = struct({ ...base, extendedMode: u8(), ofdInn: ascii(12), ...tail });
const totalsExtendedWithReasons = struct({
  ...base,
  extendedMode: u8(),
  ofdInn: ascii(12),
  reasons: u32le(),
  ...tail,
});

/** Registration totals (command 43): the plain ones of FFD 1.0/1.05, the extended ones of FFD 1.1 and later. */
export type RegistrationTotals = StructValue<typeof base & typeof tail> & {
  reason?: number;
  extendedMode?: number;
  ofdInn?: string;
  reasons?: number;
};

/** Four layouts told apart by length: 47, 48, 60 and 64 bytes; the optional part stands in the middle. */
export const registrationTotals: Codec<RegistrationTotals> = {
  shape: {
    kind: 'oneOf',
    variants: [
      totalsPlain.shape,
      totalsWithReason.shape,
      totalsExtended.shape,
      totalsExtendedWithReasons.shape,
    ],
  },
  write(out, value) {
    const { extendedMode, ofdInn, reasons, reason } = value;
    if (extendedMode === undefined || ofdInn === undefined) {
      if (reason === undefined) totalsPlain.write(out, value);
      else totalsWithReason.write(out, { ...value, reason });
    } else if (reasons === undefined) {
      totalsExtended.write(out, { ...value, extendedMode, ofdInn });
    } else {
      totalsExtendedWithReasons.write(out, { ...value, extendedMode, ofdInn, reasons });
    }
  },
  read(from) {
    switch (from.left) {
      case 47:
        return totalsPlain.read(from);
      case 48:
        return totalsWithReason.read(from);
      case 60:
        return totalsExtended.read(from);
      case 64:
        return totalsExtendedWithReasons.read(from);
      default:
        throw malformed('Registration totals have an unknown length', { bytes: from.left });
    }
  },
};
