import { decodeBcd, encodeBcd } from '../bytes/bcd';
import { malformed, unencodable } from '../bytes/faults';
import { LAST_PACKET_ID } from '../v3/packet-id';

/**
 * The device's task buffer as it travels inside v3 data. Codes: atol-protocol facts, two or more independent implementations.
 * C5 (AckAdd) exists, but its layout is nowhere shown and its two describers disagree: it is neither sent nor understood here.
 */
export const TASK_CODE = { add: 0xc1, ack: 0xc2, req: 0xc3, abort: 0xc4, ackAdd: 0xc5 } as const;

export const TASK_FLAG = {
  /** Keep the result until Ack or Abort; without it nothing is stored. */
  needResult: 0x01,
  /** Go on with the queue after this task fails. */
  ignoreError: 0x02,
  /** The task may wait for asynchronous data of an external device. */
  waitAsyncData: 0x04,
} as const;

const KNOWN_FLAGS = 0x07;

export type TaskRequest =
  | { type: 'add'; flags: number; tid: number; task: Buffer }
  | { type: 'ack'; tid: number }
  | { type: 'req'; tid: number }
  | { type: 'abort' };

export type TaskReply =
  | { status: 'pending' }
  | { status: 'inProgress' }
  | { status: 'result'; answer: Buffer }
  | { status: 'error'; answer: Buffer }
  /** Was queued when an earlier task failed. `tid` is present in one implementation only. */
  | { status: 'stopped'; tid?: number }
  | { status: 'asyncResult'; tid: number; answer: Buffer }
  | { status: 'asyncError'; tid: number; answer: Buffer }
  | { status: 'waiting' }
  | { status: 'overflow' }
  | { status: 'alreadyExists' }
  | { status: 'notFound' }
  | { status: 'illegalValue'; parameter: 'flags' | 'tid' | 'unknown' };

export type TaskStatus = TaskReply['status'];

export const TASK_STATUS_CODE: Readonly<Record<TaskStatus, number>> = {
  pending: 0xa1,
  inProgress: 0xa2,
  result: 0xa3,
  error: 0xa4,
  stopped: 0xa5,
  asyncResult: 0xa6,
  asyncError: 0xa7,
  waiting: 0xa8,
  overflow: 0xb1,
  alreadyExists: 0xb2,
  notFound: 0xb3,
  illegalValue: 0xb4,
};

const STATUS_BY_CODE = new Map(
  Object.entries(TASK_STATUS_CODE).map(([status, code]) => [code, status as TaskStatus]),
);

/** Task ids take the values of packet ids: 00..DF, then 00 again. */
export const isTaskId = (tid: number): boolean => Number.isInteger(tid) && tid >= 0 && tid <= LAST_PACKET_ID;

export const hasKnownFlags = (flags: number): boolean => (flags & ~KNOWN_FLAGS) === 0;

const checked = (tid: number): number => {
  if (!isTaskId(tid)) throw unencodable('Task id is out of 00..DF', { tid });
  return tid;
};

export function encodeAdd(flags: number, tid: number, task: Uint8Array): Buffer {
  if (!hasKnownFlags(flags)) throw unencodable('Unknown task flags', { flags });
  const out = Buffer.allocUnsafe(3 + task.length);
  out[0] = TASK_CODE.add;
  out[1] = flags;
  out[2] = checked(tid);
  out.set(task, 3);
  return out;
}

export const encodeAck = (tid: number): Buffer => Buffer.of(TASK_CODE.ack, checked(tid));
export const encodeReq = (tid: number): Buffer => Buffer.of(TASK_CODE.req, checked(tid));
export const encodeAbort = (): Buffer => Buffer.of(TASK_CODE.abort);

/**
 * Device side: what the host asks. Flags and tid are given as they came, so that the buffer can answer B4.
 * @throws FarmError `WIRE-MALFORMED` when the data is no task-buffer request
 */
export function decodeTaskRequest(data: Buffer): TaskRequest {
  const code: number = data[0] ?? 0;
  const second = data[1];
  const third = data[2];
  switch (code) {
    case TASK_CODE.add:
      if (second === undefined || third === undefined) break;
      return { type: 'add', flags: second, tid: third, task: data.subarray(3) };
    case TASK_CODE.ack:
      if (second === undefined) break;
      return { type: 'ack', tid: second };
    case TASK_CODE.req:
      if (second === undefined) break;
      return { type: 'req', tid: second };
    case TASK_CODE.abort:
      return { type: 'abort' };
  }
  throw malformed('Not a task buffer request', { code, bytes: data.length });
}

const ILLEGAL_PARAMETERS = ['flags', 'tid'] as const;

/** Device side: bytes of a reply (A6 and A7 go in a packet with id F0, the rest under the request's id). */
export function encodeTaskReply(reply: TaskReply): Buffer {
  const code = TASK_STATUS_CODE[reply.status];
  switch (reply.status) {
    case 'result':
    case 'error':
      return Buffer.concat([Buffer.of(code), reply.answer]);
    case 'asyncResult':
    case 'asyncError':
      return Buffer.concat([Buffer.of(code, checked(reply.tid)), reply.answer]);
    case 'stopped':
      return reply.tid === undefined ? Buffer.of(code) : Buffer.of(code, checked(reply.tid));
    case 'illegalValue':
      return Buffer.of(code, reply.parameter === 'flags' ? 0 : reply.parameter === 'tid' ? 1 : 0xff);
    default:
      return Buffer.of(code);
  }
}

/**
 * Host side: what the device said.
 * @throws FarmError `WIRE-MALFORMED` for an unknown status byte or a cut message
 */
export function decodeTaskReply(data: Buffer): TaskReply {
  const status = data[0] === undefined ? undefined : STATUS_BY_CODE.get(data[0]);
  const second = data[1];
  switch (status) {
    case undefined:
      break;
    case 'result':
    case 'error':
      return { status, answer: data.subarray(1) };
    case 'asyncResult':
    case 'asyncError':
      if (second === undefined) break;
      return { status, tid: second, answer: data.subarray(2) };
    case 'stopped':
      return second === undefined ? { status } : { status, tid: second };
    case 'illegalValue':
      return { status, parameter: ILLEGAL_PARAMETERS[second ?? -1] ?? 'unknown' };
    default:
      return { status };
  }
  throw malformed('Not a task buffer reply', { code: data[0], bytes: data.length });
}

/** Task = access password (2 BCD bytes, normally 0000) and the command with its parameters. v2 sends the same bytes. */
export interface Task {
  password: number;
  /** Command byte and parameters, as `encodeRequest` of a command row makes them. */
  body: Buffer;
}

export const encodeTask = (body: Uint8Array, password = 0): Buffer =>
  Buffer.concat([encodeBcd(password, 2), body]);

/** @throws FarmError `WIRE-MALFORMED` when there is no command byte or the password is not BCD */
export function decodeTask(bytes: Buffer): Task {
  if (bytes.length < 3) throw malformed('Task has no command', { bytes: bytes.length });
  return { password: decodeBcd(bytes.subarray(0, 2)), body: bytes.subarray(2) };
}
