import { createConnection, type Socket } from 'node:net';
import { wrapContainer } from '@kkt/ofd-protocol';
import { TestKkt } from '../../apps/ofd/test/test-kkt';
import type { OperatorProcess } from './operator-process';

/** Messages made beforehand per register: making them must not be measured. */
const madePerKkt = 400;
const headerBytes = 30;
const warmUpS = 3;

export interface IntakeFigures {
  kkts: number;
  seconds: number;
  documents: number;
  documentsPerS: number;
  /** Of the slowest second. */
  slowestSecond: number;
  refused: number;
  /** CPU of the operator's process per 1,000 documents, milliseconds; PostgreSQL not counted. */
  operatorCpuMsPer1000: number;
  answerP95Ms: number;
}

/** Feeds the operator from many registers, each with one document in flight, and counts the confirmations. */
export async function measureIntake(
  operator: OperatorProcess,
  { kkts, seconds }: { kkts: number; seconds: number },
): Promise<IntakeFigures> {
  const feeders: Feeder[] = [];
  for (let n = 0; n < kkts; n++) {
    const kkt = new TestKkt(`9999${String(700_000 + n).padStart(12, '0')}`);
    await registerKkt(operator, kkt);
    feeders.push(new Feeder(kkt, operator.tcpPort));
  }
  await Promise.all(feeders.map((feeder) => feeder.open()));
  const sum = (): number => feeders.reduce((all, { confirmed }) => all + confirmed, 0);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  for (const feeder of feeders) feeder.start();
  await pause(warmUpS * 1000);
  const [cpuBefore, before, sinceMs] = [await operator.cpuS(), sum(), performance.now()];
  for (const feeder of feeders) feeder.waits.length = 0;
  const perSecond: number[] = [];
  for (let last = before, second = 0; second < seconds; second++) {
    await pause(1000);
    const now = sum();
    perSecond.push(now - last);
    last = now;
  }
  const tookS = (performance.now() - sinceMs) / 1000;
  const documents = sum() - before;
  const cpuS = (await operator.cpuS()) - cpuBefore;
  await Promise.all(feeders.map((feeder) => feeder.stop()));
  const waits = feeders.flatMap((feeder) => feeder.waits).sort((a, b) => a - b);
  return {
    kkts,
    seconds: Math.round(tookS),
    documents,
    documentsPerS: Math.round(documents / tookS),
    slowestSecond: Math.min(...perSecond),
    refused: feeders.reduce((all, { refused }) => all + refused, 0),
    operatorCpuMsPer1000: Math.round((cpuS * 1e6) / Math.max(1, documents)),
    answerP95Ms: Math.round(waits[Math.floor(waits.length * 0.95)] ?? 0),
  };
}

async function registerKkt(operator: OperatorProcess, kkt: TestKkt): Promise<void> {
  const answer = await fetch(`${operator.baseUrl}/api/kkts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      rnm: kkt.rnm,
      fnNumber: kkt.fnNumber,
      inn: kkt.inn,
      enterpriseName: kkt.facts.userName,
      place: kkt.facts.place,
      address: kkt.facts.address,
    }),
  });
  if (!answer.ok) throw new Error(`a register was not taken: ${answer.status} ${await answer.text()}`);
}

/** One register: sends its next document as soon as the last one is answered. */
class Feeder {
  confirmed = 0;
  refused = 0;
  readonly waits: number[] = [];
  private readonly messages: Buffer[] = [];
  private socket: Socket | undefined;
  private next = 0;
  private sentAtMs = 0;
  private isStopping = false;
  private kept: Buffer = Buffer.alloc(0);
  private done: (() => void) | undefined;

  constructor(
    private readonly kkt: TestKkt,
    private readonly port: number,
  ) {
    this.push(kkt.registration());
    this.push(kkt.shiftOpen());
    for (let n = 0; n < madePerKkt; n++) this.push(this.sale(n));
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port: this.port, noDelay: true });
      this.socket = socket;
      socket.once('error', reject);
      socket.once('connect', () => resolve());
      socket.on('data', (bytes: Buffer) => this.take(bytes));
    });
  }

  start(): void {
    this.send();
  }

  stop(): Promise<void> {
    this.isStopping = true;
    return new Promise((resolve) => {
      this.done = () => {
        this.socket?.destroy();
        resolve();
      };
    });
  }

  private push(document: Parameters<TestKkt['message']>[0]): void {
    this.messages.push(wrapContainer(document.container, { ffd: 2, fnNumber: this.kkt.fnNumber }));
  }

  private sale(n: number) {
    const minute = String(n % 60).padStart(2, '0');
    const items = [
      { name: `Билет в кино, ряд ${n % 30}`, priceKop: 45_000 + n },
      { name: 'Попкорн', priceKop: 30_000 },
    ];
    return this.kkt.sale(items, { at: `2026-11-23T10:${minute}:00` });
  }

  private send(): void {
    // When what was made beforehand is over, the rest is made on the way: slower for the feeder, not for the operator.
    if (this.next >= this.messages.length) {
      this.messages.length = 0;
      this.next = 0;
      this.push(this.sale(this.confirmed));
    }
    this.sentAtMs = performance.now();
    this.socket?.write(this.messages[this.next++]!);
  }

  private take(bytes: Buffer): void {
    this.kept = this.kept.length === 0 ? bytes : Buffer.concat([this.kept, bytes]);
    if (this.kept.length < headerBytes) return;
    const whole = headerBytes + this.kept.readUInt16LE(24);
    if (this.kept.length < whole) return;
    // A refusal carries no tag 1078 (0x0436).
    if (this.kept.includes(Buffer.from([0x36, 0x04, 0x10, 0x00]))) this.confirmed++;
    else this.refused++;
    this.kept = this.kept.subarray(whole);
    this.waits.push(performance.now() - this.sentAtMs);
    if (this.isStopping) this.done?.();
    else this.send();
  }
}
