import { FarmError } from '@kkt/contracts';
import { z } from 'zod';
import type { OperatorFacts } from './facts';

/** What reconciliation asks an operator. Each operator's API has a client of its own. */
export interface OperatorClient {
  /**
   * All documents of an FN with numbers from `fromFd` on.
   * @throws FarmError `OFD-*` when the operator cannot be asked
   */
  documents(fnNumber: string, fromFd: number, signal?: AbortSignal): Promise<OperatorFacts[]>;
}

/** The operator of this INN (tag 1017); undefined when we have no client for it. */
export type OperatorDirectory = (ofdInn: string) => OperatorClient | undefined;

export interface ReferenceOperatorOptions {
  /** Address of its portal, as `http://127.0.0.1:8083`. */
  baseUrl: string;
  /** Header `X-Api-Key`; none on the operator's own machine. */
  apiKey?: string;
  timeoutMs?: number;
  /** At most 1000. */
  pageSize?: number;
}

const pageSchema = z.object({
  documents: z.array(
    z.object({
      fdNumber: z.number(),
      form: z.number(),
      fiscalSign: z.number(),
      totalKop: z.number().nullable(),
      at: z.string(),
    }),
  ),
});

/** The reference operator by its JSON API, `GET /api/documents`. */
export class ReferenceOperatorClient implements OperatorClient {
  constructor(private readonly options: ReferenceOperatorOptions) {}

  async documents(fnNumber: string, fromFd: number, signal?: AbortSignal): Promise<OperatorFacts[]> {
    const { pageSize = 1000 } = this.options;
    // The newest come first: a document that arrives meanwhile moves the pages on, so one is seen twice, none is missed.
    const found = new Map<number, OperatorFacts>();
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.page(fnNumber, offset, pageSize, signal);
      for (const document of page) if (document.fdNumber >= fromFd) found.set(document.fdNumber, document);
      if (page.length < pageSize || page.some(({ fdNumber }) => fdNumber < fromFd))
        return [...found.values()];
    }
  }

  private async page(
    fnNumber: string,
    offset: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<OperatorFacts[]> {
    const { baseUrl, apiKey, timeoutMs = 30_000 } = this.options;
    const query = new URLSearchParams({ fn: fnNumber, limit: String(limit), offset: String(offset) });
    const timeout = AbortSignal.timeout(timeoutMs);
    let status: number;
    let body: unknown;
    try {
      const answer = await fetch(`${baseUrl}/api/documents?${query}`, {
        headers: apiKey ? { 'x-api-key': apiKey } : {},
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      status = answer.status;
      body = await answer.json();
    } catch (error) {
      signal?.throwIfAborted();
      throw new FarmError('OFD-SILENT', 'The operator’s API does not answer', { baseUrl }, { cause: error });
    }
    if (status !== 200) throw new FarmError('OFD-REFUSED', 'The operator’s API refuses', { baseUrl, status });
    const parsed = pageSchema.safeParse(body);
    if (!parsed.success)
      throw new FarmError('OFD-MALFORMED', 'The operator’s API answers something else', { baseUrl });
    return parsed.data.documents;
  }
}
