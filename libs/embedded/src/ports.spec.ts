import { createServer } from 'node:net';
import { once } from 'node:events';
import { assertPortFree, canConnect, freePort, isPortFree } from './ports';

const host = '127.0.0.1';

describe('ports', () => {
  it('tell whether someone listens, naming the variable that moves ours', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    expect(await canConnect(port, host)).toBe(false);
    await assertPortFree(port, host, 'SOME_PORT');

    const server = createServer().listen(port, host);
    await once(server, 'listening');
    expect(await isPortFree(port)).toBe(false);
    expect(await canConnect(port, host)).toBe(true);
    await expect(assertPortFree(port, host, 'SOME_PORT')).rejects.toThrow(
      new RegExp(`Port ${port} on 127.0.0.1 is already in use.*SOME_PORT.*SYS-PORT-BUSY`),
    );
    server.close();
  });
});
