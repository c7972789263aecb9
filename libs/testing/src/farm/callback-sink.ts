import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop's callback address: keeps every call, answers 200. */
export class CallbackSink {
  readonly calls: Record<string, unknown>[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<CallbackSink> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const sink = new CallbackSink(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    );
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        sink.calls.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
        response.writeHead(200).end('ok');
      });
    });
    return sink;
  }

  /** Statuses that this receipt's callbacks told, in the order in which they came. */
  toldOf(uuid: string): unknown[] {
    return this.calls.filter((call) => call.uuid === uuid).map((call) => call.status);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
