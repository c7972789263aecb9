import { decodeArchiveDocument, deviceErrorCode, fnCommand, type ArchiveDocument } from '@kkt/atol-protocol';
import { FarmError, type FiscalProof, type SettlementSign } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import type { DocumentRecord } from '../../device';
import { isRefusedWith } from './atol.errors';
import type { TaskRequest } from '../../exchange/task';
import type { TaskOutcome } from '../../exchange/command-channel';
import type { AnswerOf, AtolSession } from './atol.session';
import { withSeconds } from './reader';
import { takeAll } from './take-all';

const NO_DATA = deviceErrorCode('fnNoData');
/** Commands under way at once: no more than a window of the link, so that they leave in one write. */
const AT_ONCE = 8;

interface Found {
  record: DocumentRecord;
  /** The inside of the document; absent when the FN keeps it no longer. */
  text?: { form: number; tlv: Buffer };
}

const find = fnCommand('findDocument');
const open = fnCommand('openDocumentTlv');
const next = fnCommand('readDocumentTlv');

/** Documents of the FN archive: the proof of what was registered. */
export class ArchiveReader {
  constructor(private readonly session: AtolSession) {}

  /** The short record alone. */
  record(fdNumber: number): Promise<DocumentRecord | undefined> {
    return this.unlessMissing(async () =>
      this.recordFrom(fdNumber, await this.session.ask(find, { fdNumber })),
    );
  }

  /** The command of `record`, for a series. */
  recordTask(fdNumber: number): TaskRequest {
    return this.session.taskOf(find, { fdNumber });
  }

  /** What `recordTask` came to. */
  recordBy(fdNumber: number, outcome: TaskOutcome): Promise<DocumentRecord | undefined> {
    return this.unlessMissing(async () =>
      this.recordFrom(fdNumber, await this.session.dataOf(find, outcome)),
    );
  }

  async document(fdNumber: number): Promise<FiscalProof | undefined> {
    const found = (await this.readAtOnce(fdNumber)) ?? (await this.readOneByOne(fdNumber));
    if (found === 'none') return undefined;
    const { record, text } = found;
    const { fiscalSign, at, shiftNumber, totalKop } = record;
    if (!text) {
      const { fnNumber } = await this.session.ask(fnCommand('fnNumber'));
      return { fnNumber, fdNumber, fiscalSign, form: record.form, at, shiftNumber, totalKop, tlvHex: '' };
    }
    const parsed = parseDocument(text.tlv, text.form);
    return {
      fnNumber: parsed.fnNumber ?? '',
      fdNumber,
      fiscalSign,
      form: text.form,
      // The record has minutes; the document itself may be finer.
      at: parsed.at ?? at,
      shiftNumber: parsed.shiftNumber ?? shiftNumber,
      receiptNumber: parsed.receiptNumber,
      totalKop: parsed.totalKop ?? totalKop,
      tlvHex: text.tlv.toString('hex'),
    };
  }

  /**
   * Finds, opens and reads with several commands under way: the requisites come one to a command (46), two or three dozen
   * for a receipt. Undefined when the line was not quiet, so that their order is not proved.
   */
  private async readAtOnce(fdNumber: number): Promise<Found | 'none' | undefined> {
    const { session } = this;
    const read = session.taskOf(next);
    const reads = (count: number): TaskRequest[] => Array.from({ length: count }, () => read);
    const first = await takeAll(session, [
      this.recordTask(fdNumber),
      session.taskOf(open, { fdNumber }),
      ...reads(AT_ONCE - 2),
    ]);
    const [foundBy, openedBy, ...rest] = first ?? [];
    if (!foundBy || !openedBy) return undefined;
    const record = await this.recordBy(fdNumber, foundBy);
    if (!record) return 'none';
    const opened = await this.unlessMissing(() => session.dataOf(open, openedBy));
    if (!opened) return { record };
    const parts: Buffer[] = [];
    let left = opened.length;
    let outcomes: TaskOutcome[] | undefined = rest;
    while (left > 0) {
      outcomes = outcomes.length > 0 ? outcomes : await takeAll(session, reads(AT_ONCE));
      const outcome = outcomes?.shift();
      // The document ended before its length did: read it again the plain way.
      if (!outcomes || !outcome || outcome.refused) return undefined;
      const { tlv } = session.decode(next, outcome.answer);
      parts.push(tlv);
      left -= tlv.length;
    }
    return left === 0 ? { record, text: { form: opened.form, tlv: Buffer.concat(parts) } } : undefined;
  }

  private async readOneByOne(fdNumber: number): Promise<Found | 'none'> {
    const { session } = this;
    const record = await this.record(fdNumber);
    if (!record) return 'none';
    const opened = await this.unlessMissing(() => session.ask(open, { fdNumber }));
    if (!opened) return { record };
    const parts: Buffer[] = [];
    for (;;) {
      const part = await this.unlessMissing(() => session.ask(next));
      if (!part) return { record, text: { form: opened.form, tlv: Buffer.concat(parts) } };
      parts.push(part.tlv);
    }
  }

  /** Undefined instead of the refusal "no such data". */
  private async unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isRefusedWith(error, NO_DATA)) return undefined;
      throw error;
    }
  }

  private recordFrom(fdNumber: number, { type, confirmed, body }: AnswerOf<typeof find>): DocumentRecord {
    const document = decodeArchiveDocument(type, body);
    if (document.fdNumber === fdNumber) return recordOf(document, confirmed !== 0);
    throw new FarmError('WIRE-MALFORMED', 'The archive gave another document than was asked for', {
      wire: this.session.wireName,
      asked: fdNumber,
      got: document.fdNumber,
    });
  }
}

function recordOf(document: ArchiveDocument, delivered: boolean): DocumentRecord {
  const { fdNumber, fiscalSign, type, at } = document;
  return {
    fdNumber,
    fiscalSign,
    type,
    form: FORM_OF_TYPE[type] ?? 0,
    at: withSeconds(at),
    delivered,
    ...(document.kind === 'receipt'
      ? { sign: document.sign as SettlementSign, totalKop: document.totalKop }
      : {}),
    ...(document.kind === 'shift' ? { shiftNumber: document.shiftNumber } : {}),
  };
}

/** Form of a document (FFD) by its type in the archive. */
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
