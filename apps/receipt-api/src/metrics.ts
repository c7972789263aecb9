import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the receipt API counts. Labels are few and known beforehand: no client, group or buyer among them. */
export class ReceiptApiMetrics {
  private readonly accepted: Record<'v4' | 'v5' | 'v1', Counter.Internal>;
  private readonly acceptedFailed: Counter;
  private readonly refused: Counter;
  private readonly repeated: Counter;
  private readonly flushSize: Histogram;
  private readonly flushSeconds: Histogram;

  /** @param depth receipts that wait for a commit now */
  constructor(registry: Registry, depth: () => number) {
    const registers = [registry];
    const accepted = new Counter({
      name: 'receipts_accepted_total',
      help: 'Receipts committed and acknowledged',
      labelNames: ['api'],
      registers,
    });
    this.accepted = { v4: accepted.labels('v4'), v5: accepted.labels('v5'), v1: accepted.labels('v1') };
    this.acceptedFailed = new Counter({
      name: 'receipts_accepted_failed_total',
      help: 'Receipts accepted and failed at once, by the code told in the report',
      labelNames: ['code'],
      registers,
    });
    this.refused = new Counter({
      name: 'receipt_requests_refused_total',
      help: 'Requests refused, by HTTP status and code of the protocol',
      labelNames: ['status', 'code'],
      registers,
    });
    this.repeated = new Counter({
      name: 'receipts_repeated_total',
      help: 'Registrations whose external id was known, by whether the receipt was the same',
      labelNames: ['same'],
      registers,
    });
    this.flushSize = new Histogram({
      name: 'receipt_flush_size',
      help: 'Receipts in one commit',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    });
    this.flushSeconds = new Histogram({
      name: 'receipt_flush_seconds',
      help: 'Duration of one commit',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    new Gauge({
      name: 'receipt_commit_waiting',
      help: 'Receipts that wait for a commit',
      registers,
      collect() {
        this.set(depth());
      },
    });
  }

  acceptedOne(api: 'v4' | 'v5' | 'v1'): void {
    this.accepted[api].inc();
  }

  failedAtOnce(code: number): void {
    this.acceptedFailed.inc({ code });
  }

  refusedOne(status: number, code: number): void {
    this.refused.inc({ status, code });
  }

  repeatedOne(isSame: boolean): void {
    this.repeated.inc({ same: String(isSame) });
  }

  flushed(size: number, tookMs: number): void {
    this.flushSize.observe(size);
    this.flushSeconds.observe(tookMs / 1000);
  }
}
