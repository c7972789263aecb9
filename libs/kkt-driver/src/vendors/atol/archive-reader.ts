import { decodeArchiveDocument, deviceErrorCode, fnCommand, type ArchiveDocument } from '@kkt/atol-protocol';
import { FarmError, type FiscalProof, type SettlementSign } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import type { DocumentRecord } from '../../device';
import { isRefusedWith } from './atol.errors';
import type { AtolSession } from './atol.session';
import { withSeconds } from './reader';

const NO_DATA = deviceErrorCode('fnNoData');
/** Commands 46 under way at once: their answers are kept in the device until the lot is taken. */
const READS_AT_ONCE = 10;
/** A requisite of a receipt takes about as much with its header; only a guess at how many there are. */
const USUAL_TLV_BYTES = 14;

interface Found {
  record: DocumentRecord;
  fnNumber: string;
}

/** Documents of the FN archive: the proof of what was registered. */
export class ArchiveReader {
  constructor(private readonly session: AtolSession) {}

  async record(fdNumber: number): Promise<DocumentRecord | undefined> {
    return (await this.find(fdNumber))?.record;
  }

  async document(fdNumber: number): Promise<FiscalProof | undefined> {
    const found = await this.find(fdNumber);
    if (!found) return undefined;
    const { record } = found;
    const text = await this.text(fdNumber);
    const fromRecord = {
      fnNumber: found.fnNumber,
      fdNumber: record.fdNumber,
      fiscalSign: record.fiscalSign,
      at: record.at,
      shiftNumber: record.shiftNumber,
      totalKop: record.totalKop,
    };
    if (!text) return { ...fromRecord, form: FORM_OF_TYPE[record.type] ?? 0, tlvHex: '' };
    const parsed = parseDocument(text.tlv, text.form);
    return {
      ...fromRecord,
      // The record has minutes; the document itself may be finer.
      at: parsed.at ?? record.at,
      fnNumber: parsed.fnNumber ?? found.fnNumber,
      form: text.form,
      shiftNumber: parsed.shiftNumber ?? record.shiftNumber,
      receiptNumber: parsed.receiptNumber,
      totalKop: parsed.totalKop ?? record.totalKop,
      tlvHex: text.tlv.toString('hex'),
    };
  }

  private async find(fdNumber: number): Promise<Found | undefined> {
    try {
      const { type, confirmed, body } = await this.session.ask(fnCommand('findDocument'), { fdNumber });
      const document = decodeArchiveDocument(type, body);
      if (document.fdNumber !== fdNumber) throw this.foreign(fdNumber, document.fdNumber);
      const { fnNumber } = await this.session.ask(fnCommand('fnNumber'));
      return { fnNumber, record: recordOf(document, confirmed !== 0) };
    } catch (error) {
      if (isRefusedWith(error, NO_DATA)) return undefined;
      throw error;
    }
  }

  /** The inside of the document; undefined when the FN keeps it no longer. */
  private async text(fdNumber: number): Promise<{ form: number; tlv: Buffer } | undefined> {
    let opened: { form: number; length: number };
    try {
      opened = await this.session.ask(fnCommand('openDocumentTlv'), { fdNumber });
    } catch (error) {
      if (isRefusedWith(error, NO_DATA)) return undefined;
      throw error;
    }
    const atOnce = await this.readAtOnce(opened.length);
    if (atOnce) return { form: opened.form, tlv: atOnce };
    opened = await this.session.ask(fnCommand('openDocumentTlv'), { fdNumber });
    return { form: opened.form, tlv: await this.readOneByOne() };
  }

  /** Several reads under way; undefined when the line was not quiet, so that their order is not proved. */
  private async readAtOnce(length: number): Promise<Buffer | undefined> {
    const { channel } = this.session;
    const row = fnCommand('readDocumentTlv');
    const parts: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const count = Math.min(READS_AT_ONCE, Math.ceil(left / USUAL_TLV_BYTES));
      const end = await channel.runForAll(Array.from({ length: count }, () => this.session.taskOf(row)));
      await channel.abort();
      if (end.kind !== 'done') return undefined;
      for (const { answer, refused } of end.outcomes) {
        if (left === 0) break;
        // The document ended before its length did: read it again the plain way.
        if (refused) return undefined;
        const { tlv } = this.session.decode(row, answer);
        parts.push(tlv);
        left -= tlv.length;
      }
    }
    return left === 0 ? Buffer.concat(parts) : undefined;
  }

  private async readOneByOne(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (;;) {
      try {
        parts.push((await this.session.ask(fnCommand('readDocumentTlv'))).tlv);
      } catch (error) {
        if (isRefusedWith(error, NO_DATA)) return Buffer.concat(parts);
        throw error;
      }
    }
  }

  private foreign(asked: number, got: number): FarmError {
    return new FarmError('WIRE-MALFORMED', 'The archive gave another document than was asked for', {
      wire: this.session.wireName,
      asked,
      got,
    });
  }
}

function recordOf(document: ArchiveDocument, delivered: boolean): DocumentRecord {
  const { fdNumber, fiscalSign, type, at } = document;
  return {
    fdNumber,
    fiscalSign,
    type,
    at: withSeconds(at),
    delivered,
    ...(document.kind === 'receipt'
      ? { sign: document.sign as SettlementSign, totalKop: document.totalKop }
      : {}),
    ...(document.kind === 'shift' ? { shiftNumber: document.shiftNumber } : {}),
  };
}

/** Form of a document (FFD) by its type in the archive, for documents whose text is gone. */
const FORM_OF_TYPE: Readonly<Record<number, number>> = {
  0x01: 1,
  0x02: 2,
  0x04: 3,
  0x08: 5,
  0x10: 6,
  0x11: 4,
  0x12: 11,
  0x13: 11,
  0x14: 31,
  0x15: 41,
  0x17: 21,
};
