import { deviceErrorCode, DOCUMENT_BY_WORD } from '@kkt/atol-protocol';
import { decodeTlv, tagByNumber, type TlvNode } from '@kkt/ffd';
import { DeviceRefusal, type KktDevice } from '../../../emulator/src';
import type { Result, Task } from '../driver-call';
import { numberIn } from '../task-fields';

const HEADER_BYTES = 4;
const MICRO = 1_000_000;

/** One document of the archive in the driver's words, and as bytes when asked for. */
export function getFnDocument(device: KktDevice, task: Task): Result {
  const found = device.drive.document(numberIn(task, 'fiscalDocumentNumber') ?? 0);
  if (!found) throw new DeviceRefusal(deviceErrorCode('fnNoData'), 'no such document');
  const inside = found.tlv.subarray(HEADER_BYTES);
  const word = Object.entries(DOCUMENT_BY_WORD).find(([, { form }]) => form === found.head.form)?.[0];
  return {
    documentTLV: { ...inWords(decodeTlv(inside)), short: false, fiscalDocumentType: word },
    ...(task.withRawData === true ? { rawData: inside.toString('base64') } : {}),
  };
}

function inWords(nodes: readonly TlvNode[]): Record<string, unknown> {
  const words: Record<string, unknown> = {};
  for (const node of nodes) {
    const key = String(node.tag);
    const known = words[key];
    if (!tagByNumber(node.tag)?.repeats) words[key] = inWord(node);
    else words[key] = [...(Array.isArray(known) ? (known as unknown[]) : []), inWord(node)];
  }
  return words;
}

function inWord({ tag, value }: TlvNode): unknown {
  const type = tagByNumber(tag)?.type;
  if (Array.isArray(value)) return inWords(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  if (type === 'vln') return Number(value) / 100;
  if (type === 'fvln') return Number(value) / MICRO;
  if (type === 'unixtime') return `${String(value)}+03:00`;
  return typeof value === 'string' ? value.trim() : value;
}
