import { buildContainer } from '@kkt/ofd-protocol';
import { TAG, type TlvNode } from '@kkt/ffd';
import type { Clock, FfdVersion, SettlementSign } from '@kkt/contracts';
import type { FnModel } from '../catalog/fn-model';
import { DAY_MS, toDay, toMinute, wallFromText, type WallMs } from '../wall-time';
import {
  closingNodes,
  compose,
  FN_ONLY_TAGS,
  registrationNodes,
  settlementNodes,
  shiftCloseNodes,
  shiftOpenNodes,
} from './compose';
import { DOCUMENT_KINDS, type DocumentKind } from './document-kind';
import { FiscalSigner } from './fiscal-sign';
import { daysLeft, validUntil } from './limits';
import { MarkingSide } from './marking-side';
import type { FnMemory, StoredRecord } from './memory';
import {
  readNodes,
  unregistered,
  type ArchivedDocument,
  type MadeDocument,
  type OpenDocument,
  type OperatorReceipt,
  type RegistrationParameters,
} from './open-document';
import { OfdExchange, type OutgoingMessage } from './ofd-exchange';
import { FN_CODE, FnRefusal } from './refusal';
import { assertAllowed, capacityOf, warningsOf, type FnCondition } from './rules';
import {
  applyRecord,
  currentRegistration,
  initialState,
  type DocumentRecord,
  type FnRecord,
  type FnState,
  type Registration,
} from './state';
import { totalsDelta } from './totals';

export type { ArchivedDocument, MadeDocument, OperatorReceipt, RegistrationParameters };

/** Command 07 takes 1 KiB at a time; the four bytes let the longest item (1059) through whole. */
const MAX_TLV_PORTION = 1024 + 4;

/**
 * A fiscal drive: takes requisites, checks its rules, signs, numbers and keeps documents, gives them to the operator
 * in order. Knows nothing of bytes on a wire; `fn-commands` speaks its protocol.
 *
 * A document exists from the one `append` in `commit`: there its number is taken, and nothing before it leaves a trace.
 * Methods throw `FnRefusal`; a refusal changes nothing but the open document, which a finishing command always ends.
 */
export class FiscalDrive {
  readonly state: FnState = initialState();
  readonly exchange: OfdExchange;
  readonly marking: MarkingSide;
  /** Set by experiments: see `FnCondition`. */
  condition: FnCondition = {};

  readonly model: FnModel;
  private readonly signer: FiscalSigner;
  /** Journal handles of documents 1…n and of their operator's receipts. */
  private documentHandles: number[] = [];
  private receiptHandles = new Map<number, number>();
  private openDocument: OpenDocument | undefined;
  /** The FN's own timer: what wall time it was at a monotonic moment. */
  private timer: { wall: WallMs; atMs: number } | undefined;

  private constructor(
    private readonly memory: FnMemory,
    private readonly clock: Clock,
    modelOf: (id: string) => FnModel,
  ) {
    this.memory.replay((record, tailBytes, handle) => this.take(record, tailBytes, handle));
    this.model = modelOf(this.state.modelId);
    this.signer = new FiscalSigner(this.state.fnNumber);
    this.exchange = new OfdExchange(this.state.fnNumber, () => this.oldestUnsent());
    this.marking = new MarkingSide({
      state: this.state,
      readDocument: (fd) => this.readDocument(fd),
      append: (record) => this.append(record, Buffer.alloc(0)),
    });
  }

  /** An FN as it comes from the factory: phase 1, no documents. */
  static make(fnNumber: string, model: FnModel, memory: FnMemory, clock: Clock, madeAt: WallMs): FiscalDrive {
    const limit = toDay(madeAt) + model.keyDays * DAY_MS;
    memory.append(
      { k: 'born', fn: fnNumber, model: model.id, at: madeAt, validUntil: limit },
      Buffer.alloc(0),
    );
    return new FiscalDrive(memory, clock, () => model);
  }

  /** The FN that lives in a memory; undefined when the memory is empty. */
  static open(memory: FnMemory, clock: Clock, modelOf: (id: string) => FnModel): FiscalDrive | undefined {
    return memory.isEmpty ? undefined : new FiscalDrive(memory, clock, modelOf);
  }

  get fnNumber(): string {
    return this.state.fnNumber;
  }

  get registration(): Registration | undefined {
    return currentRegistration(this.state);
  }

  /** Code of the open document for the answer to command 30; 0 when none. */
  get openDocumentCode(): number {
    return this.openDocument ? DOCUMENT_KINDS[this.openDocument.kind].openCode : 0;
  }

  get openDocumentHasData(): boolean {
    return (this.openDocument?.portions.length ?? 0) > 0;
  }

  /** Power came: what is not in the memory is gone. */
  powerOn(): void {
    this.openDocument = undefined;
    this.timer = undefined;
    this.exchange.reset();
    this.marking.powerOn();
  }

  warnings(now: WallMs): number {
    return warningsOf(this.state, this.model, this.condition, now);
  }

  daysLeft(now: WallMs): number {
    return this.condition.expired ? 0 : daysLeft(this.state.validUntil, now);
  }

