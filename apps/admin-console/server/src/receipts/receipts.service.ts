import { Inject, Injectable } from '@nestjs/common';
import { TaxStates } from '@kkt/operators';
import { maskContact } from '@kkt/security';
import { AuditStore, CallbackStore, DocumentStore, ReceiptHistoryStore, ReceiptStore } from '@kkt/storage';
import type { ReceiptInspection } from '@kkt/web-contract';
import {
  answerOf,
  briefOf,
  callbackView,
  documentView,
  messageView,
  moment,
  momentOrNull,
  placeOf,
  proofView,
  timelineOf,
} from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { VerdictDesk } from '../queues/verdict-desk';
import { auditView } from '../views';

const mostAttempts = 50;

/** A receipt seen by an engineer: everything that happened, nothing about the buyer. */
@Injectable()
export class ReceiptsService {
  private readonly taxStates: TaxStates;

  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(ReceiptStore) private readonly receipts: ReceiptStore,
    @Inject(ReceiptHistoryStore) private readonly history: ReceiptHistoryStore,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
    @Inject(CallbackStore) private readonly callbacks: CallbackStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(VerdictDesk) private readonly verdicts: VerdictDesk,
  ) {
    this.taxStates = new TaxStates(parts.clock);
  }

  async inspect(id: string): Promise<ReceiptInspection | undefined> {
    const [report, facts, intents, callback, journal, changes, verdict] = await Promise.all([
      this.receipts.report(id),
      this.history.facts(id),
      this.history.intents(id),
      this.history.callback(id),
      this.callbacks.journal(id, mostAttempts),
      this.audit.list({ limit: 20, object: { kind: 'receipt', id } }),
      this.verdicts.ofReceipt(id),
    ]);
    if (!report || !facts) return undefined;
    const key = report.proof;
    const [document, message] = key
      ? await Promise.all([
          this.documents.find(key.fnNumber, key.fdNumber),
          this.history.message(key.fnNumber, key.fdNumber),
        ])
      : [undefined, undefined];
    const parts = { report, intents, document, message, callback };
    const answer = answerOf(report, this.parts.clock.nowMs());
    const operatorPage = answer.payload?.ofd_receipt_url;
    return {
      receipt: {
        ...briefOf(parts, facts.registerId),
        api: report.api,
        clientName: facts.clientName,
        attempts: facts.attempts,
        priority: facts.priority,
        deadlineAt: moment(facts.deadlineAt),
        startedAt: momentOrNull(facts.startedAt),
        errorType: report.errorType,
        bodyHash: facts.bodyHash,
        callbackUrl: report.callbackUrl,
        callbackNote: report.callbackNote,
        place: facts.place && placeOf(facts.place),
      },
      timeline: timelineOf(parts),
      intents: intents.map((intent) => ({
        ...intent,
        createdAt: moment(intent.createdAt),
        resolvedAt: momentOrNull(intent.resolvedAt),
        doubtedAt: momentOrNull(intent.doubtedAt),
      })),
      document: document ? documentView(document, { mask: maskContact }) : null,
      proof: document ? proofView(document, report.content.sign) : null,
      verdict,
      tax:
        document?.confirmedAt && operatorPage !== undefined && URL.canParse(operatorPage)
          ? ((await this.taxStates.of(operatorPage, document)) ?? null)
          : null,
      message: message ? messageView(message) : null,
      callback: callback ? callbackView(callback) : null,
      callbackAttempts: (journal?.attempts ?? []).map((row) => ({ ...row, at: moment(row.at) })),
      changes: changes.map(auditView),
      content: masked(report.content),
      answer,
    };
  }
}

/** The buyer's data is the client's: an engineer sees that it is there, not what it is (152-FZ). */
function masked<T extends { client?: object }>(content: T): T {
  if (!content.client) return content;
  const client = Object.fromEntries(
    Object.entries(content.client).map(([key, value]) => [
      key,
      typeof value === 'string' ? maskContact(value) : value,
    ]),
  );
  return { ...content, client };
}
