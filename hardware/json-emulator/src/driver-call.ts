import { attributeBlocks, COMMANDS, deviceError, type Exchange } from '@kkt/atol-protocol';
import { FarmError } from '@kkt/contracts';
import { encodeTlv, type TlvNode } from '@kkt/ffd';
import { DeviceRefusal, deviceRefusalOf, FnRefusal, handlerByCode, type KktDevice } from '../../emulator/src';

/** A task as it came; nothing is known of its fields. */
export type Task = Readonly<Record<string, unknown>>;
export type Result = Readonly<Record<string, unknown>>;

/** The driver says no: a number of its list and words. */
export class DriverError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
  ) {
    super(`${code}: ${description}`);
    this.name = 'DriverError';
  }
}

/** A field of the task is wrong. The number is ours: the driver has one for it, which number is not public. */
const BAD_TASK = 13;

export const badTask = (field: string): DriverError =>
  new DriverError(BAD_TASK, `Некорректное значение поля "${field}"`);

/** What the driver reports of a failure inside. */
export function driverErrorOf(error: unknown): DriverError {
  if (error instanceof DriverError) return error;
  if (error instanceof FnRefusal) return driverErrorOf(deviceRefusalOf(error));
  if (error instanceof DeviceRefusal) {
    const { driverError, ru } = deviceError(error.code, error.extended?.error);
    return new DriverError(driverError, ru);
  }
  // A value that fits no command, or no requisite.
  if (error instanceof FarmError && /^(CLIENT-|WIRE-|SYS-UNENCODABLE)/.test(error.code))
    return new DriverError(BAD_TASK, error.message);
  throw error;
}

/** One command of the driver to its register: the same commands another host would send in bytes. */
export function call<Req, Ans>(device: KktDevice, row: Exchange<string, Req, Ans>, request?: Req): Ans {
  const handler = handlerByCode(row.prefix[0] ?? 0);
  if (!handler) throw new RangeError(`the module has no command ${row.name}`);
  const encode = row.encodeRequest as (request?: Req) => Buffer;
  const answer = row.decodeAnswer(handler.run(device, encode(request)));
  if (!answer.ok) throw new DeviceRefusal(answer.error, row.name, answer.ext);
  return answer.data;
}

const MAX_BLOCK_BYTES = 1000;

/** Requisites of the document being made, one E8 each. */
export function write(device: KktDevice, nodes: readonly TlvNode[]): void {
  for (const node of nodes) {
    for (const block of attributeBlocks(encodeTlv([node]), MAX_BLOCK_BYTES)) {
      call(device, COMMANDS.writeAttribute, { flags: 0, ...block });
    }
  }
}
