import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { systemClock } from '@kkt/contracts';
import type { CallbackPolicy } from '@kkt/security';
import { createCallbackPost, type PostOptions, type Resolve } from './post';

/** Self-signed, for shop.example, made for this test alone. */
const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgE6j3ySpv3/yHTu6u
2k1XoZW6rM26p/a+ebk3AooS9AqhRANCAAQaxQiJmY8BXYw4w7qBHhb+Z5i8/zh2
MwVhRjAY4nUHSyYQ8yvWuJ03uioJV/QvTFkpCLN6LdcfDlJQ/LV/fiey
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBnTCCAUSgAwIBAgIUObXn2Tew0g7grIcdipqYCMmSnREwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMCAXDTI2MTEyMzE0NTM1M1oYDzIxMjYx
MDMwMTQ1MzUzWjAXMRUwEwYDVQQDDAxzaG9wLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQaxQiJmY8BXYw4w7qBHhb+Z5i8/zh2MwVhRjAY4nUHSyYQ
8yvWuJ03uioJV/QvTFkpCLN6LdcfDlJQ/LV/fieyo2wwajAdBgNVHQ4EFgQUovxD
/EjFWhvYqAMQ2MLLXNWzWyUwHwYDVR0jBBgwFoAUovxD/EjFWhvYqAMQ2MLLXNWz
WyUwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxzaG9wLmV4YW1wbGUwCgYI
KoZIzj0EAwIDRwAwRAIgcpDxAM/v5aAqPEmj9Zh3UiyxkLPPNsbSVgu0i85xktIC
ICGi/G5cNAP9UsgX7cInvJwQMfp8yPuHiHAM5VMFcpHg
-----END CERTIFICATE-----`,
};

const publicOnly: CallbackPolicy = { allowHttp: true, extraPorts: 'any', allowPrivate: false };
const desk: CallbackPolicy = { allowHttp: true, extraPorts: 'any', allowPrivate: true };

const open: (Server | { close(): void })[] = [];
const sockets = new Set<Socket>();

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  server.on('connection', (socket) => sockets.add(socket));
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serveRaw(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of open.splice(0)) server.close();
});

const send = (url: string, options: Partial<PostOptions> = {}, attempts = 0) =>
  createCallbackPost({ policy: desk, clock: systemClock, ...options })({
    url,
    body: '{"uuid":"1","текст":"чек"}',
    headers: { 'content-type': 'application/json; charset=utf-8', 'webhook-id': 'receipt_1' },
    attempts,
  });

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

describe('a callback', () => {
  it('arrives with its bytes and headers as given, and the status comes back', async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const port = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        seen.push({ request, body });
        response.writeHead(201).end('thanks');
      });
    });
    expect(await send(`http://127.0.0.1:${port}/cb?x=1`)).toEqual({ status: 201 });
    expect(seen[0]?.body).toBe('{"uuid":"1","текст":"чек"}');
    expect(seen[0]?.request).toMatchObject({ method: 'POST', url: '/cb?x=1' });
    expect(seen[0]?.request.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'webhook-id': 'receipt_1',
      host: `127.0.0.1:${port}`,
    });
    expect(seen[0]?.request.headers).not.toHaveProperty('cookie');
  });

  it.each([200, 204, 400, 404, 410, 500, 503])('tells status %i', async (status) => {
    const port = await serve((_, response) => void response.writeHead(status).end());
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status });
  });

  it('goes to the address that was checked, whatever the name says later', async () => {
    const hosts: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      hosts.push(request.headers.host);
      response.end();
    });
    const asked: string[] = [];
    const resolve: Resolve = (host) => {
      asked.push(host);
      return Promise.resolve(['127.0.0.1']);
    };
    await send(`http://shop.example.invalid:${port}/`, { resolve });
    expect(asked).toEqual(['shop.example.invalid']);
    expect(hosts).toEqual([`shop.example.invalid:${port}`]);
  });

  it('is checked anew at each attempt: a name that has moved inside meanwhile is not called', async () => {
    const answers = [['93.184.216.34'], ['10.0.0.1']];
    const resolve: Resolve = () => Promise.resolve(answers.shift() ?? []);
    const guarded = { policy: { allowHttp: true, extraPorts: 'any', allowPrivate: false } as const, resolve };
    await expect(
      send('http://shop.example:1/', { ...guarded, connectTimeoutMs: 1, totalTimeoutMs: 1 }),
    ).rejects.toMatchObject({ code: 'WIRE-CALLBACK' });
    await expect(send('http://shop.example:1/', guarded, 1)).rejects.toMatchObject({
      code: 'CLIENT-CALLBACK-ADDRESS',
    });
  });

  it('tries the next address of a name at the next attempt', async () => {
    const port = await serve((_, response) => void response.end());
    const resolve: Resolve = () => Promise.resolve(['127.0.0.2', '127.0.0.1']);
    await expect(send(`http://shop.example:${port}/`, { resolve }, 0)).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
    });
    expect(await send(`http://shop.example:${port}/`, { resolve }, 1)).toEqual({ status: 200 });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i), so no chain of them', async (status) => {
    let wasReached = false;
    const inner = await serve((_, response) => {
      wasReached = true;
      response.end();
    });
    const port = await serve(
      (_, response) =>
        void response.writeHead(status, { location: `http://127.0.0.1:${inner}/latest/meta-data` }).end(),
    );
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status });
    expect(wasReached).toBe(false);
  });

  it('does not read more than it must of a huge answer', async () => {
    let written = 0;
    const port = await serve((_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (!response.destroyed && written < 2 ** 30) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status: 200 });
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  const late = (what: string, handler: RequestListener, expected: object) =>
    it(`is not held up by ${what}`, async () => {
      const port = await serve(handler);
      const result = await send(`http://127.0.0.1:${port}/`, { totalTimeoutMs: 300 }).catch(
        (error: unknown) => error,
      );
      expect(result).toMatchObject(expected);
    });
  late('a server that never answers', () => undefined, { code: 'WIRE-CALLBACK' });
  late(
    'a body that drips',
    (_, response: ServerResponse) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    },
    { status: 200 },
  );

  it('is not held up by headers that drip', async () => {
    const port = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(send(`http://127.0.0.1:${port}/`, { totalTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
      message: expect.stringContaining('нет ответа') as string,
    });
  });

  it('is not held up by a handshake that never comes', async () => {
    const port = await serveRaw(() => undefined);
    await expect(send(`https://127.0.0.1:${port}/`, { connectTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
      message: expect.stringContaining('нет соединения') as string,
    });
  });

  it('asks for the name it calls and takes no certificate that nobody vouches for', async () => {
    const names: (string | boolean | undefined)[] = [];
    const server = createTlsServer({
      ...selfSigned,
      SNICallback: (name, done) => (names.push(name), done(null)),
    });
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.on('tlsClientError', () => undefined);
    let wasRequested = false;
    server.on('secureConnection', (socket) => socket.on('data', () => (wasRequested = true)));
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(
      send(`https://shop.example:${port}/`, { resolve: () => Promise.resolve(['127.0.0.1']) }),
    ).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
      message: expect.stringContaining('сертификат') as string,
    });
    expect(names).toEqual(['shop.example']);
    expect(wasRequested).toBe(false);
  });

  it('is not held up by a name service that is silent', async () => {
    const resolve: Resolve = () => new Promise(() => undefined);
    await expect(send('https://shop.example/', { resolve, totalTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
    });
  });

  it.each([
    ['nonsense', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['nothing and a closed connection', (socket: Socket) => socket.end()],
    ['a reset', (socket: Socket) => socket.resetAndDestroy()],
    [
      'headers without end',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`),
    ],
  ])('fails cleanly on %s', async (_, handler) => {
    const port = await serveRaw((socket) => void handler(socket));
    await expect(send(`http://127.0.0.1:${port}/`, { totalTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'WIRE-CALLBACK',
    });
  });

  it('stops when it is told to', async () => {
    const port = await serve(() => undefined);
    const stop = new AbortController();
    const sent = createCallbackPost({ policy: desk, clock: systemClock })({
      url: `http://127.0.0.1:${port}/`,
      body: '{}',
      headers: {},
      attempts: 0,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 50);
    await expect(sent).rejects.toMatchObject({ code: 'WIRE-CALLBACK' });
  });
});

describe('a callback never reaches a private network', () => {
  const nobody: Resolve = (host) => Promise.reject(new Error(`resolved ${host}`));

  // Refused by their text: no name is resolved, no connection made.
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1.:80/',
    'http://%31%32%37.0.0.1/',
    'http://①②⑦.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fc00::1]/',
    'http://[fe80::1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[fec0::1]/',
    'http://[fd00:ec2::254]/latest/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://0x7f000001/',
    'http://127.000.000.001/',
    'http://127。0。0。1/',
    'http://１２７.0.0.1/',
    'http://169.254.169.254./',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0/',
    'http://127.0.0.1\t/',
    'http://metadata.internal./',
    'http://[::1%25lo]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://intranet/',
    'http://user@shop.example/',
    'https://ok.example:x@127.0.0.1/',
    'https://ok.example@127.0.0.1/',
    'https://shop.example/#part',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'file:///etc/passwd',
    'ftp://shop.example/',
    'javascript:alert(1)',
    '//shop.example/',
    'shop.example/cb',
    'http:///',
    '',
    `https://shop.example/${'a'.repeat(300)}`,
    `https://${'a'.repeat(2_000_000)}.example/`,
  ])('%#: %.60s', async (url) => {
    await expect(send(url, { policy: publicOnly, resolve: nobody })).rejects.toMatchObject({
      code: 'CLIENT-CALLBACK-URL',
    });
  });

  // Names that lead inside: found at each attempt, whatever other addresses they have.
  it.each([
    [['127.0.0.1']],
    [['93.184.216.34', '10.0.0.1']],
    [['10.0.0.1', '93.184.216.34']],
    [['93.184.216.34', '::1']],
    [['::ffff:10.0.0.1']],
    [['::10.0.0.1']],
    [['64:ff9b::a00:1']],
    [['2002:a00:1::1']],
    [['fe80::1']],
    [['224.0.0.251']],
    [['93.184.216.34', '100.64.0.1']],
    [['fd00:ec2::254']],
    [['169.254.169.254']],
    [['100.100.100.200']],
    [['0.0.0.0']],
    [['not an address']],
  ])('a name with the addresses %p', async (addresses) => {
    await expect(
      send('https://shop.example/', { policy: publicOnly, resolve: () => Promise.resolve(addresses) }),
    ).rejects.toMatchObject({ code: 'CLIENT-CALLBACK-ADDRESS' });
  });

  it('nor a port outside the list', async () => {
    for (const port of [22, 25, 5432, 6379])
      await expect(
        send(`http://shop.example:${port}/`, { policy: { ...publicOnly, extraPorts: [] }, resolve: nobody }),
      ).rejects.toMatchObject({ code: 'CLIENT-CALLBACK-URL' });
  });

  it('nor another host by a line break in the path', async () => {
    const seen: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      seen.push(request.url);
      response.end();
    });
    await send(`http://127.0.0.1:${port}/a\r\nHost: evil\r\n\r\nGET /b`).catch(() => undefined);
    for (const path of seen) expect(path).not.toMatch(/[\r\n ]/);
    expect(seen.length).toBeLessThanOrEqual(1);
  });
});
