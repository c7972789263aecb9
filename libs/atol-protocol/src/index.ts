/**
 * The ATOL device protocol as data and pure functions, for both ends of the wire: transports v2 and v3, the task
 * buffer, commands, registers, fiscal drive commands, errors. No I/O, no timers, no clock.
 */
export { ByteReader, ByteWriter } from './bytes/cursor';
export { decodeBcd, decodeBcdDigits, encodeBcd, encodeBcdDigits } from './bytes/bcd';
export type { Codec, FieldShape, Shape, ValueOf } from './bytes/codec';
export { decodeCp866, encodeCp866 } from './bytes/cp866';
export { crc8 } from './v3/crc8';
export { encodeFrame, isRepeatRequest, MAX_FRAME_DATA, repeatRequest, type Frame } from './v3/frame';
export { FrameParser, type FrameEvent, type FrameParserOptions } from './v3/frame-parser';
export { ASYNC_PACKET_ID, isPacketId, LAST_PACKET_ID, nextPacketId } from './v3/packet-id';
export * from './task/codec';
export * from './decisions';
export * from './commands';
export {
  encodeDeviceError,
  type AnswerHead,
  type Confidence,
  type DeviceAnswer,
  type Exchange,
  type OnSilence,
} from './commands/exchange';
export { TIMEOUT_MS, type TimeoutClass } from './commands/timeouts';
export * from './registers';
export * from './fn';
export * from './attributes/blocks';
export * from './errors';
export * from './driver/task-words';
export {
  TaskBuffer,
  type RunnableTask,
  type TaskBufferLimits,
  type TaskEntry,
  type TaskState,
} from './task/task-buffer';
export {
  decodeV2Frame,
  encodeV2Control,
  encodeV2Frame,
  lrc,
  MAX_V2_DATA,
  V2Parser,
  type V2Control,
  type V2Event,
} from './v2/frame';
export * from './v2/session';
