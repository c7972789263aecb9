import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { decode, encodingExists } from 'iconv-lite';

/** A request body as text, or why it is none. */
export type BodyText = { text: string } | { fault: 'unreadable' | 'unsupported'; what: string };

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

const byteOrderMark = 0xfeff;
const withoutMark = (text: string): string => (text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);

const utf8Names: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

const charsetOf = (contentType: string | undefined): string | undefined =>
  contentType === undefined
    ? undefined
    : /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase();

/**
 * Bytes of a body to its text: unpacked when the client packed it, read in the charset it names (UTF-8 when it names
 * none), without the byte order mark that some editors and libraries put in front. Bytes that are no text of their
 * charset are a fault, not a text with holes: a receipt would bear them for ever.
 */
export function bodyText(
  body: Buffer,
  headers: { 'content-type'?: string | undefined; 'content-encoding'?: string | undefined },
  maxBytes: number,
): BodyText {
  const packing = headers['content-encoding']?.trim().toLowerCase() ?? '';
  let bytes = body;
  if (packing !== '' && packing !== 'identity') {
    const unpack = unpackers[packing];
    if (!unpack) return { fault: 'unsupported', what: `Content-Encoding ${packing.slice(0, 50)}` };
    try {
      bytes = unpack(body, { maxOutputLength: maxBytes });
    } catch {
      return { fault: 'unreadable', what: packing };
    }
  }
  const charset: string = charsetOf(headers['content-type']) ?? 'utf-8';
  if (utf8Names.has(charset))
    return isUtf8(bytes) ? { text: withoutMark(bytes.toString()) } : { fault: 'unreadable', what: 'utf-8' };
  const isKnown: boolean = encodingExists(charset);
  if (!isKnown) return { fault: 'unsupported', what: `charset ${charset.slice(0, 50)}` };
  return { text: withoutMark(decode(bytes, charset)) };
}
