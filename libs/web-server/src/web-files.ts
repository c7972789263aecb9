import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from './security-headers';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

interface WebFile {
  path: string;
  type: string;
  bytes: Buffer;
  br?: Promise<Buffer>;
  gzip?: Promise<Buffer>;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Each file is compressed once, when it is first asked for. */
function encoded(file: WebFile, accepted: string): { bytes: Promise<Buffer> | Buffer; encoding?: string } {
  if (file.bytes.length < 1024 || !/javascript|css|html|svg|json/.test(file.type))
    return { bytes: file.bytes };
  if (/\bbr\b/.test(accepted)) {
    file.br ??= brotli(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } });
    return { bytes: file.br, encoding: 'br' };
  }
  if (/\bgzip\b/.test(accepted))
    return { bytes: (file.gzip ??= zip(file.bytes, { level: 9 })), encoding: 'gzip' };
  return { bytes: file.bytes };
}

function readFiles(folder: string, prefix = ''): WebFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return readFiles(join(folder, entry.name), path);
    const type = types[extname(entry.name)];
    return type === undefined ? [] : [{ path, type, bytes: readFileSync(join(folder, entry.name)) }];
  });
}

const notBuilt = `<!doctype html><html lang="ru"><meta charset="utf-8"><title>Не собрано</title>
<p>Браузерная часть не собрана. Выполните <code>npm run build</code> и запустите процесс снова.</p></html>`;

/**
 * Serves a built web part from memory: hashed assets for a year, the page itself fresh each time, with a nonce for
 * the style sheets that the component kit makes while it runs. Any path without an extension is the page.
 */
export function serveWebFiles(server: FastifyInstance, folder: string): void {
  const files = new Map(
    existsSync(join(folder, 'index.html')) ? readFiles(folder).map((file) => [file.path, file]) : [],
  );
  const page = files.get('/index.html')?.bytes.toString('utf8') ?? notBuilt;

  const sendPage = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .code(files.size > 0 ? 200 : 503)
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .header('cache-control', 'no-store')
      .type(types['.html'] ?? 'text/html')
      .send(page.replaceAll('__CSP_NONCE__', nonce));
  };

  server.get('/*', async (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = path === '/index.html' ? undefined : files.get(path);
    if (file) {
      const { bytes, encoding } = encoded(file, request.headers['accept-encoding']?.toString() ?? '');
      if (encoding) reply.header('content-encoding', encoding);
      return reply
        .header('vary', 'accept-encoding')
        .header(
          'cache-control',
          path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
        )
        .type(file.type)
        .send(await bytes);
    }
    if (path.startsWith('/api/') || /\.[a-z0-9]{2,5}$/i.test(path)) {
      return reply
        .code(404)
        .header('cache-control', 'no-store')
        .send({ error: { code: 'CLIENT-NOT-FOUND', message: 'No such path' } });
    }
    return sendPage(reply);
  });
}
