import { FarmError, type Clock, type Log } from '@kkt/contracts';
import { GroupCommit, isDatabaseAway, type Database, type Sql } from '@kkt/storage';
import type { AnswerName, OfdMessage } from '@kkt/ofd-protocol';
import {
  findStored,
  insertDocuments,
  lockDrives,
  noteRefusals,
  type AcceptedDocument,
  type LockedDrive,
  type NotedRefusal,
  type StoredDocument,
} from '../storage/document-writer';
import type { AnswerMaker } from './answers';
import { decide } from './decide';
import { hasContainer, readIncoming, type IncomingDocument } from './incoming-document';

/** What became of one message. */
export interface IntakeResult {
  outcome: 'accepted' | 'repeated' | 'refused' | 'link-check';
  refusal?: AnswerName;
  /** The whole session message to send. */
  answer: Buffer;
}

export interface IntakeOptions {
  database: Database;
  answers: AnswerMaker;
  clock: Clock;
  log: Log;
  /** Called after each commit that stored something. */
  onStored?: (documents: number) => void;
  maxBatch?: number;
}

type Settled =
  | { kind: 'confirmed'; repeated: boolean; confirmation: Buffer }
  | { kind: 'refused'; answer: AnswerName; reason: string };

/**
 * The operator's door for documents. A document is stored, raw and decoded, before its confirmation leaves; documents
 * that arrive together share one transaction.
 */
export class Intake {
  private readonly writer: GroupCommit<IncomingDocument, Settled>;
  private readonly writing = new Set<Promise<Settled>>();

  constructor(private readonly options: IntakeOptions) {
    this.writer = new GroupCommit((batch) => this.flush(batch), options.maxBatch ?? 256);
  }

  /** Documents read and not yet committed. */
  get waitingDocuments(): number {
    return this.writing.size;
  }

  async handle(message: OfdMessage): Promise<IntakeResult> {
    const { answers, log } = this.options;
    const { header } = message;
    if (!hasContainer(message)) return { outcome: 'link-check', answer: answers.linkAlive(header) };
    const { container } = message;
    const key = { fnNumber: container.fnNumber, fdNumber: container.fdNumber };
    const refusal = (answer: AnswerName, reason: string): IntakeResult => {
      log[answer === 'conflict' ? 'error' : 'warn']({ ...key, answer, reason }, 'document refused');
      return {
        outcome: 'refused',
        refusal: answer,
        answer: answers.wrap(header, answers.refuse(header, key, answer)),
      };
    };

    const read = readIncoming(header, container);
    if (!read.ok) return refusal(read.reason.refusal, read.reason.error.message);
    const settled = await this.write(read.document);
    if (settled.kind === 'refused') return refusal(settled.answer, settled.reason);
    return {
      outcome: settled.repeated ? 'repeated' : 'accepted',
      answer: answers.wrap(header, settled.confirmation),
    };
  }

  /** Resolves when everything taken so far is written. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.writing);
  }

  private async write(document: IncomingDocument): Promise<Settled> {
    const written = this.writer.add(document);
    this.writing.add(written);
    try {
      return await written;
    } finally {
      this.writing.delete(written);
    }
  }

  private async flush(batch: IncomingDocument[]): Promise<Settled[]> {
    const { database, log } = this.options;
    try {
      const settled = await database.transaction((sql) => this.settle(sql, batch));
      const stored = settled.filter((entry) => entry.kind === 'confirmed' && !entry.repeated).length;
      if (stored > 0) this.options.onStored?.(stored);
      return settled;
    } catch (error) {
      const reason = (error as Error).message;
      // One document the database cannot hold must not stop those that share its transaction.
      if (batch.length > 1 && !isDatabaseAway(error)) {
        const settled: Settled[] = [];
        for (const document of batch) settled.push(...(await this.flush([document])));
        return settled;
      }
      log.error(
        { err: reason, documents: batch.length, fnNumber: batch[0]?.fnNumber },
        'documents were not stored',
      );
      return batch.map(() => ({
        kind: 'refused',
        answer: 'tryLater',
        reason: 'The operator cannot store now',
      }));
    }
  }

  private async settle(sql: Sql, batch: IncomingDocument[]): Promise<Settled[]> {
    const now = new Date(this.options.clock.nowMs());
    const drives = await lockDrives(sql, [...new Set(batch.map((document) => document.fnNumber))]);
    const seenBefore = batch.filter(
      ({ fnNumber, fdNumber }) => fdNumber <= (drives.get(fnNumber)?.lastFd ?? -1),
    );
    const stored = new Map((await findStored(sql, seenBefore)).map((row) => [keyOf(row), row]));

    const accepted: AcceptedDocument[] = [];
    const refusals: NotedRefusal[] = [];
    const settled = batch.map((incoming): Settled => {
      const drive = drives.get(incoming.fnNumber);
      const twin = stored.get(keyOf(incoming));
      const verdict = decide(
        {
          fdNumber: incoming.fdNumber,
          form: incoming.form,
          rnm: incoming.document.rnm,
          inn: incoming.document.inn,
          changesOperator: incoming.changesOperator,
          hasViolations: incoming.violations.length > 0,
        },
        drive,
        !twin ? 'none' : twin.tlv.equals(incoming.tlv) ? 'same' : 'other',
      );
      if (verdict.kind === 'refuse') {
        if (drive)
          refusals.push({ fnNumber: incoming.fnNumber, reason: `${verdict.answer}: ${verdict.reason}` });
        return { kind: 'refused', answer: verdict.answer, reason: verdict.reason };
      }
      if (verdict.kind === 'repeat') {
        return { kind: 'confirmed', repeated: true, confirmation: confirmationOf(twin) };
      }
      const confirmation = this.options.answers.confirm(incoming, verdict.code);
      accepted.push({ incoming, drive: moveOn(drive, incoming), confirmation });
      stored.set(keyOf(incoming), { ...incoming, confirmation });
      return { kind: 'confirmed', repeated: false, confirmation };
    });

    await insertDocuments(sql, accepted, now);
    await noteRefusals(sql, refusals, now);
    return settled;
  }
}

const keyOf = ({ fnNumber, fdNumber }: { fnNumber: string; fdNumber: number }): string =>
  `${fnNumber}/${fdNumber}`;

function confirmationOf(twin: StoredDocument | undefined): Buffer {
  if (!twin) throw new FarmError('SYS-OFD-INTAKE', 'A repeated document was not looked up');
  return twin.confirmation;
}

/** The chain as the next document of the same batch must see it. */
function moveOn(drive: LockedDrive | undefined, incoming: IncomingDocument): LockedDrive {
  if (!drive) throw new FarmError('SYS-OFD-INTAKE', 'A document was accepted without its FN');
  drive.lastFd = incoming.fdNumber;
  drive.closed ||= incoming.form === 6;
  return drive;
}
