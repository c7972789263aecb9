import { Agent, request } from 'node:http';

export interface Posted {
  status: number;
  tookMs: number;
  body: string;
}

/** Posts bytes with so many connections kept open. */
export class Poster {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects when no whole answer came in `timeoutMs`. */
  post(path: string, body: Buffer, headers: Record<string, string>, timeoutMs = 30_000): Promise<Posted> {
    return new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const call = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method: 'POST',
          agent: this.agent,
          headers: { 'content-length': String(body.length), ...headers },
          timeout: timeoutMs,
        },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('end', () =>
            resolve({
              status: reply.statusCode ?? 0,
              tookMs: performance.now() - startedMs,
              body: Buffer.concat(chunks).toString(),
            }),
          );
          reply.on('error', reject);
        },
      );
      call.on('timeout', () => call.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
