import { type Clock, FarmError } from '@kkt/contracts';
import type { TaskCounters } from '../device';
import type { CommandChannel, SeriesEnd, SeriesStop, TaskOutcome } from '../exchange/command-channel';
import type { TaskRequest } from '../exchange/task';
import type { JsonHttpAnswer, JsonHttpClient, JsonHttpRequest } from '../vendors/atol-json/http-client';
import type { DeviceTrace } from './device-trace';
import { maskJson, showExchange } from './redact';

const codeOf = (error: unknown): string => (error instanceof FarmError ? error.code : String(error));

/** A channel whose commands are written into a trace while that is on; otherwise it costs one look at a clock. */
export class TracedChannel implements CommandChannel {
  constructor(
    private readonly inner: CommandChannel,
    private readonly trace: DeviceTrace,
    private readonly clock: Clock,
  ) {}

  get name(): string {
    return this.inner.name;
  }

  get counters(): TaskCounters {
    return this.inner.counters;
  }

  get disturbances(): number {
    return this.inner.disturbances;
  }

  get onLost(): (error: FarmError) => void {
    return this.inner.onLost;
  }

  set onLost(tell: (error: FarmError) => void) {
    this.inner.onLost = tell;
  }

  open(signal: AbortSignal): Promise<void> {
    return this.inner.open(signal);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async settle(barrier: TaskRequest, signal: AbortSignal): Promise<void> {
    const begunMs = this.clock.monotonicMs();
    await this.inner.settle(barrier, signal);
    this.own('settle', begunMs);
  }

  async run(request: TaskRequest): Promise<TaskOutcome> {
    if (!this.trace.isOn) return this.inner.run(request);
    const begunMs = this.clock.monotonicMs();
    try {
      const outcome = await this.inner.run(request);
      this.line(request, outcome, this.clock.monotonicMs() - begunMs);
      return outcome;
    } catch (error) {
      this.line(request, undefined, this.clock.monotonicMs() - begunMs, codeOf(error));
      throw error;
    }
  }

  async runToLast(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop> {
    return this.series(requests, () => this.inner.runToLast(requests));
  }

  async runForAll(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop> {
    return this.series(requests, () => this.inner.runForAll(requests));
  }

  async abort(): Promise<void> {
    const begunMs = this.clock.monotonicMs();
    await this.inner.abort();
    this.own('abort', begunMs);
  }

  clearResults(): void {
    this.inner.clearResults();
  }

  private async series(
    requests: readonly TaskRequest[],
    run: () => Promise<SeriesEnd | SeriesStop>,
  ): Promise<SeriesEnd | SeriesStop> {
    if (!this.trace.isOn) return run();
    const begunMs = this.clock.monotonicMs();
    try {
      const end = await run();
      const tookMs = this.clock.monotonicMs() - begunMs;
      const outcomes = end.kind === 'done' ? end.outcomes : [];
      // With `last` only the last command's outcome is there.
      const ahead = requests.length - outcomes.length;
      requests.forEach((request, index) => {
        const isLast = index === requests.length - 1;
        const refusedHere = end.kind === 'refused' && end.index === index;
        const outcome = refusedHere ? { answer: end.answer, refused: true } : outcomes[index - ahead];
        const error = end.kind !== 'done' && isLast && !refusedHere ? end.kind : null;
        this.line(request, outcome, isLast ? tookMs : null, error);
      });
      return end;
    } catch (error) {
      for (const request of requests) this.line(request, undefined, null, codeOf(error));
      throw error;
    }
  }

  private line(
    request: TaskRequest,
    outcome: TaskOutcome | undefined,
    tookMs: number | null,
    error: string | null = null,
  ): void {
    const { name, fiscal, body } = request;
    const shown = showExchange(body, outcome?.answer ?? null);
    this.trace.add({ name, fiscal, ...shown, refused: outcome?.refused ?? false, tookMs, error });
  }

  private own(name: string, begunMs: number): void {
    const tookMs = this.clock.monotonicMs() - begunMs;
    this.trace.add({
      name,
      fiscal: false,
      out: '',
      in: null,
      words: '',
      refused: false,
      tookMs,
      error: null,
    });
  }
}

/** The same for a device behind HTTP. */
export function tracedClient(inner: JsonHttpClient, trace: DeviceTrace, clock: Clock): JsonHttpClient {
  return {
    name: inner.name,
    close: () => inner.close(),
    async send(request: JsonHttpRequest, signal: AbortSignal): Promise<JsonHttpAnswer> {
      if (!trace.isOn) return inner.send(request, signal);
      const begunMs = clock.monotonicMs();
      const name = `${request.method} ${request.path}`;
      const common = {
        name,
        fiscal: request.method === 'POST',
        out: maskJson(request.body ?? ''),
        words: '',
      };
      try {
        const answer = await inner.send(request, signal);
        const tookMs = clock.monotonicMs() - begunMs;
        trace.add({
          ...common,
          in: maskJson(answer.body),
          words: `HTTP ${answer.status}`,
          refused: answer.status >= 400,
          tookMs,
          error: null,
        });
        return answer;
      } catch (error) {
        const tookMs = clock.monotonicMs() - begunMs;
        trace.add({ ...common, in: null, refused: false, tookMs, error: codeOf(error) });
        throw error;
      }
    },
  };
}
