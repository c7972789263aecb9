/** The parts of a Fastify request and reply used here. */
export interface HttpRequest {
  ip: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  query: Record<string, string | string[] | undefined>;
}

export interface HttpReply {
  status(code: number): HttpReply;
  header(name: string, value: string): HttpReply;
  type(contentType: string): HttpReply;
  send(body: unknown): HttpReply;
  redirect(url: string, code?: number): HttpReply;
}

/** A header or query value that must be one text. */
export const oneText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;
