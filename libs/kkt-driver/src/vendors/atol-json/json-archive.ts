import { DOCUMENT_BY_WORD } from '@kkt/atol-protocol';
import { FarmError, type FiscalProof, type SettlementSign } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import type { DocumentRecord } from '../../device';
import { flagAt, kopAt, momentAt, numberAt, objectAt, textAt, type JsonObject } from './fields';
import { DRIVER_ERROR, isRefusedByDriver } from './json.errors';
import type { JsonSession } from './json.session';

/** Tag 1077 in hex has two bytes in front of the sign as printed. */
const SIGN_HEX_DIGITS = 8;

/** Documents of the FN archive by getFnDocument. Its shape: the driver's own script of the task. */
export class JsonArchive {
  constructor(private readonly session: JsonSession) {}

  async document(fdNumber: number): Promise<FiscalProof | undefined> {
    const whole = await this.read(fdNumber, true);
    if (!whole) return this.shortProof(fdNumber);
    const words = objectAt(whole, 'documentTLV');
    const tlv = Buffer.from(textAt(whole, 'rawData'), 'base64');
    const { form } = typeOf(words);
    const parsed = parseDocument(tlv, form);
    this.assertAsked(fdNumber, parsed.fdNumber);
    return {
      fnNumber: parsed.fnNumber ?? '',
      fdNumber,
      fiscalSign: parsed.fiscalSign ?? signOf(words),
      form,
      at: parsed.at ?? momentAt(words, '1012'),
      shiftNumber: parsed.shiftNumber,
      receiptNumber: parsed.receiptNumber,
      totalKop: parsed.totalKop,
      tlvHex: tlv.toString('hex'),
    };
  }

  async record(fdNumber: number): Promise<DocumentRecord | undefined> {
    const found = await this.read(fdNumber, false);
    if (!found) return undefined;
    const words = objectAt(found, 'documentTLV');
    this.assertAsked(fdNumber, numberAt(words, '1040'));
    const { form, type } = typeOf(words);
    const isReceipt = words['1054'] !== undefined;
    return {
      fdNumber,
      fiscalSign: signOf(words),
      type,
      form,
      at: momentAt(words, '1012'),
      delivered: await this.isDelivered(fdNumber),
      ...(isReceipt ? { sign: numberAt(words, '1054') as SettlementSign } : {}),
      // Of a document whose text is gone the driver gives the total in whole roubles only: worse than none.
      ...(isReceipt && !flagAt(words, 'short') ? { totalKop: kopAt(words, '1020') } : {}),
      ...(form === 2 || form === 5 ? { shiftNumber: numberAt(words, '1038') } : {}),
    };
  }

  /** Moment of a document; undefined when the FN has none of that number. */
  async momentOf(fdNumber: number): Promise<string | undefined> {
    const found = await this.read(fdNumber, false);
    return found && momentAt(objectAt(found, 'documentTLV'), '1012');
  }

  /** The FN has erased the text and keeps the short record, or has no such document. */
  private async shortProof(fdNumber: number): Promise<FiscalProof | undefined> {
    const record = await this.record(fdNumber);
    if (!record) return undefined;
    const info = objectAt(await this.session.ask({ type: 'getFnInfo' }), 'fnInfo');
    const { fiscalSign, form, at, shiftNumber, totalKop } = record;
    const fnNumber = textAt(info, 'serial');
    return { fnNumber, fdNumber, fiscalSign, form, at, shiftNumber, totalKop, tlvHex: '' };
  }

  /** Documents go to the operator in their order: what is before the first unsent one is delivered. */
  private async isDelivered(fdNumber: number): Promise<boolean> {
    const status = objectAt(await this.session.ask({ type: 'ofdExchangeStatus' }), 'status');
    return numberAt(status, 'notSentCount') === 0 || fdNumber < numberAt(status, 'notSentFirstDocNumber');
  }

  private async read(fdNumber: number, withRawData: boolean): Promise<JsonObject | undefined> {
    try {
      return await this.session.ask({
        type: 'getFnDocument',
        fiscalDocumentNumber: fdNumber,
        withRawData,
      });
    } catch (error) {
      if (isRefusedByDriver(error, DRIVER_ERROR.fnNoData, DRIVER_ERROR.noMoreData)) return undefined;
      throw error;
    }
  }

  private assertAsked(asked: number, got: number | undefined): void {
    if (got === asked) return;
    throw new FarmError('WIRE-MALFORMED', 'The archive gave another document than was asked for', {
      wire: this.session.wireName,
      asked,
      got,
    });
  }
}

function typeOf(words: JsonObject): { form: number; type: number } {
  const name = textAt(words, 'fiscalDocumentType');
  const known = DOCUMENT_BY_WORD[name];
  if (known) return known;
  throw new FarmError('WIRE-MALFORMED', 'The archive gave a document of an unknown type', { type: name });
}

function signOf(words: JsonObject): number {
  const hex = textAt(words, '1077');
  return parseInt(hex.slice(-SIGN_HEX_DIGITS), 16);
}
