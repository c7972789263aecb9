import type { Clock } from '@kkt/contracts';
import { watchNumbers } from '@kkt/observability';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { IntakeResult } from './intake/intake';

/** The operator's numbers for Prometheus. */
export class OperatorMetrics {
  private readonly messages: Counter<'outcome'>;
  private readonly seconds: Histogram;
  private readonly faults: Counter<'code'>;
  private readonly tax: Counter<'outcome'>;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.messages = new Counter({
      name: 'kkt_ofd_messages_total',
      help: 'Messages answered, by outcome; a refusal by its name',
      labelNames: ['outcome'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'kkt_ofd_answer_seconds',
      help: 'From a whole message to its answer, the commit included',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    this.faults = new Counter({
      name: 'kkt_ofd_wire_faults_total',
      help: 'Damaged or foreign bytes on connections, by code',
      labelNames: ['code'],
      registers,
    });
    this.tax = new Counter({
      name: 'kkt_ofd_tax_documents_total',
      help: 'Documents passed on to the tax service, by outcome of their batch',
      labelNames: ['outcome'],
      registers,
    });
  }

  async timed(clock: Clock, run: () => Promise<IntakeResult>): Promise<IntakeResult> {
    const since = clock.monotonicMs();
    const result = await run();
    this.seconds.observe((clock.monotonicMs() - since) / 1000);
    this.messages.inc({ outcome: result.refusal ?? result.outcome });
    return result;
  }

  wireFault(code: string): void {
    this.faults.inc({ code });
  }

  taxBatch(outcome: 'accepted' | 'failed', documents: number): void {
    this.tax.inc({ outcome }, documents);
  }

  /** Gauges read at each scrape. */
  watch(read: () => Record<string, number>): void {
    watchNumbers(this.registry, 'kkt_ofd', 'Operator', read);
  }
}
