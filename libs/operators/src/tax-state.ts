import type { Clock } from '@kkt/contracts';
import { z } from 'zod';

/** Where a document is on its way to the tax service, by the operator's word. */
export type TaxStage = 'new' | 'sent' | 'accepted';

const answerSchema = z.object({
  tax: z.object({ stage: z.enum(['new', 'sent', 'accepted']), at: z.string().nullable() }),
});

const timeoutMs = 1_500;
const keepMs = 5_000;
const mostKept = 1_000;

export interface TaxState {
  stage: TaxStage;
  at: string | null;
}

/**
 * Asks an operator that tells it in public, as the reference operator does: the JSON of a document to whoever knows its
 * fiscal sign. Others are not asked twice in a row, and their silence only means "not known".
 */
export class TaxStates {
  private readonly kept = new Map<string, { untilMs: number; state: Promise<TaxState | undefined> }>();

  constructor(
    private readonly clock: Clock,
    private readonly get: typeof fetch = fetch,
  ) {}

  /** `receiptUrl` is the operator's page of the receipt: its API stands on the same host. */
  of(
    receiptUrl: string,
    document: { fnNumber: string; fdNumber: number; fiscalSign: number },
  ): Promise<TaxState | undefined> {
    const { fnNumber, fdNumber, fiscalSign } = document;
    const url = new URL(`/api/documents/${fnNumber}/${fdNumber}?fp=${fiscalSign}`, receiptUrl).href;
    const nowMs = this.clock.monotonicMs();
    const known = this.kept.get(url);
    if (known && known.untilMs > nowMs) return known.state;
    if (this.kept.size >= mostKept) this.kept.clear();
    const state = this.ask(url);
    this.kept.set(url, { untilMs: nowMs + keepMs, state });
    return state;
  }

  private async ask(url: string): Promise<TaxState | undefined> {
    try {
      const answer = await this.get(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
      const parsed = answer.ok ? answerSchema.safeParse(await answer.json()) : undefined;
      return parsed?.success ? parsed.data.tax : undefined;
    } catch {
      return undefined;
    }
  }
}
