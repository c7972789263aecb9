import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError, type AxiosInstance } from 'axios';

export interface JsonHttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** JSON text. */
  body?: string;
}

export interface JsonHttpAnswer {
  status: number;
  body: string;
}

/** No answer came. `sent` false: it is certain that the request did not leave, so nobody can have acted on it. */
export class HttpFailure extends Error {
  constructor(
    message: string,
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HttpFailure';
  }
}

/** The little of HTTP that a web server of a register needs. It repeats nothing by itself. */
export interface JsonHttpClient {
  /** Where it leads, for errors and logs. */
  readonly name: string;
  /** Any status is an answer. @throws HttpFailure when none came; the signal's reason when aborted */
  send(request: JsonHttpRequest, signal: AbortSignal): Promise<JsonHttpAnswer>;
  /** Drops idle connections; safe at any time. */
  close(): void;
}

/** Failures in which no connection came about. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** A whole archived document with its requisites in words is far below this. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** `JsonHttpClient` over axios, with connections kept open. `baseUrl` as `http://10.0.0.7:16732`. */
export class AxiosHttpClient implements JsonHttpClient {
  private readonly http: AxiosInstance;
  private readonly agents = [
    new HttpAgent({ keepAlive: true }),
    new HttpsAgent({ keepAlive: true }),
  ] as const;

  constructor(readonly name: string) {
    this.http = axios.create({
      baseURL: name.replace(/\/+$/, ''),
      httpAgent: this.agents[0],
      httpsAgent: this.agents[1],
      proxy: false,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      responseType: 'text',
      // The caller parses: a body that is no JSON must not become an error of the transport.
      transformResponse: (body: string) => body,
      validateStatus: () => true,
    });
  }

  async send({ method, path, body }: JsonHttpRequest, signal: AbortSignal): Promise<JsonHttpAnswer> {
    signal.throwIfAborted();
    try {
      const headers = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
      const answer = await this.http.request<string>({ method, url: path, data: body, headers, signal });
      return { status: answer.status, body: answer.data };
    } catch (error) {
      signal.throwIfAborted();
      const code = isAxiosError(error) ? (error.code ?? '') : '';
      throw new HttpFailure(`${method} ${path}: ${code || String(error)}`, !NEVER_SENT.has(code), {
        cause: error,
      });
    }
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
  }
}
