import type { HostSession } from '../module/host-link';
import type { KktModule } from '../module/kkt-module';

/** A wire in memory: the host's end. */
export interface MemoryPort {
  readonly isOpen: boolean;
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Buffer) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * Connects a host to the module without sockets. Bytes arrive through the module's clock, never inside `write`, so a
 * host sees the same order of events as on a real wire. Undefined when the module cannot be reached or is taken.
 */
export function memoryPort(module: KktModule): MemoryPort | undefined {
  const data: ((bytes: Buffer) => void)[] = [];
  const closed: (() => void)[] = [];
  let open = true;
  const end = (): void => {
    if (!open) return;
    open = false;
    for (const listener of closed) listener();
  };
  const deliver = (bytes: Buffer): void => {
    module.clock.setTimer(0, () => {
      if (open) for (const listener of data) listener(bytes);
    });
  };
  const session: HostSession | undefined = module.connect({
    send: deliver,
    hangUp: () => module.clock.setTimer(0, end),
  });
  if (!session) return undefined;
  return {
    get isOpen() {
      return open;
    },
    write(bytes) {
      const copy = Buffer.from(bytes);
      module.clock.setTimer(0, () => {
        if (open) session.receive(copy);
      });
    },
    onData: (listener) => void data.push(listener),
    onClose: (listener) => void closed.push(listener),
    close() {
      open = false;
      session.closed();
    },
  };
}
