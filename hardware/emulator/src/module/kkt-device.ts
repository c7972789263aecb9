import { AttributeAssembler } from '@kkt/atol-protocol';
import { childrenOf, decodeTlv, encodeTlv, findNode, TAG, type TlvNode } from '@kkt/ffd';
import type { Clock } from '@kkt/contracts';
import type { KktModel } from '../catalog/kkt-model';
import { DOCUMENT_KINDS, type DocumentKind } from '../fn/document-kind';
import type { FiscalDrive, MadeDocument } from '../fn/fiscal-drive';
import { FnCommands } from '../fn/fn-commands';
import { FN_CODE, FnRefusal } from '../fn/refusal';
import type { WallMs } from '../wall-time';
import { isPaperOnly } from './electronic-form';
import type { KktData, KktMemory } from './kkt-memory';
import type { ReceiptInProgress } from './receipt-in-progress';
import { DEVICE_ERROR, DeviceRefusal } from './refusal';

export interface DeviceOptions {
  /** Factory number, digits. */
  serial: string;
  model: KktModel;
  memory: KktMemory;
  clock: Clock;
  /** Wall clock of the settlement place against UTC. */
  utcOffsetMs: number;
}

/** What the module remembers of an error for B3 and register 55. */
export interface LastError {
  command: number;
  code: number;
  ext: number;
  extended?: { error: number; extra: number };
}

/** Requisites of the registration that later documents repeat. */
const REPEATED_TAGS = [
  TAG.userName,
  TAG.placeAddress,
  TAG.place,
  TAG.fnsSite,
  TAG.sellerEmail,
  TAG.machineNumber,
] as const;

/** Form 21 has no place for the cashier: given by the host, they are for the paper only. */
const CASHIER_TAGS: ReadonlySet<number> = new Set([TAG.cashier, TAG.cashierInn]);

/**
 * State of the KKT around its FN: modes, clock, the receipt being made, settings. Commands work on it, see `commands/`.
 * What is in `data` survives a power cut, the rest does not.
 */
export class KktDevice {
  mode = 0;
  submode = 0;
  cashier = 0;
  receipt: ReceiptInProgress | undefined;
  /** Requisites for the next report, given by E8 outside a receipt. */
  reportAttributes: TlvNode[] = [];
  readonly assembler = new AttributeAssembler();
  lastError: LastError = { command: 0, code: 0, ext: 0 };
  readonly data: KktData;
  /** A report is being made behind an answer already given. */
  background: DocumentKind | 'x' | undefined;
  /** Sounds made since power was on: how a module calls somebody to its slot. */
  beeps = 0;
  /** Asked for by CE; done when the answer is out. */
  powerRequest: 'reboot' | 'off' | undefined;

  private slot: FnCommands | undefined;
  private known: { fd: number; fn: string; nodes: TlvNode[] } | undefined;

  constructor(readonly options: DeviceOptions) {
    this.data = options.memory.load();
  }

  get model(): KktModel {
    return this.options.model;
  }

  /** Wall clock of the device. */
  /** By how much its clock is ahead of the true time. */
  get clockOffsetMs(): number {
    return this.data.clockOffsetMs;
  }

  now(): WallMs {
    return this.options.clock.nowMs() + this.options.utcOffsetMs + this.data.clockOffsetMs;
  }

  setClock(wall: WallMs): void {
    this.data.clockOffsetMs += wall - this.now();
    this.save();
  }

  save(): void {
    this.options.memory.save(this.data);
  }

  get fn(): FnCommands | undefined {
    return this.slot;
  }

  /** The FN; error D2 when the slot is empty, FN code 03 when the FN is out of order. */
  get drive(): FiscalDrive {
    if (!this.slot) throw new DeviceRefusal(DEVICE_ERROR.fnExchange, 'no FN in the slot');
    const { drive } = this.slot;
    if (drive.condition.failed) throw new FnRefusal(FN_CODE.failure, 'FN is out of order');
    return drive;
  }

  insertFn(drive: FiscalDrive | undefined): void {
    this.slot =
      drive && new FnCommands(drive, { now: () => this.now(), complete: (of) => this.complete(of) });
    this.slot?.powerOn();
  }

  /** Power came: back to mode 0, nothing begun. */
  powerOn(keepReceipt: boolean): void {
    this.mode = 0;
    this.submode = 0;
    this.cashier = 0;
    this.background = undefined;
    this.powerRequest = undefined;
    this.reportAttributes = [];
    this.assembler.reset();
    if (!keepReceipt) this.receipt = undefined;
    this.slot?.powerOn();
  }

  /** Requisites of the registration in force, or none before it. */
  registrationNodes(): readonly TlvNode[] {
    const registration = this.slot?.drive.registration;
    if (!registration) return [];
    const { fd } = registration;
    const fn = this.drive.fnNumber;
    if (this.known?.fd !== fd || this.known.fn !== fn) {
      const document = this.drive.document(fd);
      const nodes = document ? (childrenOf(decodeTlv(document.tlv), document.head.form) ?? []) : [];
      this.known = { fd, fn, nodes };
    }
    return this.known.nodes;
  }

  /** Starts a report, gives it the host's attributes, finishes it. */
  makeReport(kind: DocumentKind, finish: (drive: FiscalDrive) => MadeDocument): MadeDocument {
    const { drive } = this;
    const attributes = this.reportAttributes.filter(
      ({ tag }) => kind !== 'settlement' || !CASHIER_TAGS.has(tag),
    );
    this.reportAttributes = [];
    drive.cancel();
    drive.start(kind, this.now());
    try {
      if (attributes.length > 0) drive.addTlv(encodeTlv(attributes));
      this.complete(drive);
      return finish(drive);
    } catch (error) {
      drive.cancel();
      throw error;
    }
  }

  /** Adds what the KKT itself knows to the open document of the FN: format, versions, place and user. */
  complete(drive: FiscalDrive): void {
    const { open } = drive;
    if (!open) return;
    const { kind, ffd } = open;
    const { form } = DOCUMENT_KINDS[kind];
    const nodes: TlvNode[] = [{ tag: TAG.ffd, value: ffd }];
    const registering = kind === 'registration' || kind === 'fnChange' || kind === 'reregistration';
    if (registering) nodes.push({ tag: TAG.kktNumber, value: this.options.serial });
    if (registering || kind === 'shiftOpen') {
      nodes.push({ tag: TAG.kktVersion, value: this.model.kktVersion }, { tag: TAG.kktFfd, value: ffd });
    }
    const receipt = kind === 'receipt' || kind === 'correction';
    if (!registering) {
      const known = this.registrationNodes();
      for (const tag of REPEATED_TAGS) {
        if (!belongs(tag, receipt, drive) || isPaperOnly(tag, form, ffd)) continue;
        const node = findNode(known, tag);
        if (node) nodes.push(node);
      }
    }
    const missing = nodes.filter((node) => !drive.has(node.tag));
    if (missing.length > 0) drive.addTlv(encodeTlv(missing));
  }
}

/** Which requisites of the registration a document repeats (FFD facts A.4). */
function belongs(tag: number, receipt: boolean, drive: FiscalDrive): boolean {
  if (tag === TAG.fnsSite) return receipt;
  // The sender's address matters only when the receipt is sent to a buyer.
  if (tag === TAG.sellerEmail) return receipt && drive.has(TAG.buyerContact);
  if (tag === TAG.machineNumber) return receipt;
  return true;
}
