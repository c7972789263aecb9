import { Inject, Injectable } from '@nestjs/common';
import { toString as qrToString } from 'qrcode';
import { buildQr } from '@kkt/ffd';
import { TaxStates } from '@kkt/operators';
import { receiptLink } from '@kkt/security';
import {
  ApiReceiptStore,
  CabinetReadStore,
  type ClientSight,
  DocumentStore,
  ReceiptHistoryStore,
  type ReceiptReport,
  ReceiptStore,
  type StoredDocument,
} from '@kkt/storage';
import type { ClientReceipt, LinkedReceipt, TaxStateView } from '@kkt/web-contract';
import { answerOf, briefOf, callbackView, documentTree, timelineOf } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { maskContacts } from './mask';
import { paperOf } from './paper';

/** A client's receipts. What is another client's does not exist here. */
@Injectable()
export class ReceiptsService {
  private readonly taxStates: TaxStates;
  private readonly derived: ApiReceiptStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(ReceiptStore) private readonly receipts: ReceiptStore,
    @Inject(ReceiptHistoryStore) private readonly history: ReceiptHistoryStore,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.taxStates = new TaxStates(parts.clock);
    this.derived = new ApiReceiptStore(parts.database);
  }

  /** Buyers' contacts are masked unless the reader may see them. */
  async read(sight: ClientSight, id: string, withContacts: boolean): Promise<ClientReceipt | undefined> {
    const own = await this.own(sight, id);
    if (!own) return undefined;
    const { report, document } = own;
    const [intents, callback, facts, message, linked, taken] = await Promise.all([
      this.history.intents(id),
      this.history.callback(id),
      this.history.facts(id),
      document && this.history.message(document.fnNumber, document.fdNumber),
      this.linked(id),
      this.derived.takenOf(id),
    ]);
    const parts = { report, intents, document, message, callback };
    const answer = answerOf(report, this.parts.clock.nowMs());
    const url = answer.payload?.ofd_receipt_url;
    const view: ClientReceipt = {
      receipt: {
        ...briefOf(parts, facts?.registerId ?? null),
        api: report.api,
        errorType: report.errorType,
        callbackUrl: report.callbackUrl,
        callbackNote: report.callbackNote,
      },
      timeline: timelineOf(parts).map(clientEvent),
      paper: (document && paperOf(document)) ?? null,
      tags: document && document.tlv.length > 0 ? documentTree(document.tlv) : null,
      operatorPage: url === undefined ? null : { name: facts?.groupOfdName ?? '', url },
      callback: callback ? callbackView(callback) : null,
      linked,
      tax: document?.confirmedAt && url !== undefined ? await this.taxOf(url, document) : null,
      shareUrl: document ? receiptLink(this.parts.apiUrl, this.parts.secretKey, document) : null,
      returnedKop: taken.takenKop.reduce((sum, kop) => sum + kop, 0),
      content: report.content,
      answer,
    };
    return withContacts ? view : maskContacts(view, report.content);
  }

  /** The QR code of a registered receipt (tag 1196) as SVG. */
  async qr(sight: ClientSight, id: string): Promise<string | undefined> {
    const own = await this.own(sight, id);
    const paper = own?.document && paperOf(own.document);
    if (!paper) return undefined;
    return qrToString(buildQr(paper), { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
  }

  /** The document of a receipt in sight. */
  async document(sight: ClientSight, id: string): Promise<StoredDocument | undefined> {
    return (await this.own(sight, id))?.document;
  }

  private async linked(id: string): Promise<LinkedReceipt[]> {
    const family = await this.derived.family(id);
    const found = await Promise.all(
      family.map(async ({ receiptId, originalId, kind }): Promise<LinkedReceipt | undefined> => {
        const isOriginal = receiptId === id;
        const report = await this.receipts.report(isOriginal ? originalId : receiptId);
        return (
          report && {
            id: report.id,
            externalId: report.externalId,
            operation: report.operation,
            state: report.state,
            totalKop: report.totalKop,
            link: isOriginal ? 'original' : kind,
          }
        );
      }),
    );
    return found.filter((one) => one !== undefined);
  }

  /** The operator's word; those who tell nothing are not waited for. */
  private async taxOf(operatorPage: string, document: StoredDocument): Promise<TaxStateView | null> {
    if (!URL.canParse(operatorPage)) return null;
    return (await this.taxStates.of(operatorPage, document)) ?? null;
  }

  private async own(
    sight: ClientSight,
    id: string,
  ): Promise<{ report: ReceiptReport; document: StoredDocument | undefined } | undefined> {
    const report = await this.receipts.report(id);
    if (!report || !(await this.cabinet.seesReceipt(sight, id))) return undefined;
    const key = report.proof;
    return {
      report,
      document: key
        ? await this.documents.find(key.fnNumber, key.fdNumber, sight.clientId, sight.groupIds)
        : undefined,
    };
  }
}

/** Fences and leases are the farm's own business. */
const clientEvent = (event: ClientReceipt['timeline'][number]): ClientReceipt['timeline'][number] => {
  const { fence: _fence, ...facts } = event.facts;
  return { ...event, facts };
};
