import { fnCommandByCode, type AnyFnCommand } from '@kkt/atol-protocol';
import type { FfdVersion, SettlementSign } from '@kkt/contracts';
import type { WallMs } from '../wall-time';
import { dateText } from './archive-body';
import { ArchiveReader, isArchive } from './commands/archive';
import { exchange, isExchange } from './commands/exchange';
import { info, isInfo } from './commands/info';
import { signed, wallOrRefuse } from './commands/rows';
import type { DocumentKind } from './document-kind';
import type { FiscalDrive, MadeDocument } from './fiscal-drive';
import { FN_CODE, FnRefusal } from './refusal';

const REGISTRATION_KINDS: readonly DocumentKind[] = ['registration', 'fnChange', 'reregistration'];
/** Tag 1101 to the mask of tag 1205. */
const REASON_MASK: Readonly<Record<number, number>> = { 1: 0x1, 2: 0x2, 3: 0x4, 4: 0x8000_0000 };

/** What the KKT around the FN gives: its clock and the requisites only it knows. */
export interface FnHost {
  now(): WallMs;
  /** Called before a document is finished: the KKT adds its own requisites to the open document. */
  complete(drive: FiscalDrive): void;
}

/**
 * The FN's command protocol (FNS KKT–FN protocol v1.1 and the FFD 1.2 additions) on top of a `FiscalDrive`.
 * Takes a request as command A4 carries it and gives the whole answer, `55 00 data`.
 */
export class FnCommands {
  private readonly archive: ArchiveReader;

  constructor(
    readonly drive: FiscalDrive,
    private readonly host: FnHost,
  ) {
    this.archive = new ArchiveReader(drive);
  }

  powerOn(): void {
    this.drive.powerOn();
    this.archive.reset();
  }

  /** @throws FnRefusal, or FarmError `WIRE-MALFORMED` when the request does not fit its layout */
  execute(request: Buffer): Buffer {
    const { drive } = this;
    const row = fnCommandByCode(request[1] ?? 0);
    if (!row) throw new FnRefusal(FN_CODE.unknownCommand, 'unknown command');
    if (drive.condition.failed) throw new FnRefusal(FN_CODE.failure, 'FN is out of order');
    if (isInfo(row)) return info(row, request, drive, this.host.now());
    if (isExchange(row)) return exchange(row, request, drive, this.host.now());
    if (isArchive(row)) return this.archive.execute(row, request);
    return this.makeDocument(row, request);
  }

  /** Commands 02–07, 11–19, A2, A3: begin a document, give it data, finish it. */
  private makeDocument(row: AnyFnCommand, request: Buffer): Buffer {
    const { drive } = this;
    switch (row.name) {
      case 'startRegistration':
        drive.start(registrationKind(row.decodeRequest(request).type), this.host.now(), 2);
        return row.encodeAnswer();
      case 'startRegistrationFfd11': {
        const { type, ffdVersion } = row.decodeRequest(request);
        drive.start(registrationKind(type), this.host.now(), asFfd(ffdVersion));
        return row.encodeAnswer();
      }
      case 'finishRegistration': {
        const given = row.decodeRequest(request);
        const reasons = REASON_MASK[given.reason ?? 0] ?? 0;
        return row.encodeAnswer(signed(this.register({ ...given, extendedMode: 0, ofdInn: '', reasons })));
      }
      case 'finishRegistrationFfd11': {
        const given = row.decodeRequest(request);
        return row.encodeAnswer(signed(this.register({ ...given, reasons: given.reasons ?? 0 })));
      }
      case 'startClosing':
        row.decodeRequest(request);
        drive.start('closing', this.host.now());
        return row.encodeAnswer();
      case 'finishClosing': {
        const { at, registrationNumber } = row.decodeRequest(request);
        this.host.complete(drive);
        return row.encodeAnswer(signed(drive.finishClosing(wallOrRefuse(at), registrationNumber)));
      }
      case 'cancelDocument':
        row.decodeRequest(request);
        drive.cancel();
        return row.encodeAnswer();
      case 'sendDocumentData':
        drive.addTlv(row.decodeRequest(request).tlv);
        return row.encodeAnswer();
      case 'shiftState': {
        row.decodeRequest(request);
        const { shift } = drive.state;
        return row.encodeAnswer({
          open: shift.open ? 1 : 0,
          shiftNumber: shift.number,
          receiptNumber: shift.receipts,
        });
      }
      case 'startShiftOpening':
        drive.start('shiftOpen', wallOrRefuse(row.decodeRequest(request).at));
        return row.encodeAnswer();
      case 'startShiftClosing':
        drive.start('shiftClose', wallOrRefuse(row.decodeRequest(request).at));
        return row.encodeAnswer();
      case 'startReceipt':
        drive.start('receipt', wallOrRefuse(row.decodeRequest(request).at));
        return row.encodeAnswer();
      case 'startCorrection':
        drive.start('correction', wallOrRefuse(row.decodeRequest(request).at));
        return row.encodeAnswer();
      case 'startSettlementsReport':
        drive.start('settlement', wallOrRefuse(row.decodeRequest(request).at));
        return row.encodeAnswer();
      case 'finishShiftOpening':
      case 'finishShiftClosing': {
        row.decodeRequest(request);
        this.host.complete(drive);
        const made = drive.finishShift();
        return row.encodeAnswer({ shiftNumber: made.shift, ...signed(made) });
      }
      case 'finishReceipt': {
        const { at, sign, totalKop } = row.decodeRequest(request);
        this.host.complete(drive);
        const made = drive.finishReceipt(wallOrRefuse(at), asSign(sign), totalKop);
        return row.encodeAnswer({ receiptNumber: made.receipt, ...signed(made) });
      }
      case 'finishSettlementsReport': {
        row.decodeRequest(request);
        this.host.complete(drive);
        const { oldest, length: unconfirmedCount } = drive.state.unsent;
        const made = drive.finishSettlement();
        return row.encodeAnswer({
          ...signed(made),
          unconfirmedCount,
          oldestUnconfirmed: oldest ? dateText(oldest.at) : null,
        });
      }
      default:
        return drive.marking.execute(row, request, this.host.now());
    }
  }

  private register(given: {
    at: string;
    inn: string;
    registrationNumber: string;
    taxSystems: number;
    workMode: number;
    extendedMode: number;
    ofdInn: string;
    reasons: number;
  }): MadeDocument {
    const { drive } = this;
    if (drive.open && !REGISTRATION_KINDS.includes(drive.open.kind)) {
      throw new FnRefusal(FN_CODE.wrongState, 'another document is open');
    }
    this.host.complete(drive);
    return drive.finishRegistration(wallOrRefuse(given.at), {
      inn: given.inn,
      rnm: given.registrationNumber,
      ofdInn: given.ofdInn,
      taxSystems: given.taxSystems,
      mode: given.workMode,
      extMode: given.extendedMode,
      reasons: given.reasons,
    });
  }
}

function registrationKind(type: number): DocumentKind {
  const kind = REGISTRATION_KINDS[type];
  if (!kind) throw new FnRefusal(FN_CODE.badParameter, 'kind of registration');
  return kind;
}

function asFfd(code: number): FfdVersion {
  if (code !== 2 && code !== 3 && code !== 4) throw new FnRefusal(FN_CODE.wrongFfd, 'unknown FFD');
  return code;
}

function asSign(sign: number): SettlementSign {
  if (sign !== 1 && sign !== 2 && sign !== 3 && sign !== 4) {
    throw new FnRefusal(FN_CODE.badParameter, 'settlement sign');
  }
  return sign;
}
