import { Inject, Injectable } from '@nestjs/common';
import { maskContact } from '@kkt/security';
import { DocumentStore, ReceiptHistoryStore, ReceiptStore } from '@kkt/storage';
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
  timelineOf,
} from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';

/** A receipt seen by an engineer: everything that happened, nothing about the buyer. */
@Injectable()
export class ReceiptsService {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(ReceiptStore) private readonly receipts: ReceiptStore,
    @Inject(ReceiptHistoryStore) private readonly history: ReceiptHistoryStore,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
  ) {}

  async inspect(id: string): Promise<ReceiptInspection | undefined> {
    const [report, facts, intents, callback] = await Promise.all([
      this.receipts.report(id),
      this.history.facts(id),
      this.history.intents(id),
      this.history.callback(id),
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
      })),
      document: document ? documentView(document, { mask: maskContact }) : null,
      message: message ? messageView(message) : null,
      callback: callback ? callbackView(callback) : null,
      content: masked(report.content),
      answer: answerOf(report, this.parts.clock.nowMs()),
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
