import type { HostLink, HostSession, KktModule } from '@hardware/emulator';

/** A way to a module: a module's own socket takes one host, a line with many ends takes all. */
export type Connect = (module: KktModule, link: HostLink) => HostSession | undefined;

export const ownLine: Connect = (module, link) => module.connect(link);

interface Line {
  session: HostSession;
  ends: Set<HostLink>;
}

/**
 * Serial modules behind a device server that lets several hosts at one line, as many do when they are set so: what any
 * host writes reaches the module, what the module says reaches every host. Only leases hold two drivers apart here.
 */
export function sharedLines(): Connect {
  const lines = new Map<KktModule, Line>();
  return (module, link) => {
    const line = lines.get(module) ?? open(lines, module);
    if (!line) return undefined;
    line.ends.add(link);
    return {
      receive: (bytes) => line.session.receive(bytes),
      closed: () => {
        line.ends.delete(link);
        if (line.ends.size > 0 || lines.get(module) !== line) return;
        lines.delete(module);
        line.session.closed();
      },
    };
  };
}

function open(lines: Map<KktModule, Line>, module: KktModule): Line | undefined {
  const ends = new Set<HostLink>();
  const session = module.connect({
    send: (bytes) => ends.forEach((end) => end.send(bytes)),
    hangUp: () => {
      lines.delete(module);
      for (const end of [...ends]) end.hangUp();
    },
  });
  if (!session) return undefined;
  const line: Line = { session, ends };
  lines.set(module, line);
  return line;
}
