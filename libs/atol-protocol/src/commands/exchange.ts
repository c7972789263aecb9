import type { Codec } from '../bytes/codec';
import { ByteReader, ByteWriter } from '../bytes/cursor';
import { malformed, unencodable } from '../bytes/faults';
import { TIMEOUT_MS, type TimeoutClass } from './timeouts';

/**
 * How an answer begins.
 * - `ext`    `55 err ext data` — the general form
 * - `plain`  `55 err data` — registers, tables, FN commands, payment (99 has no ext byte: 12 bytes in all)
 * - `state`  `55 data` — command 45: no error byte at all
 * - `status` `44 data` — command 3F
 * - `cash`   `4D data` — command 4D
 * - `type`   `err data` — command A5
 * After a non-zero err the answer stops behind ext, whatever the form.
 */
export type AnswerHead = 'ext' | 'plain' | 'state' | 'status' | 'cash' | 'type';

/**
 * What a second execution would do, when the answer to the first was lost.
 * `repeat-safe`: nothing more than the first. `ask-device`: it may register twice; ask for the task's result, then for
 * the device's last document, before anything else.
 */
export type OnSilence = 'repeat-safe' | 'ask-device';

/**
 * How sure a layout is: `agreed` two or more independent implementations; `single` one; `fns` the FNS's own document;
 * `recalled` known to practice, not seen in bytes; `ours` defined by this project because nothing public was found.
 */
export type Confidence = 'agreed' | 'single' | 'fns' | 'recalled' | 'ours';

/** What the device answered: the data, or its refusal (`error` as in the device error table). */
export type DeviceAnswer<T> = { ok: true; data: T } | { ok: false; error: number; ext: number };

export interface RowFacts {
  /** One sentence for people. */
  meaning: string;
  timeoutClass: TimeoutClass;
  onSilence: OnSilence;
  confidence: Confidence;
  /** Modes the device accepts it in (see `DEVICE_MODE`); absent = any. */
  modes?: readonly number[];
}

type RequestArgs<Req> = Record<never, never> extends Req ? [request?: Req] : [request: Req];

/** One command in both directions. Requests are command byte and parameters, without the task's password. */
export interface Exchange<Name extends string, Req, Ans> extends RowFacts {
  readonly name: Name;
  /** First bytes of the request: the command, for A4 and 91 also what it is asked of. */
  readonly prefix: readonly number[];
  readonly head: AnswerHead;
  readonly timeoutMs: number;
  readonly requestLayout: Codec<Req>;
  readonly answerLayout: Codec<Ans>;
  encodeRequest(...request: RequestArgs<Req>): Buffer;
  /** Strict: bytes left over are a malformed request (device error 14, bad length). */
  decodeRequest(request: Buffer): Req;
  encodeAnswer(...data: RequestArgs<Ans>): Buffer;
  encodeError(error: number, ext?: number): Buffer;
  /** Tolerant of bytes behind the layout: newer firmware may add fields. */
  decodeAnswer(answer: Buffer): DeviceAnswer<Ans>;
}

const MARK: Readonly<Record<AnswerHead, number | undefined>> = {
  ext: 0x55,
  plain: 0x55,
  state: 0x55,
  status: 0x44,
  cash: 0x4d,
  type: undefined,
};

const ANSWER_MARK = 0x55;

/** A refusal in the general form; for commands the device does not know there is no row to ask. */
export function encodeDeviceError(error: number, ext = 0): Buffer {
  if (error < 1 || error > 0xff) throw unencodable('Device error is one non-zero byte', { error });
  return Buffer.of(ANSWER_MARK, error, ext);
}

function writeHead(head: AnswerHead): readonly number[] {
  switch (head) {
    case 'ext':
      return [ANSWER_MARK, 0, 0];
    case 'plain':
      return [ANSWER_MARK, 0];
    case 'type':
      return [0];
    case 'state':
    case 'status':
    case 'cash':
      return [MARK[head] ?? 0];
  }
}

/** Reads the head; returns the refusal, or undefined with the reader at the data. */
function readHead(head: AnswerHead, from: ByteReader): { error: number; ext: number } | undefined {
  const first = from.u8();
  const mark = MARK[head];
  const hasError = head === 'ext' || head === 'plain';
  if (head === 'type') return first === 0 ? undefined : { error: first, ext: 0 };
  if (first !== mark && first !== ANSWER_MARK)
    throw malformed('Answer has a wrong first byte', { first, head });
  if (first === mark && !hasError) return undefined;
  const error = from.u8();
  if (error !== 0) return { error, ext: from.left > 0 ? from.u8() : 0 };
  if (first !== mark) throw malformed('Answer says neither data nor error', { head });
  if (head === 'ext' && from.left > 0) from.u8();
  return undefined;
}

function encodeRefusal(head: AnswerHead, error: number, ext: number): Buffer {
  if (head === 'state') throw unencodable('This command has no way to refuse', { error });
  return head === 'type' ? Buffer.of(error) : encodeDeviceError(error, ext);
}

export interface ExchangeSpec<Name extends string, Req, Ans> extends RowFacts {
  name: Name;
  prefix: readonly number[];
  request: Codec<Req>;
  head: AnswerHead;
  answer: Codec<Ans>;
}

/** Makes a row's functions from its layouts. */
export function exchange<Name extends string, Req, Ans>(
  spec: ExchangeSpec<Name, Req, Ans>,
): Exchange<Name, Req, Ans> {
  const { name, prefix, head, request, answer, ...facts } = spec;
  const prefixBytes = Buffer.from(prefix);
  const headBytes = Buffer.from(writeHead(head));
  const empty = {};
  return {
    ...facts,
    name,
    prefix,
    head,
    timeoutMs: TIMEOUT_MS[facts.timeoutClass],
    requestLayout: request,
    answerLayout: answer,
    encodeRequest(...[value]) {
      const out = new ByteWriter();
      out.put(prefixBytes);
      request.write(out, (value ?? empty) as Req);
      return out.toBuffer();
    },
    decodeRequest(bytes) {
      if (bytes.length < prefix.length || !bytes.subarray(0, prefix.length).equals(prefixBytes)) {
        throw malformed('Request belongs to another command', { name, first: bytes[0] });
      }
      const from = new ByteReader(bytes, prefix.length);
      const value = request.read(from);
      if (from.left > 0) throw malformed('Request is longer than its layout', { name, left: from.left });
      return value;
    },
    encodeAnswer(...[value]) {
      const out = new ByteWriter();
      out.put(headBytes);
      answer.write(out, (value ?? empty) as Ans);
      return out.toBuffer();
    },
    encodeError: (error, ext = 0) => encodeRefusal(head, error, ext),
    decodeAnswer(bytes) {
      const from = new ByteReader(bytes);
      const refusal = readHead(head, from);
      return refusal ? { ok: false, ...refusal } : { ok: true, data: answer.read(from) };
    },
  };
}
