import { WHOLE_REGISTRATION } from '@kkt/atol-protocol';
import { decodeTlv, encodeTlv, type TlvNode } from '@kkt/ffd';
import { wallText } from '../../wall-time';
import { archiveBody, archiveType, registrationTotals } from '../archive-body';
import type { FiscalDrive } from '../fiscal-drive';
import { FN_CODE, FnRefusal } from '../refusal';
import { documentOrRefuse, rowsOf, type Row } from './rows';

export type ArchiveRow = Row<
  | 'findDocument'
  | 'operatorConfirmation'
  | 'unconfirmedCount'
  | 'registrationTotals'
  | 'registrationParameter'
  | 'openDocumentTlv'
  | 'readDocumentTlv'
  | 'readRegistrationTlv'
>;

export const isArchive = rowsOf(
  'findDocument',
  'operatorConfirmation',
  'unconfirmedCount',
  'registrationTotals',
  'registrationParameter',
  'openDocumentTlv',
  'readDocumentTlv',
  'readRegistrationTlv',
);

const OPERATOR_SIGN_BYTES = 18;
const MAX_U16 = 0xffff;
const DOCUMENT_HEADER_BYTES = 4;

/** Commands 40–47: reading what was registered. A document opened by 45 (44) is read TLV by TLV until code 08. */
export class ArchiveReader {
  private left: Buffer[] = [];

  constructor(private readonly drive: FiscalDrive) {}

  reset(): void {
    this.left = [];
  }

  execute(row: ArchiveRow, request: Buffer): Buffer {
    const { drive } = this;
    switch (row.name) {
      case 'findDocument': {
        const document = documentOrRefuse(drive, row.decodeRequest(request).fdNumber);
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
        const operatorSign = Buffer.alloc(OPERATOR_SIGN_BYTES);
        Buffer.from(receipt.operatorSign, 'hex').copy(operatorSign);
        return row.encodeAnswer({ at: wallText(receipt.at), operatorSign, fdNumber });
      }
      case 'unconfirmedCount':
        row.decodeRequest(request);
        return row.encodeAnswer({ count: Math.min(drive.state.unsent.length, MAX_U16) });
      case 'registrationTotals': {
        const { registrations } = drive.state;
        const index = row.decodeRequest(request).registration ?? registrations.length;
        const registration = registrations[index - 1];
        if (!registration) throw new FnRefusal(FN_CODE.noData, `no registration ${index}`);
        const first = drive.document(registration.fd)?.head.form === 1;
        return row.encodeAnswer(registrationTotals(registration, first));
      }
      case 'registrationParameter': {
        const { registration, tag } = row.decodeRequest(request);
        const nodes = this.registrationNodes(registration);
        if (tag === WHOLE_REGISTRATION) {
          this.left = nodes.map((node) => encodeTlv([node]));
          return row.encodeAnswer({ tlv: Buffer.alloc(0) });
        }
        const found = nodes.filter((node) => node.tag === tag);
        if (found.length === 0) throw new FnRefusal(FN_CODE.noData, `no tag ${tag}`);
        return row.encodeAnswer({ tlv: encodeTlv(found) });
      }
      case 'openDocumentTlv': {
        const { head, tlv } = documentOrRefuse(drive, row.decodeRequest(request).fdNumber);
        this.left = insideOf(tlv).map((node) => encodeTlv([node]));
        return row.encodeAnswer({ form: head.form, length: tlv.length - DOCUMENT_HEADER_BYTES });
      }
      case 'readDocumentTlv':
      case 'readRegistrationTlv': {
        row.decodeRequest(request);
        const tlv = this.left.shift();
        if (!tlv) throw new FnRefusal(FN_CODE.noData, 'document is read');
        return row.encodeAnswer({ tlv });
      }
    }
  }

  /** Requisites of a registration report; number 0 means the last one. */
  private registrationNodes(index: number): TlvNode[] {
    const { registrations } = this.drive.state;
    const registration = index === 0 ? registrations.at(-1) : registrations[index - 1];
    const document = registration && this.drive.document(registration.fd);
    if (!document) throw new FnRefusal(FN_CODE.noData, `no registration ${index}`);
    return insideOf(document.tlv);
  }
}

/** Requisites of a whole document, their values as bytes. */
const insideOf = (tlv: Buffer): TlvNode[] => decodeTlv(tlv.subarray(DOCUMENT_HEADER_BYTES), { raw: true });