  get documentsLeft(): number {
    return Math.max(0, capacityOf(this.model, this.condition) - this.state.lastFd);
  }

  get registrationsLeft(): number {
    return Math.max(0, this.model.reregistrations + 1 - this.state.registrations.length);
  }

  /** Kind and FFD of the open document. */
  get open(): Readonly<Pick<OpenDocument, 'kind' | 'ffd'>> | undefined {
    return this.openDocument;
  }

  /** Commands 02/A2, 04, 11, 13, 15, 17, 18. `ffd` is asked for by registrations only. */
  start(kind: DocumentKind, at: WallMs, ffd?: FfdVersion): void {
    if (this.openDocument) throw new FnRefusal(FN_CODE.wrongState, 'another document is open');
    const registration = this.assertAllowed(kind, at);
    const wanted = ffd ?? registration.ffd;
    if (wanted > this.model.ffd) throw new FnRefusal(FN_CODE.wrongFfd, 'FFD is newer than the FN');
    this.openDocument = { kind, at, ffd: wanted, portions: [], nodes: [], tags: new Set() };
  }

  /** Command 07: requisites of the open document. */
  addTlv(bytes: Buffer): void {
    const open = this.openDocument;
    if (!open) throw new FnRefusal(FN_CODE.wrongState, 'no document is open');
    if (bytes.length > MAX_TLV_PORTION)
      throw new FnRefusal(FN_CODE.tlvTooLong, `${bytes.length} bytes at once`);
    for (const node of readNodes(bytes)) {
      if (FN_ONLY_TAGS.has(node.tag)) throw new FnRefusal(FN_CODE.forbiddenRequisite, `tag ${node.tag}`);
      open.nodes.push(node);
      open.tags.add(node.tag);
    }
    open.portions.push(Buffer.from(bytes));
  }

  /** Whether the open document already has a requisite. */
  has(tag: number): boolean {
    return this.openDocument?.tags.has(tag) ?? false;
  }

  /** Command 06; without an open document it does nothing. */
  cancel(): void {
    this.openDocument = undefined;
  }

  /** Commands 03/A3: forms 1 and 11. */
  finishRegistration(at: WallMs, given: RegistrationParameters): MadeDocument {
    const open = this.endOpen('registration', 'fnChange', 'reregistration');
    this.assertAllowed(open.kind, at);
    const before = this.registration;
    if (before && (before.inn !== given.inn || before.rnm !== given.rnm)) {
      throw new FnRefusal(FN_CODE.notAsRegistered, 'INN and RNM are written once in the life of an FN');
    }
    const until = before ? this.state.validUntil : validUntil(this.model, at, given);
    const registration: Registration = { ...given, ffd: open.ffd, fd: 0, fiscalSign: 0, at: toMinute(at) };
    const nodes = registrationNodes(registration, open.kind, this.model.ffd, daysLeft(until, at), this.state);
    return this.commit(open, at, registration, nodes, { registration, validUntil: until });
  }

  /** Commands 12 and 14: forms 2 and 5. */
  finishShift(): MadeDocument {
    const open = this.endOpen('shiftOpen', 'shiftClose');
    const { at } = open;
    const registration = this.assertAllowed(open.kind, at);
    const { ffd } = registration;
    const opening = open.kind === 'shiftOpen';
    const nodes = opening
      ? shiftOpenNodes(this.state.shift.number + 1, ffd, this.warnings(at), this.state)
      : shiftCloseNodes(ffd, this.warnings(at), this.daysLeft(at), this.state);
    return this.commit(open, at, registration, nodes, opening ? { shift: this.state.shift.number + 1 } : {});
  }

  /** Command 16: forms 3 and 31. */
  finishReceipt(at: WallMs, sign: SettlementSign, totalKop: number): MadeDocument {
    const open = this.endOpen('receipt', 'correction');
    const registration = this.assertAllowed(open.kind, at);
    const receipt = this.state.shift.receipts + 1;
    const { row } = totalsDelta(sign, open.kind === 'correction', totalKop, open.nodes);
    const nodes: TlvNode[] = [
      { tag: TAG.shiftNumber, value: this.state.shift.number },
      { tag: TAG.receiptNumber, value: receipt },
      { tag: TAG.settlementSign, value: sign },
      { tag: TAG.total, value: totalKop },
    ];
    const notice = this.marking.noticeOf(open.nodes);
    return this.commit(open, at, registration, nodes, { receipt, sign, totalKop, row, ...notice });
  }

  /** Command 19: form 21. */
  finishSettlement(): MadeDocument {
    const open = this.endOpen('settlement');
    const { at } = open;
    const registration = this.assertAllowed(open.kind, at);
    return this.commit(
      open,
      at,
      registration,
      settlementNodes(registration.ffd, this.daysLeft(at), this.state),
      {},
    );
  }

  /** Command 05: form 6. */
  finishClosing(at: WallMs, rnm: string): MadeDocument {
    const open = this.endOpen('closing');
    const registration = this.assertAllowed(open.kind, at);
    if (rnm !== registration.rnm) throw new FnRefusal(FN_CODE.notAsRegistered, 'another RNM');
    return this.commit(open, at, registration, closingNodes(registration.ffd, this.state), {});
  }

