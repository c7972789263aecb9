import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop's callback address that keeps when each receipt's callback came whole, ms since the epoch. */
export async function callbackEar(): Promise<{
  url: string;
  cameMs: Map<string, number>;
  close: () => Promise<void>;
}> {
  const cameMs = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { uuid } = JSON.parse(Buffer.concat(chunks).toString()) as { uuid: string };
      if (!cameMs.has(uuid)) cameMs.set(uuid, performance.timeOrigin + performance.now());
      response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    cameMs,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
