import { command, commandByCode, decodeTlvs, fnCommandByCode } from '@kkt/atol-protocol';
import { TAG, tagByNumber } from '@kkt/ffd';

/** Requisites about the buyer (152-FZ): their bytes never leave the driver. */
const personal = new Set<number>([
  TAG.buyerContact,
  TAG.buyerName,
  TAG.buyerInn,
  TAG.buyerBirthdate,
  TAG.buyerCitizenship,
  TAG.buyerDocumentCode,
  TAG.buyerDocumentData,
  TAG.buyerAddress,
]);
const stars = (bytes: number): string => '**'.repeat(bytes);
const headBytes = 4;
const passwordBytes = 4;

/** Requisites as hex with the buyer's masked; everything is masked from where it cannot be told apart. */
export function maskTlv(tlv: Buffer): string {
  let text = '';
  let at = 0;
  while (at + headBytes <= tlv.length) {
    const tag = tlv.readUInt16LE(at);
    const end = at + headBytes + tlv.readUInt16LE(at + 2);
    if (end > tlv.length) break;
    const value = tlv.subarray(at + headBytes, end);
    text += tlv.toString('hex', at, at + headBytes);
    text += personal.has(tag) ? stars(value.length) : isGroup(tag) ? maskTlv(value) : value.toString('hex');
    at = end;
  }
  return text + stars(tlv.length - at);
}

const isGroup = (tag: number): boolean => tagByNumber(tag)?.type === 'stlv';

/** Names and lengths of requisites, without their values. */
function tlvWords(tlv: Buffer): string {
  try {
    return decodeTlvs(tlv)
      .map(({ tag, value }) => `${tag} ${tagByNumber(tag)?.printName ?? ''} [${value.length}]`)
      .join(', ');
  } catch {
    return `… ${tlv.length}`;
  }
}

const inWords = (value: unknown): string => {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && (part as { type?: unknown }).type === 'Buffer'
      ? Buffer.from((part as { data: number[] }).data).toString('hex')
      : typeof part === 'bigint'
        ? part.toString()
        : part,
  );
  return text === undefined || text === '{}' ? '' : text;
};

interface Shown {
  out: string;
  in: string | null;
  words: string;
}

/** A command and its answer as an engineer may see them: bytes in hex with what is private masked, and the meaning. */
export function showExchange(body: Buffer, answer: Buffer | null): Shown {
  const [code, second = 0] = body;
  const plain = { out: body.toString('hex'), in: answer?.toString('hex') ?? null };
  try {
    if (code === command('writeAttribute').prefix[0]) {
      const { data } = command('writeAttribute').decodeRequest(body);
      const head = body.subarray(0, body.length - data.length);
      return { ...plain, out: head.toString('hex') + maskTlv(data), words: tlvWords(data) };
    }
    if (code === command('enterMode').prefix[0]) {
      const head = body.subarray(0, body.length - passwordBytes);
      return { ...plain, out: head.toString('hex') + stars(passwordBytes), words: `mode ${second}` };
    }
    const fn = code === 0xa4 ? fnCommandByCode(second) : undefined;
    if (fn?.name === 'readDocumentTlv' && answer) {
      const decoded = fn.decodeAnswer(answer);
      if (!decoded.ok) return { ...plain, words: inWords(decoded) };
      const { tlv } = decoded.data;
      const head = answer.subarray(0, answer.length - tlv.length);
      return { ...plain, in: head.toString('hex') + maskTlv(tlv), words: tlvWords(tlv) };
    }
    const row = code === 0x91 ? undefined : (fn ?? commandByCode(code ?? 0));
    if (!row) return { ...plain, words: '' };
    const asked = inWords(row.decodeRequest(body));
    const said = answer ? inWords(shortAnswer(row.decodeAnswer(answer))) : '';
    return { ...plain, words: [asked, said].filter(Boolean).join(' → ') };
  } catch {
    // Not understood is not known to be harmless: everything behind the command is masked.
    return {
      out: body.toString('hex', 0, 1) + stars(Math.max(0, body.length - 1)),
      in: answer && answer.toString('hex', 0, 2) + stars(Math.max(0, answer.length - 2)),
      words: '',
    };
  }
}

const shortAnswer = (answer: { ok: boolean; data?: unknown }): unknown => (answer.ok ? answer.data : answer);

/** Fields of the vendor's JSON that hold something about the buyer. */
const personalFields = /^(emailOrPhone|vatin|name|birthDate|citizenship|identityDocument.*|address)$/;

/** JSON text with the buyer's fields masked; not JSON: nothing of it. */
export function maskJson(text: string): string {
  if (text === '') return '';
  try {
    return JSON.stringify(maskBuyer(JSON.parse(text), false));
  } catch {
    return `*** [${text.length}]`;
  }
}

function maskBuyer(value: unknown, isBuyer: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => maskBuyer(one, isBuyer));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isBuyer && typeof inner === 'string' && personalFields.test(key)
        ? '***'
        : maskBuyer(inner, isBuyer || /client|buyer/i.test(key)),
    ]),
  );
}
