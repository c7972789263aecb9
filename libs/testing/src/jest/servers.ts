/** Set-up and teardown are loaded apart from each other: what one started is kept where both can see it. */
interface Stoppable {
  stop(): Promise<void>;
}

const shelf = globalThis as typeof globalThis & { kktTestServers?: Stoppable[] };

/** Remembers a server for the teardown; the last kept is the first stopped. */
export function keepServer(server: Stoppable): void {
  (shelf.kktTestServers ??= []).push(server);
}

export async function stopServers(): Promise<void> {
  for (let server = shelf.kktTestServers?.pop(); server; server = shelf.kktTestServers?.pop())
    await server.stop();
}
