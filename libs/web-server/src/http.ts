import type { ServerResponse } from 'node:http';

/** The parts of a Fastify request used by controllers and guards. */
export interface HttpRequest {
  readonly id: string;
  readonly ip: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: { on(event: 'close', run: () => void): unknown };
}

/** The parts of a Fastify reply used by controllers and guards. */
export interface HttpReply {
  status(code: number): HttpReply;
  header(name: string, value: string): HttpReply;
  type(contentType: string): HttpReply;
  send(body: unknown): HttpReply;
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** A header that must be one text. */
export function oneHeader(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What a browser says it is, short enough to keep. */
export const userAgent = (request: HttpRequest): string =>
  (oneHeader(request, 'user-agent') ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 200);
