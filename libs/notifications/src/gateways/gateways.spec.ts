import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { smsGateway, telegramGateway, voiceGateway } from './http';
import { smtpGateway } from './smtp';

const message = { id: '7', address: '+79161234567', subject: 'Тема', body: 'Текст', files: [] };
const signal = new AbortController().signal;

/** A mail server that takes one conversation at a time and keeps what it was told. */
async function mailServer(answerToRcpt = '250 ok') {
  const commands: string[] = [];
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createTcp((socket) => {
    sockets.add(socket);
    let isData = false;
    let buffer = '';
    socket.write('220 test\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      buffer += bytes.toString('latin1');
      for (;;) {
        if (isData) {
          const end = buffer.indexOf('\r\n.\r\n');
          if (end < 0) return;
          mails.push(buffer.slice(0, end));
          buffer = buffer.slice(end + 5);
          isData = false;
          socket.write('250 taken\r\n');
          continue;
        }
        const end = buffer.indexOf('\r\n');
        if (end < 0) return;
        const command = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        commands.push(command);
        isData = /^DATA/i.test(command);
        socket.write(isData ? '354 go\r\n' : /^RCPT/i.test(command) ? `${answerToRcpt}\r\n` : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    mails,
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

describe('mail', () => {
  it('sends one mail to one address, whatever is in its fields', async () => {
    const server = await mailServer();
    const gateway = smtpGateway({ url: server.url, from: 'Farm <noreply@farm.example>' });
    await gateway.send(
      {
        ...message,
        address: 'a@b.example',
        subject: 'Hi\r\nBcc: evil@c.example',
        files: [{ name: 'x"\r\nX-Evil: 1.pdf', contentType: 'application/pdf', bytes: Buffer.from('PDF') }],
      },
      signal,
    );
    gateway.close();
    server.stop();
    expect(server.commands.filter((command) => /^RCPT/i.test(command))).toEqual(['RCPT TO:<a@b.example>']);
    const [mail = ''] = server.mails;
    const head = mail.slice(0, mail.indexOf('\r\n\r\n'));
    expect(head).not.toMatch(/^(bcc|x-evil)/im);
    expect(mail).not.toMatch(/^x-evil/im);
    expect(head).toMatch(/^Message-ID: <kkt-7@farm\.example>/im);
    expect(mail).toContain(Buffer.from('PDF').toString('base64'));
  });

  it.each([
    ['550 no such box', 'CLIENT-GATEWAY'],
    ['451 later', 'SYS-GATEWAY'],
  ])('after "%s" says %s', async (answer, code) => {
    const server = await mailServer(answer);
    const gateway = smtpGateway({ url: server.url, from: 'noreply@farm.example' });
    await expect(gateway.send({ ...message, address: 'a@b.example' }, signal)).rejects.toMatchObject({
      code,
    });
    gateway.close();
    server.stop();
  });

  it('is tried again when the server is away', async () => {
    const gateway = smtpGateway({ url: 'smtp://127.0.0.1:1', from: 'noreply@farm.example' });
    await expect(gateway.send({ ...message, address: 'a@b.example' }, signal)).rejects.toMatchObject({
      code: 'SYS-GATEWAY',
    });
    gateway.close();
  });
});

async function provider(answer: { status: number; headers?: Record<string, string> }) {
  const calls: { url: string; headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server = createHttp((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => (text += bytes.toString()));
    request.on('end', () => {
      calls.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(text) });
      response.writeHead(answer.status, answer.headers).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('providers over HTTP', () => {
  it('get the message in their form, with a key that stays the same at a repeat', async () => {
    const there = await provider({ status: 202 });
    await smsGateway(`${there.url}/sms`, 'secret').send(message, signal);
    await telegramGateway(there.url, '1:token').send({ ...message, address: '-100' }, signal);
    await voiceGateway(`${there.url}/call`, undefined).send(message, signal);
    there.stop();
    expect(there.calls.map(({ url, body }) => ({ url, body }))).toEqual([
      { url: '/sms', body: { id: 'kkt-7', to: '+79161234567', text: 'Текст' } },
      {
        url: '/bot1:token/sendMessage',
        body: { chat_id: '-100', text: 'Текст', link_preview_options: { is_disabled: true } },
      },
      { url: '/call', body: { id: 'kkt-7', to: '+79161234567', text: 'Текст', repeat: 2 } },
    ]);
    expect(there.calls[0]?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'idempotency-key': 'kkt-7',
    });
  });

  it.each([
    [400, undefined, 'CLIENT-GATEWAY', undefined],
    [404, undefined, 'CLIENT-GATEWAY', undefined],
    [401, undefined, 'SYS-GATEWAY', undefined],
    [429, '30', 'SYS-GATEWAY', 30],
    [503, undefined, 'SYS-GATEWAY', undefined],
  ])('HTTP %i (Retry-After %s) is %s', async (status, retryAfter, code, retryAfterS) => {
    const there = await provider({ status, headers: retryAfter ? { 'retry-after': retryAfter } : {} });
    await expect(smsGateway(there.url, undefined).send(message, signal)).rejects.toMatchObject({
      code,
      context: { status, retryAfterS },
    });
    there.stop();
  });
});
