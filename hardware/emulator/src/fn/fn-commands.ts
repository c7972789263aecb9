import { fnCommandByCode, WHOLE_REGISTRATION, DEBUG_RESET_CODE, type AnyFnCommand } from '@kkt/atol-protocol';
import { encodeTlv, type TlvNode } from '@kkt/ffd';
import { decodeTlv } from '@kkt/ffd';
import type { FfdVersion, SettlementSign } from '@kkt/contracts';
import { wallFromText, wallText, type WallMs } from '../wall-time';
import { archiveBody, archiveType, dateText, registrationTotals } from './archive-body';
import type { DocumentKind } from './document-kind';
import type { ArchivedDocument, FiscalDrive, MadeDocument } from './fiscal-drive';
import { MarkCheck } from './marking';
import { FN_CODE, FnRefusal } from './refusal';
import { currentRegistration } from './state';

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
  private reading: { tlvs: Buffer[] } | undefined;
  private readonly marking = new MarkCheck();

  constructor(
    readonly drive: FiscalDrive,
    private readonly host: FnHost,
  ) {}

  powerOn(): void {
    this.drive.powerOn();
    this.reading = undefined;
    this.marking.clear();
  }

  /** @throws FnRefusal, or FarmError `WIRE-MALFORMED` when the request does not fit its layout */
  execute(request: Buffer): Buffer {
    const row = fnCommandByCode(request[1] ?? 0);
    if (!row) throw new FnRefusal(FN_CODE.unknownCommand, 'unknown command');
    if (this.drive.condition.failed) throw new FnRefusal(FN_CODE.failure, 'FN is out of order');
    return this.dispatch(row, request);
  }

  private dispatch(row: AnyFnCommand, request: Buffer): Buffer {
    const { drive } = this;
    const { state } = drive;
    switch (row.name) {
      case 'startRegistration': {
        drive.start(registrationKind(row.decodeRequest(request).type), this.host.now(), 2);
        return row.encodeAnswer();
      }
      case 'startRegistrationFfd11': {
        const { type, ffdVersion } = row.decodeRequest(request);
        drive.start(registrationKind(type), this.host.now(), asFfd(ffdVersion));
        return row.encodeAnswer();
      }
      case 'finishRegistration': {
        const given = row.decodeRequest(request);
        const made = this.register({
          ...given,
          extMode: 0,
          ofdInn: '',
          reasons: REASON_MASK[given.reason ?? 0] ?? 0,
        });
        return row.encodeAnswer(signed(made));
      }
      case 'finishRegistrationFfd11': {
        const given = row.decodeRequest(request);
        return row.encodeAnswer(
          signed(this.register({ ...given, extMode: given.extendedMode, reasons: given.reasons ?? 0 })),
        );
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
      case 'shiftState':
        row.decodeRequest(request);
        return row.encodeAnswer({
          open: state.shift.open ? 1 : 0,
          shiftNumber: state.shift.number,
          receiptNumber: state.shift.receipts,
        });
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
        if (sign < 1 || sign > 4) throw new FnRefusal(FN_CODE.badParameter, 'settlement sign');
        this.host.complete(drive);
        const made = drive.finishReceipt(wallOrRefuse(at), sign as SettlementSign, totalKop);
        return row.encodeAnswer({ receiptNumber: made.receipt, ...signed(made) });
      }
      case 'finishSettlementsReport': {
        row.decodeRequest(request);
        this.host.complete(drive);
        const oldest = state.unsent[0];
        const unconfirmedCount = state.unsent.length;
        const made = drive.finishSettlement();
        return row.encodeAnswer({
          ...signed(made),
          unconfirmedCount,
          oldestUnconfirmed: oldest ? dateText(oldest.at) : null,
        });
      }
      case 'exchangeStatus':
      case 'setTransportState':
      case 'startMessage':
      case 'readMessageBlock':
      case 'cancelMessage':
      case 'finishMessage':
      case 'putConfirmation':
        return this.exchange(row, request);
      case 'fnStatus':
      case 'fnNumber':
      case 'validity':
      case 'fnVersion':
      case 'lastFnErrors':
      case 'ffdVersions':
      case 'daysLeft':
      case 'resources':
      case 'execution':
      case 'debugReset':
        return this.info(row, request);
      case 'findDocument':
      case 'operatorConfirmation':
      case 'unconfirmedCount':
      case 'registrationTotals':
      case 'registrationParameter':
      case 'openDocumentTlv':
      case 'readDocumentTlv':
      case 'readRegistrationTlv':
        return this.archive(row, request);
      default:
        return this.marking.execute(row, request);
    }
  }

  private register(given: {
    at: string;
    inn: string;
    registrationNumber: string;
    taxSystems: number;
    workMode: number;
    extMode: number;
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
      extMode: given.extMode,
      reasons: given.reasons,
    });
  }

  private exchange(
    row: Extract<
      AnyFnCommand,
      {
        name:
          | 'exchangeStatus'
          | 'setTransportState'
          | 'startMessage'
          | 'readMessageBlock'
          | 'cancelMessage'
          | 'finishMessage'
          | 'putConfirmation';
      }
    >,
    request: Buffer,
  ): Buffer {
    const { drive } = this;
    switch (row.name) {
      case 'exchangeStatus': {
        row.decodeRequest(request);
        const { unsent, confirmed } = drive.state;
        const { flags } = drive.exchange;
        const oldest = unsent[0];
        return row.encodeAnswer({
          flags: {
            transportUp: flags.transportUp,
            messageWaiting: unsent.length > 0,
            waitingConfirmation: flags.awaitingAnswer,
            operatorCommand: false,
            settingsChanged: false,
            waitingCommandReply: false,
          },
          reading: flags.reading ? 1 : 0,
          queued: Math.min(unsent.length, 0xffff),
          firstFdNumber: oldest ? confirmed + 1 : 0,
          firstAt: oldest ? wallText(oldest.at) : null,
        });
      }
      case 'setTransportState':
        drive.exchange.setTransport(row.decodeRequest(request).up !== 0);
        return row.encodeAnswer();
      case 'startMessage':
        row.decodeRequest(request);
        return row.encodeAnswer({ length: drive.exchange.begin() });
      case 'readMessageBlock': {
        const { offset, length } = row.decodeRequest(request);
        return row.encodeAnswer({ block: drive.exchange.readBlock(offset, length) });
      }
      case 'cancelMessage':
        row.decodeRequest(request);
        drive.exchange.cancel();
        return row.encodeAnswer();
      case 'finishMessage':
        row.decodeRequest(request);
        drive.exchange.finish();
        return row.encodeAnswer();
      case 'putConfirmation': {
        const { code } = drive.confirm(row.decodeRequest(request).confirmation, this.host.now());
        return row.encodeAnswer({ operatorCode: code, commands: Buffer.alloc(0) });
      }
    }
  }

  private info(
    row: Extract<
      AnyFnCommand,
      {
        name:
          | 'fnStatus'
          | 'fnNumber'
          | 'validity'
          | 'fnVersion'
          | 'lastFnErrors'
          | 'ffdVersions'
          | 'daysLeft'
          | 'resources'
          | 'execution'
          | 'debugReset';
      }
    >,
    request: Buffer,
  ): Buffer {
    const { drive } = this;
    const { state, model } = drive;
    switch (row.name) {
      case 'fnStatus': {
        row.decodeRequest(request);
        const warnings = drive.warnings(this.host.now());
        return row.encodeAnswer({
          phase: state.phase,
          currentDocument: drive.openDocumentCode,
          hasDocumentData: drive.openDocumentHasData ? 1 : 0,
          shiftOpen: state.shift.open ? 1 : 0,
          warnings: {
            replaceUrgently: (warnings & 0x01) !== 0,
            resourceEnding: (warnings & 0x02) !== 0,
            memoryNearlyFull: (warnings & 0x04) !== 0,
            confirmationOverdue: (warnings & 0x08) !== 0,
            controlFailed: (warnings & 0x10) !== 0,
            settingsNeeded: (warnings & 0x20) !== 0,
            operatorClosed: (warnings & 0x40) !== 0,
            critical: (warnings & 0x80) !== 0,
          },
          lastDocumentAt: state.lastFd > 0 ? wallText(state.lastAt) : null,
          fnNumber: state.fnNumber,
          lastFdNumber: state.lastFd,
        });
      }
      case 'fnNumber':
        row.decodeRequest(request);
        return row.encodeAnswer({ fnNumber: state.fnNumber });
      case 'validity':
        row.decodeRequest(request);
        return row.encodeAnswer({
          validTo: dateText(state.validUntil),
          registrationsLeft: drive.registrationsLeft,
          registrationsDone: state.registrations.length,
        });
      case 'fnVersion':
        row.decodeRequest(request);
        return row.encodeAnswer({ version: model.firmware, kind: model.serial ? 1 : 0 });
      case 'lastFnErrors':
        row.decodeRequest(request);
        return row.encodeAnswer({ record: Buffer.alloc(0) });
      case 'ffdVersions':
        row.decodeRequest(request);
        return row.encodeAnswer({ registered: drive.registration?.ffd ?? 0, supported: model.ffd });
      case 'daysLeft':
        return row.encodeAnswer({ days: drive.daysLeft(wallOrRefuse(row.decodeRequest(request).at)) });
      case 'resources': {
        row.decodeRequest(request);
        const unsentKib = Math.ceil(state.unsent.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
        return row.encodeAnswer({
          documentsLeft: drive.documentsLeft,
          freeKib: Math.max(0, model.unsentStoreKib - unsentKib),
          notificationsFillPercent: 0,
        });
      }
      case 'execution':
        row.decodeRequest(request);
        return row.encodeAnswer({ name: `${model.id}` });
      case 'debugReset':
        if (row.decodeRequest(request).code !== DEBUG_RESET_CODE) {
          throw new FnRefusal(FN_CODE.badParameter, 'unknown reset');
        }
        drive.resetMemory();
        return row.encodeAnswer();
    }
  }

  private archive(
    row: Extract<
      AnyFnCommand,
      {
        name:
          | 'findDocument'
          | 'operatorConfirmation'
          | 'unconfirmedCount'
          | 'registrationTotals'
          | 'registrationParameter'
          | 'openDocumentTlv'
          | 'readDocumentTlv'
          | 'readRegistrationTlv';
      }
    >,
    request: Buffer,
  ): Buffer {
    const { drive } = this;
    switch (row.name) {
      case 'findDocument': {
        const document = this.documentOrRefuse(row.decodeRequest(request).fdNumber);
        return row.encodeAnswer({
          type: archiveType(document),
          confirmed: document.confirmed ? 1 : 0,
          body: archiveBody(document, drive.state),
        });
      }
      case 'operatorConfirmation': {
        const { fdNumber } = row.decodeRequest(request);
        const receipt = drive.operatorReceipt(fdNumber);
        if (!receipt) throw new FnRefusal(FN_CODE.noData, `no operator's receipt for ${fdNumber}`);
        const operatorSign = Buffer.alloc(18);
        Buffer.from(receipt.operatorSign, 'hex').copy(operatorSign);
        return row.encodeAnswer({ at: wallText(receipt.at), operatorSign, fdNumber });
      }
      case 'unconfirmedCount':
        row.decodeRequest(request);
        return row.encodeAnswer({ count: Math.min(drive.state.unsent.length, 0xffff) });
      case 'registrationTotals': {
        const index = row.decodeRequest(request).registration ?? drive.state.registrations.length;
        const registration = drive.state.registrations[index - 1];
        if (!registration) throw new FnRefusal(FN_CODE.noData, `no registration ${index}`);
        return row.encodeAnswer(registrationTotals(registration, isForm1(drive, registration.fd)));
      }
      case 'registrationParameter': {
        const { registration: index, tag } = row.decodeRequest(request);
        const nodes = this.registrationNodes(index);
        if (tag === WHOLE_REGISTRATION) {
          this.reading = { tlvs: nodes.map((node) => encodeTlv([node])) };
          return row.encodeAnswer({ tlv: Buffer.alloc(0) });
        }
        const found = nodes.filter((node) => node.tag === tag);
        if (found.length === 0) throw new FnRefusal(FN_CODE.noData, `no tag ${tag}`);
        return row.encodeAnswer({ tlv: encodeTlv(found) });
      }
      case 'openDocumentTlv': {
        const { head, tlv } = this.documentOrRefuse(row.decodeRequest(request).fdNumber);
        this.reading = { tlvs: insideOf(tlv).map((node) => encodeTlv([node])) };
        return row.encodeAnswer({ form: head.form, length: tlv.length - 4 });
      }
      case 'readDocumentTlv':
      case 'readRegistrationTlv': {
        row.decodeRequest(request);
        const tlv = this.reading?.tlvs.shift();
        if (!tlv) {
          this.reading = undefined;
          throw new FnRefusal(FN_CODE.noData, 'document is read');
        }
        return row.encodeAnswer({ tlv });
      }
    }
  }

  private documentOrRefuse(fd: number): ArchivedDocument {
    const document = this.drive.document(fd);
    if (!document) throw new FnRefusal(FN_CODE.noData, `no document ${fd}`);
    return document;
  }

  private registrationNodes(index: number): TlvNode[] {
    const { registrations } = this.drive.state;
    const registration = index === 0 ? currentRegistration(this.drive.state) : registrations[index - 1];
    const document = registration && this.drive.document(registration.fd);
    if (!document) throw new FnRefusal(FN_CODE.noData, `no registration ${index}`);
    return insideOf(document.tlv);
  }
}

const isForm1 = (drive: FiscalDrive, fd: number): boolean => drive.document(fd)?.head.form === 1;

/** Requisites of a whole document, their values as bytes. */
function insideOf(tlv: Buffer): TlvNode[] {
  return decodeTlv(tlv.subarray(4), { raw: true });
}

const signed = (made: MadeDocument): { fdNumber: number; fiscalSign: number } => ({
  fdNumber: made.fd,
  fiscalSign: made.fiscalSign,
});

function registrationKind(type: number): DocumentKind {
  const kind = REGISTRATION_KINDS[type];
  if (!kind) throw new FnRefusal(FN_CODE.badParameter, 'kind of registration');
  return kind;
}

function asFfd(code: number): FfdVersion {
  if (code !== 2 && code !== 3 && code !== 4) throw new FnRefusal(FN_CODE.wrongFfd, 'unknown FFD');
  return code;
}

function wallOrRefuse(text: string): WallMs {
  const wall = wallFromText(text);
  if (wall === undefined) throw new FnRefusal(FN_CODE.badTime, 'no date and time');
  return wall;
}
