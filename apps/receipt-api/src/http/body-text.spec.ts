import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { encode } from 'iconv-lite';
import { bodyText } from './body-text';

const text = '{"name":"Чай"}';
const limit = 1000;
const read = (body: Buffer, type?: string, packing?: string) =>
  bodyText(body, { 'content-type': type, 'content-encoding': packing }, limit);

describe('the text of a body', () => {
  it.each<[string, Buffer, string | undefined, string | undefined]>([
    ['UTF-8 without a header', Buffer.from(text), undefined, undefined],
    ['a byte order mark', Buffer.from(`\ufeff${text}`), 'application/json', undefined],
    ['a quoted charset', Buffer.from(text), 'application/json; charset="UTF-8"', undefined],
    ['windows-1251', encode(text, 'windows-1251'), 'application/json; charset=windows-1251', undefined],
    ['gzip', gzipSync(text), 'application/json', 'gzip'],
    ['deflate', deflateSync(text), 'application/json', 'Deflate'],
    ['brotli', brotliCompressSync(text), 'application/json', 'br'],
    ['identity', Buffer.from(text), 'application/json', 'identity'],
  ])('is read from %s', (_, body, type, packing) => {
    expect(read(body, type, packing)).toEqual({ text });
  });

  it.each<[string, Buffer, string | undefined, string | undefined, string]>([
    ['bytes of another charset', encode(text, 'windows-1251'), 'application/json', undefined, 'unreadable'],
    ['a packing that is none', Buffer.from(text), undefined, 'gzip', 'unreadable'],
    ['a bomb', gzipSync(Buffer.alloc(limit + 1)), undefined, 'gzip', 'unreadable'],
    ['an unknown packing', Buffer.from(text), undefined, 'zstd', 'unsupported'],
    ['an unknown charset', Buffer.from(text), 'application/json; charset=klingon', undefined, 'unsupported'],
  ])('%s is a fault', (_, body, type, packing, fault) => {
    expect(read(body, type, packing)).toMatchObject({ fault });
  });
});
