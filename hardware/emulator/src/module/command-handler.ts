import type { Exchange } from '@kkt/atol-protocol';
import type { KktDevice } from './kkt-device';

/** A command bound to its row: takes the request's bytes, gives the answer's. */
export interface CommandHandler {
  readonly name: string;
  readonly code: number;
  readonly modes: readonly number[] | undefined;
  run(device: KktDevice, request: Buffer): Buffer;
}

/** Binds a row of the command table to what the module does. The handler throws `DeviceRefusal` to say no. */
export function on<Req, Ans>(
  row: Exchange<string, Req, Ans>,
  handle: (device: KktDevice, request: Req) => Ans,
): CommandHandler {
  return {
    name: row.name,
    code: row.prefix[0] ?? 0,
    modes: row.modes,
    run(device, request) {
      const answer = handle(device, row.decodeRequest(request));
      return row.encodeAnswer(...([answer] as unknown as Parameters<typeof row.encodeAnswer>));
    },
  };
}
