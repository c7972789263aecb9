import { createConnection, createServer, type Server } from 'node:net';
import { FrameParser, TASK_CODE } from '@kkt/atol-protocol';

/** The command that opens a receipt; a task begins with it, or with two bytes of a password before it. */
const OPEN_RECEIPT = 0x92;
const TASK_AT = 3;

/** Stands between the driver and modules on TCP and hears when a receipt begins on the wire. */
export class ModuleTaps {
  private readonly servers: Server[] = [];
  /** The module's port behind each of ours. */
  readonly ports = new Map<number, number>();
  /** Called with the moment (ms since the epoch, with fractions) at which the first bytes of a receipt came by. */
  onReceipt: (atMs: number) => void = () => undefined;

  /** A port that leads to the module's. */
  async add(modulePort: number): Promise<number> {
    const server = createServer({ noDelay: true }, (driver) => {
      const module = createConnection({ host: '127.0.0.1', port: modulePort, noDelay: true });
      const parser = new FrameParser();
      driver.on('data', (chunk: Buffer) => {
        const atMs = performance.timeOrigin + performance.now();
        for (const event of parser.push(chunk))
          if (
            event.type === 'frame' &&
            event.data[0] === TASK_CODE.add &&
            event.data.subarray(TASK_AT, TASK_AT + 3).includes(OPEN_RECEIPT)
          )
            this.onReceipt(atMs);
      });
      driver.pipe(module);
      module.pipe(driver);
      driver.on('error', () => module.destroy());
      module.on('error', () => driver.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.servers.push(server);
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    this.ports.set(port, modulePort);
    return port;
  }

  async close(): Promise<void> {
    for (const server of this.servers) await new Promise<void>((done) => server.close(() => done()));
  }
}
