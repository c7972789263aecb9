import type { ReceiptItem } from '@kkt/contracts';
import { encodeFrame, FrameParser } from '@kkt/atol-protocol';
import { decodeTlv, encodeTlv, receiptDocumentFields, receiptRequisites } from '@kkt/ffd';
import { type Figure, median, row } from '../row';
import { threeItems } from '../sample-receipt';

const inn = '7704358518';
const facts = {
  ffd: 4 as const,
  rnm: '0000000001000000',
  inn,
  userName: 'ООО «Пример»',
  place: 'https://shop.example',
  address: '127006, г. Москва, ул. Примерная, д. 1',
  fnsSite: 'www.nalog.gov.ru',
  sellerEmail: 'check@shop.example',
};

/** The fields of a receipt whose TLV is about a kilobyte. */
function kilobyte() {
  const content = threeItems(inn);
  const items: ReceiptItem[] = [...content.items, ...content.items, ...content.items].slice(0, 8);
  const totalKop = items.reduce((sum, { sumKop }) => sum + sumKop, 0);
  const whole = { ...content, items, totalKop, payments: { ...content.payments, ecashKop: totalKop } };
  return receiptDocumentFields(receiptRequisites(whole, facts), facts, {
    fnNumber: '9999078900000001',
    fdNumber: 12_345,
    at: '2026-11-23T12:00:00',
    fiscalSign: 3_141_592_653,
    shiftNumber: 12,
    receiptNumber: 34,
  });
}

/** Microseconds of one call, the median of so many runs, each long enough to be told from noise. */
function usOf(job: () => unknown, repeats: number, runMs: number): number {
  let kept: unknown;
  const turns = (count: number): number => {
    const since = performance.now();
    for (let turn = 0; turn < count; turn += 1) kept = job();
    return performance.now() - since;
  };
  let count = 64;
  while (turns(count) < runMs) count *= 2;
  const runs = Array.from({ length: repeats }, () => (turns(count) * 1_000) / count);
  if (kept === undefined) throw new Error('nothing was made');
  return median(runs);
}

/** TLV of a receipt beside JSON of the same fields and a plain copy of the bytes. */
export const tlv: Figure = {
  name: 'tlv',
  quickS: 2,
  about: 'TLV encode/decode of a 1 KB receipt beside JSON and memcpy',
  run({ quick, repeats }) {
    const fields = kilobyte();
    const bytes = encodeTlv(fields);
    const text = JSON.stringify(fields);
    const target = Buffer.alloc(bytes.length);
    const us = (job: () => unknown): number => usOf(job, repeats, quick ? 40 : 200);
    const encodeUs = us(() => encodeTlv(fields));
    const decodeUs = us(() => decodeTlv(bytes));
    const stringifyUs = us(() => JSON.stringify(fields));
    const parseUs = us(() => JSON.parse(text));
    const copyUs = us(() => bytes.copy(target));
    const note = `${bytes.length} bytes of TLV, ${Buffer.byteLength(text)} of JSON; a plain copy of the TLV takes ${copyUs.toFixed(3)} µs`;
    const beside = (what: string, value: number, json: number, name: string) =>
      row({ what, value, unit: 'µs', beside: json, besideWhat: name, goal: 1, goalIs: 'most', note });
    return Promise.resolve([
      beside('TLV encode, 1 KB receipt', encodeUs, stringifyUs, 'JSON.stringify of the same fields'),
      beside('TLV decode, 1 KB receipt', decodeUs, parseUs, 'JSON.parse of the same fields'),
    ]);
  },
};

/** v3 framing of a stream of receipt-sized frames beside a scan for the start byte. */
export const framing: Figure = {
  name: 'framing',
  quickS: 2,
  about: 'v3 framing, MB/s, beside a Buffer scan for FE',
  run({ quick, repeats }) {
    const body = encodeTlv(kilobyte()).subarray(0, 240);
    const stream = Buffer.concat(Array.from({ length: 256 }, (_, index) => encodeFrame(index % 0xe0, body)));
    const chunks = Array.from({ length: Math.ceil(stream.length / 4096) }, (_, index) =>
      stream.subarray(index * 4096, (index + 1) * 4096),
    );
    const megabytes = stream.length / 1e6;
    const perS = (us: number): number => (megabytes * 1e6) / us;
    const us = (job: () => unknown): number => usOf(job, repeats, quick ? 60 : 300);
    const parse = (): number => {
      const parser = new FrameParser();
      let frames = 0;
      for (const chunk of chunks) frames += parser.push(chunk).length;
      if (frames < 256) throw new Error(`${frames} frames of 256 were found`);
      return frames;
    };
    const scan = (): number => {
      let found = 0;
      for (let at = stream.indexOf(0xfe); at >= 0; at = stream.indexOf(0xfe, at + 1)) found += 1;
      return found;
    };
    return Promise.resolve([
      row({
        what: 'v3 framing: parse frames of 240 bytes',
        value: perS(us(parse)),
        unit: 'MB/s',
        beside: perS(us(scan)),
        besideWhat: 'Buffer scan for FE',
        note: 'unescapes, checks CRC8 and copies each frame; a scan only finds a byte. A module’s line carries 0.01–1 MB/s',
      }),
      row({
        what: 'v3 framing: encode frames of 240 bytes',
        value: 240 / us(() => encodeFrame(1, body)),
        unit: 'MB/s',
      }),
    ]);
  },
};
