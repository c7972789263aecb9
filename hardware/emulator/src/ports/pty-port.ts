import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HostSession } from '../module/host-link';
import type { KktModule } from '../module/kkt-module';
import type { ModulePort } from './port';
import { Pty } from './pty';

/**
 * USB-CDC port of a module: a pseudo-terminal behind a stable name, as udev makes one by the serial number. The name
 * is there while the module has power and cable. A serial line cannot tell who is at the other end, so one session
 * lasts as long as the line does.
 */
export class PtyPort implements ModulePort {
  private line: { pty: Pty; session: HostSession } | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly module: KktModule,
    /** The stable name. */
    private readonly link: string,
  ) {}

  open(): Promise<void> {
    mkdirSync(dirname(this.link), { recursive: true });
    this.stopListening = this.module.onEvent(() => this.follow());
    this.follow();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.stopListening?.();
    this.down();
    return Promise.resolve();
  }

  private follow(): void {
    const isOurs = this.module.isReachable && !this.module.isTaken;
    if (isOurs && !this.line) this.up();
    else if (!isOurs && this.line) this.down();
  }

  private up(): void {
    const pty = new Pty((bytes) => this.line?.session.receive(bytes));
    const session = this.module.connect({ send: (bytes) => pty.write(bytes), hangUp: () => undefined });
    if (!session) {
      pty.close();
      return;
    }
    this.line = { pty, session };
    // Replaced by rename, so that a reader never finds the name missing.
    symlinkSync(pty.path, `${this.link}.new`);
    renameSync(`${this.link}.new`, this.link);
  }

  private down(): void {
    const { line } = this;
    this.line = undefined;
    rmSync(this.link, { force: true });
    line?.session.closed();
    line?.pty.close();
  }
}
