import { Operations } from './operations';
import { ApiProblem, pause, Transport, type TransportOptions } from './transport';
import type { Receipt } from './types';

/** Before a broken stream is opened again. */
const comeBackMs = 1_000;

/**
 * The own API of the farm. Needs nothing but `fetch` (Node 20, browsers): the folder can be copied as it is.
 * Refusals are thrown as `ApiProblem`.
 */
export class FarmApi extends Operations {
  constructor(options: TransportOptions) {
    super(new Transport(options));
  }

  /** Waits until a receipt has ended, reading its stream; comes back to it when the stream breaks. */
  async settled(id: string, signal?: AbortSignal): Promise<Receipt> {
    for (;;) {
      try {
        for await (const { data } of this.followReceipt({ id, signal }))
          if (data.state === 'done' || data.state === 'failed') return await this.getReceipt({ id, signal });
      } catch (error) {
        const isPassing = !(error instanceof ApiProblem) || error.status === 429 || error.status >= 500;
        if (!isPassing || signal?.aborted) throw error;
      }
      await pause(comeBackMs, signal);
    }
  }
}
