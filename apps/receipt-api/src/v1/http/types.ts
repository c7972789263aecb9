import type { IncomingMessage, ServerResponse } from 'node:http';

/** The parts of a Fastify request that these doors use. */
export interface HttpRequest {
  id: string;
  ip: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: unknown;
  raw: IncomingMessage;
}

/** The parts of a Fastify reply that these doors use. */
export interface HttpReply {
  status(code: number): HttpReply;
  header(name: string, value: string): HttpReply;
  send(body: unknown): void;
  /** From here on the raw response is ours. */
  hijack(): void;
  raw: ServerResponse;
}

/** A header's text; undefined when it is absent or came twice. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
