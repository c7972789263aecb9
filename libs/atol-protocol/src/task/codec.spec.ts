import fc from 'fast-check';
import {
  decodeTask,
  decodeTaskReply,
  decodeTaskRequest,
  encodeAbort,
  encodeAck,
  encodeAdd,
  encodeReq,
  encodeTask,
  encodeTaskReply,
  TASK_FLAG,
  type TaskReply,
} from './codec';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');
const tid = fc.integer({ min: 0, max: 0xdf });
const raw = fc.uint8Array({ maxLength: 30 }).map((all) => Buffer.from(all));

describe('task buffer on the wire', () => {
  it('writes the captured requests (R1, R2, R3)', () => {
    expect(encodeAbort()).toEqual(hex('C4'));
    expect(encodeAdd(TASK_FLAG.needResult, 2, encodeTask(hex('A5')))).toEqual(hex('C1 01 02 00 00 A5'));
    expect(encodeReq(2)).toEqual(hex('C3 02'));
    expect(encodeAck(2)).toEqual(hex('C2 02'));
  });

  it.each<[string, TaskReply]>([
    ['A1', { status: 'pending' }],
    ['A2', { status: 'inProgress' }],
    ['A3 55 01 00', { status: 'result', answer: hex('55 01 00') }],
    ['A3', { status: 'result', answer: hex('') }],
    ['A4 55 9A 00', { status: 'error', answer: hex('55 9A 00') }],
    ['A5', { status: 'stopped' }],
    ['A5 07', { status: 'stopped', tid: 7 }],
    ['A6 57 55 00 00', { status: 'asyncResult', tid: 0x57, answer: hex('55 00 00') }],
    ['A7 04 55 9A 00', { status: 'asyncError', tid: 4, answer: hex('55 9A 00') }],
    ['A8', { status: 'waiting' }],
    ['B1', { status: 'overflow' }],
    ['B2', { status: 'alreadyExists' }],
    ['B3', { status: 'notFound' }],
    ['B4 00', { status: 'illegalValue', parameter: 'flags' }],
    ['B4 01', { status: 'illegalValue', parameter: 'tid' }],
  ])('reply %s', (bytes, reply) => {
    expect(encodeTaskReply(reply)).toEqual(hex(bytes));
    expect(decodeTaskReply(hex(bytes))).toEqual(reply);
  });

  it.each(['', 'A6', 'A0', 'B5', '55 00'])('refuses %p as a reply', (bytes) => {
    expect(() => decodeTaskReply(hex(bytes))).toThrow('WIRE-MALFORMED');
  });

  it.each(['', 'C1', 'C1 01', 'C2', 'C3', 'C5 01 02 00 00 3F', '00'])('refuses %p as a request', (bytes) => {
    expect(() => decodeTaskRequest(hex(bytes))).toThrow('WIRE-MALFORMED');
  });

  it('gives bad flags and ids to the device as they came, and sends none', () => {
    expect(decodeTaskRequest(hex('C1 08 E0 00 00 3F'))).toMatchObject({ flags: 8, tid: 0xe0 });
    expect(() => encodeAdd(8, 0, hex('3F'))).toThrow('SYS-UNENCODABLE');
    expect(() => encodeReq(0xe0)).toThrow('SYS-UNENCODABLE');
  });

  it('reads every request back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), tid, raw, (flags, id, task) => {
        expect(decodeTaskRequest(encodeAdd(flags, id, task))).toEqual({ type: 'add', flags, tid: id, task });
        expect(decodeTaskRequest(encodeAck(id))).toEqual({ type: 'ack', tid: id });
        expect(decodeTaskRequest(encodeReq(id))).toEqual({ type: 'req', tid: id });
        expect(decodeTaskRequest(encodeAbort())).toEqual({ type: 'abort' });
      }),
    );
  });

  it('puts the password in two BCD bytes before the command', () => {
    expect(encodeTask(hex('3F'))).toEqual(hex('00 00 3F'));
    expect(encodeTask(hex('3F'), 1234)).toEqual(hex('12 34 3F'));
    expect(decodeTask(hex('12 34 91 2C 00 00'))).toEqual({ password: 1234, body: hex('91 2C 00 00') });
    expect(() => decodeTask(hex('00 00'))).toThrow('WIRE-MALFORMED');
    expect(() => decodeTask(hex('0A 00 3F'))).toThrow('WIRE-MALFORMED');
  });
});
