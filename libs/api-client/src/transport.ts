import type { FieldProblem, Problem } from './types';

/** One message of a stream. */
export interface StreamEvent<T> {
  /** Where to go on from, when the stream has positions. */
  id: string | undefined;
  event: string;
  data: T;
}

export interface ApiRequest {
  method: string;
  path: string;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string | undefined>;
  body?: object;
  /** May be sent again when no answer came: it reads, or carries a key of repetition. */
  isRepeatable: boolean;
  signal?: AbortSignal;
}

/** A refusal of the API, RFC 9457. */
export class ApiProblem extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Stable name of the kind: branch on it. */
  readonly code: string;
  /** What is wrong, field by field. */
  readonly errors: readonly FieldProblem[];

  constructor(
    readonly problem: Problem,
    /** Seconds to wait before a repeat, when the API names them. */
    readonly retryAfterS: number | undefined,
  ) {
    const fields = (problem.errors ?? []).map(({ pointer, detail_en }) => `${pointer}: ${detail_en}`);
    super([problem.title_en, ...fields].join('; '));
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.errors = problem.errors ?? [];
  }
}

export interface TransportOptions {
  /** Where the API is: `https://receipts.example`. */
  baseUrl: string;
  /** `fk_live_…` */
  key: string;
  /** Tries of a repeatable request in all; 4 unless said otherwise. */
  tries?: number;
  /** Time for one answer; 30 s unless said otherwise. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

const firstPauseMs = 300;
const longestPauseMs = 30_000;

export const pause = (delayMs: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(resolve, delayMs);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

async function problemOf(answer: Response): Promise<ApiProblem> {
  const retryAfter = Number(answer.headers.get('retry-after') ?? NaN);
  const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const text = await answer.text();
  try {
    const body = JSON.parse(text) as Problem;
    if (typeof body.code === 'string') return new ApiProblem(body, retryAfterS);
  } catch {
    // Not the API's own words: a proxy's page, say. Told below.
  }
  const title = `HTTP ${answer.status}`;
  const problem = {
    type: 'about:blank',
    title,
    title_en: title,
    status: answer.status,
    code: 'http',
    instance: '',
  };
  return new ApiProblem(problem, retryAfterS);
}

/** Requests over `fetch`: the key, the timeout, repeats of what may be repeated. */
export class Transport {
  private readonly fetch: typeof fetch;

  constructor(private readonly options: TransportOptions) {
    this.fetch = options.fetch ?? fetch;
  }

  async json<T>(request: ApiRequest): Promise<T> {
    const answer = await this.send(request);
    return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
  }

  async text(request: ApiRequest): Promise<string> {
    return (await this.send(request)).text();
  }

  /** A file: a page, a PDF, a picture. */
  async blob(request: ApiRequest): Promise<Blob> {
    return (await this.send(request)).blob();
  }

  /** Events until the API closes the stream or the caller leaves the loop. */
  async *stream<T>(request: ApiRequest): AsyncGenerator<StreamEvent<T>> {
    const answer = await this.ask(request, request.signal);
    if (!answer.ok) throw await problemOf(answer);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = readBlock<T>(block);
        if (event) yield event;
      }
    }
  }

  private async send(request: ApiRequest): Promise<Response> {
    const tries = request.isRepeatable ? (this.options.tries ?? 4) : 1;
    for (let attempt = 1; ; attempt += 1) {
      const waitMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
      try {
        const timeout = AbortSignal.timeout(this.options.timeoutMs ?? 30_000);
        const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
        const answer = await this.ask(request, signal);
        if (answer.ok) return answer;
        const problem = await problemOf(answer);
        const isPassing = problem.status === 429 || problem.status >= 500;
        if (!isPassing || attempt >= tries) throw problem;
        await pause(Math.max(waitMs, (problem.retryAfterS ?? 0) * 1000), request.signal);
      } catch (error) {
        // No answer at all: what is repeatable is asked again, and the key of repetition decides.
        if (error instanceof ApiProblem || request.signal?.aborted || attempt >= tries) throw error;
        await pause(waitMs, request.signal);
      }
    }
  }

  private ask(request: ApiRequest, signal: AbortSignal | undefined): Promise<Response> {
    const url = new URL(request.path, this.options.baseUrl);
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = new Headers({ authorization: `Bearer ${this.options.key}` });
    for (const [name, value] of Object.entries(request.headers ?? {}))
      if (value !== undefined) headers.set(name, value);
    if (request.body) headers.set('content-type', 'application/json');
    return this.fetch(url, {
      method: request.method,
      headers,
      ...(request.body && { body: JSON.stringify(request.body) }),
      ...(signal && { signal }),
    });
  }
}

function readBlock<T>(block: string): StreamEvent<T> | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const at = line.indexOf(': ');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 2));
  }
  const [event, data] = [fields.get('event'), fields.get('data')];
  if (event === undefined || data === undefined) return undefined;
  return { id: fields.get('id'), event, data: JSON.parse(data) as T };
}
