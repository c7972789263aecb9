import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReferenceOperatorClient } from './operator-client';

const document = (fdNumber: number) => ({
  fdNumber,
  form: 3,
  fiscalSign: fdNumber,
  totalKop: fdNumber % 2 ? 100 : null,
  at: '2026-11-23T12:00:31',
});

describe('the reference operator’s API', () => {
  let server: Server;
  let baseUrl: string;
  let asked: { url: URL; key: string | undefined }[] = [];
  let answer: (url: URL) => { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://operator');
      asked.push({ url, key: request.headers['x-api-key'] as string | undefined });
      const { status, body } = answer(url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  beforeEach(() => {
    asked = [];
    let last = 25;
    // One more arrives between two pages: the newest come first, so the pages move on.
    answer = ({ searchParams }) => {
      const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
      const all = Array.from({ length: last }, (_, n) => document(last - n));
      last += 1;
      return { status: 200, body: JSON.stringify({ documents: all.slice(offset, offset + limit) }) };
    };
  });

  const client = () => new ReferenceOperatorClient({ baseUrl, apiKey: 'k'.repeat(16), pageSize: 10 });
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

  it('is read page by page, each document once, none missed', async () => {
    const found = await client().documents('9999000000000001', 1);
    expect(found.map(({ fdNumber }) => fdNumber).sort((a, b) => a - b)).toEqual(numbers(1, 25));
    expect(found.find(({ fdNumber }) => fdNumber === 2)).toEqual(document(2));
    expect(asked).toHaveLength(3);
    expect(asked[0]?.key).toBe('k'.repeat(16));
    expect(asked[0]?.url.searchParams.get('fn')).toBe('9999000000000001');
  });

  it('is not read further than asked', async () => {
    const found = await client().documents('9999000000000001', 20);
    expect(found.map(({ fdNumber }) => fdNumber).sort((a, b) => a - b)).toEqual(numbers(20, 25));
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['OFD-REFUSED', { status: 401, body: '{}' }],
    ['OFD-MALFORMED', { status: 200, body: '{"documents":[{"fdNumber":"1"}]}' }],
    ['OFD-SILENT', { status: 200, body: '<html>' }],
  ])('that fails is %s', async (code, given) => {
    answer = () => given;
    await expect(client().documents('9999000000000001', 1)).rejects.toMatchObject({ code });
  });

  it('that is away is OFD-SILENT, and waiting for it can be ended', async () => {
    const away = new ReferenceOperatorClient({ baseUrl: 'http://127.0.0.1:1' });
    await expect(away.documents('9999000000000001', 1)).rejects.toMatchObject({ code: 'OFD-SILENT' });
    const stopped = AbortSignal.abort(new Error('stop'));
    await expect(client().documents('9999000000000001', 1, stopped)).rejects.toThrow('stop');
  });
});