  /** Command 26: the operator's answer to the message that was sent. */
  confirm(bytes: Buffer, now: WallMs): { code: number; message: number } {
    const confirmation = this.exchange.accept(bytes);
    const message = confirmation.operatorMessage ?? (confirmation.code === 0 ? 0 : 0x02);
    this.append(
      {
        k: 'ack',
        fd: confirmation.fdNumber,
        at: wallFromText(confirmation.at) ?? now,
        operatorSign: confirmation.operatorSign?.toString('hex') ?? '',
        message,
      },
      Buffer.alloc(0),
    );
    return { code: confirmation.code, message };
  }

  /** Document of the archive; undefined when there is no such number. */
  document(fd: number): ArchivedDocument | undefined {
    const stored = this.readDocument(fd);
    return stored && { head: stored.head, tlv: stored.tail, confirmed: fd <= this.state.confirmed };
  }

  /** Command 41. */
  operatorReceipt(fd: number): OperatorReceipt | undefined {
    const handle = this.receiptHandles.get(fd);
    if (handle === undefined) return undefined;
    const { head } = this.memory.read(handle);
    return head.k === 'ack' ? { fd, at: head.at, operatorSign: head.operatorSign } : undefined;
  }

  /** Command 60, test FNs only: factory-fresh again. */
  resetMemory(): void {
    if (this.model.serial) throw new FnRefusal(FN_CODE.unknownCommand, 'not a test FN');
    this.append({ k: 'reset' }, Buffer.alloc(0));
    this.powerOn();
  }

  /** Calls back when everything committed so far also survives a power cut of the host. */
  flush(done: () => void): void {
    this.memory.flush(done);
  }

  close(): void {
    this.memory.close();
  }

  private assertAllowed(kind: DocumentKind, at: WallMs): Registration {
    const fnTimer = this.timer && this.timer.wall + (this.clock.monotonicMs() - this.timer.atMs);
    assertAllowed(this.state, this.model, this.condition, { kind, at, fnTimer });
    // Registrations bring their own; every other kind is refused by its phase when there is none.
    return this.registration ?? unregistered;
  }

  /** Ends the open document, which must be of one of the kinds. */
  private endOpen(...kinds: DocumentKind[]): OpenDocument {
    const open = this.openDocument;
    if (!open || !kinds.includes(open.kind))
      throw new FnRefusal(FN_CODE.wrongState, 'no such document is open');
    this.openDocument = undefined;
    return open;
  }

  /** The one place where a document comes into being and its number is taken. */
  private commit(
    open: OpenDocument,
    at: WallMs,
    registration: Registration,
    nodes: readonly TlvNode[],
    own: Partial<DocumentRecord>,
  ): MadeDocument {
    const fd = this.state.lastFd + 1;
    const minute = toMinute(at);
    const { form } = DOCUMENT_KINDS[open.kind];
    const { tlv, fiscalSign } = compose(
      this.signer,
      this.state.fnNumber,
      { kind: open.kind, fd, at: minute, registration, nodes },
      Buffer.concat(open.portions),
      open.tags,
    );
    const head: DocumentRecord = {
      k: 'doc',
      fd,
      form,
      at: minute,
      fiscalSign,
      shift: this.state.shift.number,
      ...own,
    };
    if (own.registration) head.registration = { ...own.registration, fd, fiscalSign };
    this.append(head, tlv);
    if (!this.timer || open.kind === 'shiftOpen') this.timer = { wall: at, atMs: this.clock.monotonicMs() };
    return { fd, fiscalSign, form, at: minute, shift: head.shift, receipt: head.receipt ?? 0 };
  }

  private append(record: FnRecord, tail: Buffer): void {
    const handle = this.memory.append(record, tail);
    this.take(record, tail.length, handle);
  }

  private take(record: FnRecord, tailBytes: number, handle: number): void {
    if (record.k === 'doc') this.documentHandles.push(handle);
    if (record.k === 'ack') this.receiptHandles.set(record.fd, handle);
    if (record.k === 'reset') {
      this.documentHandles = [];
      this.receiptHandles.clear();
    }
    applyRecord(this.state, record, tailBytes);
  }

  private readDocument(fd: number): (StoredRecord & { head: DocumentRecord }) | undefined {
    const handle = this.documentHandles[fd - 1];
    if (handle === undefined) return undefined;
    const { head, tail } = this.memory.read(handle);
    return head.k === 'doc' ? { head, tail } : undefined;
  }

  private oldestUnsent(): OutgoingMessage | undefined {
    if (this.state.unsent.length === 0) return undefined;
    const fd = this.state.confirmed + 1;
    const stored = this.readDocument(fd);
    if (!stored) return undefined;
    const { form, fiscalSign } = stored.head;
    const { messageSign } = this.signer.sign(stored.tail);
    const container = buildContainer({
      fnNumber: this.state.fnNumber,
      fdNumber: fd,
      documentCode: form,
      tlv: stored.tail,
      messageSign,
    });
    return { fd, fiscalSign, container };
  }
}
