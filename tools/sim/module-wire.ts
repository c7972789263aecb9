import { FarmError } from '@kkt/contracts';
import type { HostSession, KktModule } from '@hardware/emulator';
import type { Wire } from '@kkt/kkt-driver';
import type { SimClock } from './clock';
import type { SimProcess } from './process';
import { type Connect, ownLine } from './shared-lines';

const nothing = (): void => undefined;
/** One way through a switch and a module's socket. */
const wayMs = 0.3;

/** Looks at bytes that leave the host: how many of them do, and what happens right behind them. */
export type WriteHook = (bytes: Uint8Array) => { bytesOut: number; then: () => void } | undefined;

interface Line {
  session: HostSession;
  /** One of the two ends is gone. */
  isOver: boolean;
}

/**
 * A process's connection to an emulated module. The connection belongs to the kernel: when the process dies it is
 * closed, what was written before still arrives.
 */
export class ModuleWire implements Wire {
  readonly name: string;
  onData: (chunk: Buffer) => void = nothing;
  onLost: (error: FarmError) => void = nothing;
  onWrite: WriteHook | undefined;
  private line: Line | undefined;

  constructor(
    private readonly module: KktModule,
    private readonly process: SimProcess,
    private readonly clock: SimClock,
    private readonly note: (what: string) => void,
    private readonly connectTo: Connect = ownLine,
  ) {
    this.name = `sim://${module.serial}`;
    process.onDeath(() => this.end());
  }

  open(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      this.clock.setTimer(2 * wayMs, () =>
        this.process.enter(() => {
          if (signal.aborted) return reject(signal.reason as Error);
          this.line = this.connect();
          this.note(this.line ? 'opened' : 'not reachable');
          if (this.line) resolve();
          else reject(new FarmError('WIRE-OPEN', 'The module cannot be reached', { wire: this.name }));
        }),
      );
    });
  }

  write(bytes: Uint8Array): void {
    const { line } = this;
    if (!line || !this.process.alive) return;
    const verdict = this.onWrite?.(bytes);
    const copy = Buffer.from(bytes.subarray(0, verdict?.bytesOut));
    this.note(`> ${copy.toString('hex')}`);
    if (copy.length > 0) this.clock.setTimer(wayMs, () => line.isOver || line.session.receive(copy));
    verdict?.then();
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  private connect(): Line | undefined {
    const line: Partial<Line> = { isOver: false };
    const later = (run: () => void): void => {
      this.clock.setTimer(wayMs, () => {
        if (this.line === line) this.process.enter(() => this.line === line && run());
      });
    };
    // A socket gives everything that has come at once: what is sent in one moment arrives as one piece.
    let sent: { atMs: number; bytes: Buffer[] } | undefined;
    const session = this.connectTo(this.module, {
      send: (bytes) => {
        const atMs = this.clock.monotonicMs();
        if (sent?.atMs === atMs) return void sent.bytes.push(Buffer.from(bytes));
        const piece = { atMs, bytes: [Buffer.from(bytes)] };
        sent = piece;
        later(() => this.onData(piece.bytes.length === 1 ? piece.bytes[0]! : Buffer.concat(piece.bytes)));
      },
      hangUp: () => {
        line.isOver = true;
        later(() => {
          this.line = undefined;
          this.onLost(new FarmError('WIRE-LOST', 'The module hung up', { wire: this.name }));
        });
      },
    });
    if (!session) return undefined;
    return Object.assign(line, { session }) as Line;
  }

  private end(): void {
    const { line } = this;
    this.line = undefined;
    // The farewell travels behind what was written.
    if (line) this.clock.setTimer(wayMs, () => this.farewell(line));
  }

  private farewell(line: Line): void {
    if (line.isOver) return;
    line.isOver = true;
    line.session.closed();
  }
}
