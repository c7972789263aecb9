import { encodeTlv, makeRnm, TAG, type TlvNode } from '@kkt/ffd';
import type { FfdVersion, SettlementSign } from '@kkt/contracts';
import { loadCatalog } from '../catalog/catalog';
import type { FnModel } from '../catalog/fn-model';
import type { DocumentKind } from '../fn/document-kind';
import { FiscalDrive, type MadeDocument } from '../fn/fiscal-drive';
import { RamFnMemory, type FnMemory } from '../fn/memory';
import { FnRefusal } from '../fn/refusal';
import type { WallMs } from '../wall-time';
import { BenchClock } from './bench-clock';

export const BENCH_START: WallMs = Date.UTC(2026, 0, 12, 9, 0, 0);
export const BENCH_FN = '9999078900000001';
const INN = '7704358518';
const RNM = makeRnm(1, INN, '00106000000001');
const catalog = loadCatalog();

/** An FN on a bench, driven without a KKT: its clock is the wall clock it is told. */
export class FnBench {
  readonly clock = new BenchClock(BENCH_START);
  readonly drive: FiscalDrive;

  constructor(over: Partial<FnModel> = {}, memory: FnMemory = new RamFnMemory(), modelId = 'fn-1.2-15') {
    const model = { ...catalog.fn(modelId), ...over };
    this.drive =
      FiscalDrive.open(memory, this.clock, () => model) ??
      FiscalDrive.make(BENCH_FN, model, memory, this.clock, BENCH_START);
  }

  get now(): WallMs {
    return this.clock.nowMs();
  }

  private get ffd(): FfdVersion {
    return this.drive.registration?.ffd ?? 4;
  }

  /** Time goes on for the KKT and the FN alike. */
  later(byMs: number): this {
    this.clock.advance(byMs);
    return this;
  }

  register(
    ffd: FfdVersion = 4,
    over: Partial<{ mode: number; taxSystems: number; extMode: number }> = {},
  ): MadeDocument {
    this.drive.start('registration', this.now, ffd);
    return this.finishRegistration(ffd, over);
  }

  reregister(ffd: FfdVersion = 4, reasons = 0x4, mode = 0): MadeDocument {
    this.drive.start('reregistration', this.now, ffd);
    return this.finishRegistration(ffd, { reasons, mode });
  }

  private finishRegistration(
    ffd: FfdVersion,
    over: Partial<{ mode: number; taxSystems: number; extMode: number; reasons: number }>,
  ): MadeDocument {
    this.add(kktNodes('registration', ffd));
    return this.drive.finishRegistration(this.now, {
      inn: INN,
      rnm: RNM,
      ofdInn: INN,
      taxSystems: 2,
      mode: 0,
      extMode: 0,
      reasons: 0,
      ...over,
    });
  }

  openShift(): MadeDocument {
    return this.report('shiftOpen', () => this.drive.finishShift());
  }

  closeShift(): MadeDocument {
    return this.report('shiftClose', () => this.drive.finishShift());
  }

  settlement(): MadeDocument {
    return this.report('settlement', () => this.drive.finishSettlement());
  }

  closeFn(): MadeDocument {
    return this.report('closing', () => this.drive.finishClosing(this.now, RNM));
  }

  receipt(
    totalKop = 100,
    sign: SettlementSign = 1,
    kind: 'receipt' | 'correction' = 'receipt',
  ): MadeDocument {
    this.drive.start(kind, this.now);
    this.add([...kktNodes(kind, this.ffd), ...receiptNodes(totalKop, kind, this.ffd)]);
    return this.drive.finishReceipt(this.now, sign, totalKop);
  }

  /** Adds requisites in portions the FN takes. */
  add(nodes: readonly TlvNode[]): void {
    for (const node of nodes) this.drive.addTlv(encodeTlv([node]));
  }

  private report(kind: DocumentKind, finish: () => MadeDocument): MadeDocument {
    this.drive.start(kind, this.now);
    this.add(kktNodes(kind, this.ffd));
    return finish();
  }
}

/** Answer code of the FN to an attempt; 0 when it was made. */
export function codeOf(attempt: () => unknown): number {
  try {
    attempt();
    return 0;
  } catch (error) {
    if (error instanceof FnRefusal) return error.code;
    throw error;
  }
}

function kktNodes(kind: DocumentKind, ffd: FfdVersion): TlvNode[] {
  const nodes: TlvNode[] = [
    { tag: TAG.ffd, value: ffd },
    ...(kind === 'settlement' ? [] : [{ tag: TAG.cashier, value: 'Иванова' }]),
    { tag: TAG.userName, value: 'ООО "Ромашка"' },
    { tag: TAG.placeAddress, value: 'Москва' },
    { tag: TAG.place, value: 'https://shop.example' },
  ];
  if (kind === 'registration') {
    nodes.push({ tag: TAG.kktNumber, value: '00106000000001' }, { tag: TAG.ofdName, value: 'Оператор' });
  }
  if (kind === 'registration' || kind === 'shiftOpen') {
    nodes.push({ tag: TAG.kktVersion, value: '5.8.100' }, { tag: TAG.kktFfd, value: ffd });
  }
  return nodes;
}

function receiptNodes(totalKop: number, kind: 'receipt' | 'correction', ffd: FfdVersion): TlvNode[] {
  return [
    { tag: TAG.taxSystem, value: 2 },
    ...(kind === 'correction'
      ? [
          { tag: TAG.correctionType, value: 0 },
          { tag: TAG.correctionBase, value: [{ tag: TAG.correctionDate, value: '2026-01-10T00:00:00' }] },
        ]
      : []),
    {
      tag: TAG.item,
      value: [
        { tag: TAG.method, value: 4 },
        { tag: TAG.subject, value: 1 },
        { tag: TAG.itemName, value: 'Товар' },
        { tag: TAG.price, value: totalKop },
        { tag: TAG.quantity, value: 1_000_000 },
        { tag: TAG.vatCode, value: 6 },
        { tag: TAG.itemSum, value: totalKop },
        ...(ffd === 4 ? [{ tag: TAG.measure, value: 0 }] : []),
      ],
    },
    { tag: TAG.cash, value: 0 },
    { tag: TAG.ecash, value: totalKop },
    { tag: TAG.prepaid, value: 0 },
    { tag: TAG.credit, value: 0 },
    { tag: TAG.provision, value: 0 },
    { tag: TAG.turnoverNoVat, value: totalKop },
  ];
}
